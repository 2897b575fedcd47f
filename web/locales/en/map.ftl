map-of = Map of { $place }
map-show = Show on the map
map-print = Print the map
map-open = Open the shelving at { $column }.
map-place = { $code }: { $papers } papers, { $boxes } boxes
map-legend = The darker a place, the more papers lie there; white is empty. Tab goes from place to place, Enter opens one.
map-forecast = { $places } places, { $empty } of them empty, { $papers } papers. { $month } papers came in a month; at this rate the room is full in { $months } months.
map-forecast-none = { $places } places, { $empty } of them empty, { $papers } papers. Too little came in the last six months to say when the room is full.
