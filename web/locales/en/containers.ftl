containers-title = Boxes and bags
containers-count = { $n ->
    [one] 1 container
   *[other] { $n } containers
}
containers-begins = Serial begins with
containers-retired = Also those out of use
containers-show = Show
containers-lesson = Boxes, binders and bags are registered under the serial of their label, which means nothing and never changes. Papers lie in a box, and moving the box moves all of them.
container-add = Register a container
container-added = Registered.
container-changed = Saved.
container-moved = Moved.
container-serial = Serial
container-title = Name (optional)
container-named = Name
container-size = Thickness (mm)
container-pieces = Pieces at most (optional)
container-level = Highest security level
container-stand-in = Stands in (optional): location code or serial
container-in = In
container-to = Move to: location code or serial
container-move = Move
container-save = Save
container-state = State
container-why = Reason (optional)
container-fill = { $used } of { $size } mm used, { $pieces } pieces
container-fill-pieces = { $pieces } pieces
container-labels = Labels of containers
