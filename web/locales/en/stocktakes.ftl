stocktakes-title = Stocktake
stocktakes-empty-title = Nothing was counted yet
stocktakes-empty = A stocktake freezes what should stand in a place, takes what you scan shelf by shelf, and says what is present, missing, misplaced or foreign.
stocktake-begin = Begin a stocktake
stocktake-begin-lesson = What should be there is frozen now, as far as you may see it. Then scan a shelf and the boxes and papers on it, and the next shelf.
stocktake-scope = Counted
stocktake-scope-of = Location or box to count
stocktake-dead-years = Years without use after which a paper is dead
stocktake-paper-by-paper = Count every paper by itself
stocktake-paper-by-paper-hint = Otherwise a closed box that was scanned counts with all that lies in it; once a box is opened, each of its papers must be scanned.
stocktake-begun = Begun
stocktake-by = By
stocktake-closed = Closed
stocktake-go-on = Go on counting
stocktake-open-that = Open it
stocktake-fault-open = { $scope } is being counted already. Count there, or close it first.
stocktake-fault-several = “{ $scope }” may mean several locations. Write it with its dashes.
stocktake-fault-unknown = There is no location and no box “{ $scope }”. Check the label.
stocktake-of = Stocktake { $scope }
stocktake-report = Stocktake report { $scope }
stocktake-signatures = Counted by: ____________    Recounted by: ____________    Head of the archive: ____________    Date: ____________
stocktake-part = Counted is only what you may see; papers above your clearance are left out.
stocktake-expected = Expected
stocktake-scattered = Scattered
stocktake-disordered = Disordered
stocktake-lost = Lost
stocktake-damaged = Damaged
stocktake-unsettled = Unsettled differences
stocktake-unsettled-n = { $n ->
    [one] { $n } unsettled difference
   *[other] { $n } unsettled differences
}
stocktake-close = Close the stocktake
stocktake-lines = Result, differences first
stocktake-all-lines = Show all
stocktake-no-lines = There is no such line.
stocktake-verdict = Verdict
stocktake-thing = Paper or box
stocktake-found = Found at
stocktake-belongs = Belongs at
stocktake-belongs-to = belongs at { $place }
stocktake-resolution = Resolution
stocktake-owner = Owner
stocktake-until = Until
stocktake-owned = { $who } { $until }
stocktake-settle = Settle
stocktake-settle-again = Change
stocktake-not-yet = Not yet: somebody sees to it
stocktake-said-settled = { $n ->
    [one] { $n } difference settled.
   *[other] { $n } differences settled.
}
stocktake-said-closed = The stocktake is closed. What it says stays.
stocktake-said-counted = { $n ->
    [one] { $n } line counted.
   *[other] { $n } lines counted.
}
stocktake-fault-unsettled = { $n ->
    [one] { $n } difference is neither resolved nor owned. Settle it first.
   *[other] { $n } differences are neither resolved nor owned. Settle them first.
}
stocktake-fault-other = Somebody who may see more began this stocktake and closes it.
stocktake-fault-settle = Name an owner or choose a resolution; a difference that is explained needs a note.
stocktake-fault-gone = This difference is no more; it was scanned meanwhile.
stocktake-result = Result
stocktake-walk-no-place = Scan the label of the shelf where you stand.
stocktake-walk-place = Label of the shelf
stocktake-walk-label = Next paper, box or shelf
stocktake-walk-seen = { $n } seen
stocktake-walk-waiting = { $n } expected
stocktake-walk-worn = Worn
stocktake-walk-expected = Still expected here
stocktake-walk-last = Your last scans
stocktake-walk-undo = Take back the scan of { $label }
stocktake-walk-shelves = Shelves that still wait
stocktake-walk-lesson = Scan a shelf, then every box and paper on it; the label of another shelf takes you there. A box that stays closed counts with all that lies in it.
stocktake-walk-fault-place = There is no location “{ $code }”. Scan the shelf first.
stocktake-walk-fault-outside = { $code } is not counted in this stocktake.
stocktake-walk-fault-closed = This stocktake is closed.
stocktake-open-box = Open the box
stocktake-file = Scans made offline
stocktake-file-lesson = A table with the columns at, label, worn. A line without a place is at the place of the line above. Every faulty line is shown before anything is counted.
stocktake-file-look = Check the file
stocktake-file-lines = Lines
stocktake-file-good = Good
stocktake-file-faulty = Faulty
stocktake-file-left-out = Left out
stocktake-file-count = { $n ->
    [one] Count { $n } line
   *[other] Count { $n } lines
}
stocktake-file-nothing = No line of this file can be counted.
stocktake-line-place-unknown = There is no location “{ $value }”.
stocktake-line-place-outside = { $value } is not counted in this stocktake.
stocktake-line-label-missing = It has no label.
stocktake-line-label-unknown = Nothing has the label “{ $value }”.
stocktake-line-worn-unclear = “{ $value }” does not say whether it is worn; write yes or leave it empty.
last-seen = Last seen { $at } at { $place }
