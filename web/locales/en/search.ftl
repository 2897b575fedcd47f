search-title = Search
results-label = Results
facets-label = Narrow down
facets-open = Narrow down
preview-label = Page of the hit
chip-remove = Remove “{ $text }”
search-total = { $total ->
    [one] 1 document
   *[other] { $total } documents
}, { $pages ->
    [one] 1 page
   *[other] { $pages } pages
} · { $ms } ms
search-total-many = at least { $total } documents, { $pages } pages (counted so far, newest first) · { $ms } ms
customer-unknown = Customer not confirmed yet
no-place = No location
no-page-image = No page
page-of = Page { $page }
hit-pages = Page { $page }, { $n } pages hit
order-relevance = Relevance
facet-kind = Kind
facet-state = State
facet-year = Year
approximate-note = { $n } more may be reading errors: one character differs
approximate-some = { $n } or more may be reading errors: one character differs
count-all = Count to the end
approximate-more = Also look for the word with one misread character
no-hits-title = No page says exactly this
no-hits-parts = Part by part:
no-hits-part-none = on no page
no-hits-part-some = { $n ->
    [one] on one page
   *[other] on { $n } pages
}
no-hits-loosen = You could:
no-hits-honest = Handwriting and seals that were not read cannot be found; a document says so where ink on its pages was not read.
loosen-drop = Leave out “{ $text }”
loosen-unquote = Not require the words in a row
search-lesson-title = A few characters find the page
search-lesson = Any two or more characters, digits or letters in a row on a page are found, in simplified or traditional form, full or half width, across line breaks and spaces. Numbers, customers and locations are found here too, and so is a label from the scan gun.
low-confidence = Hard to read
partly-read = Ink not read
offer-customer = Customer
offer-location = Location
offer-number = Number
query-too-long = The query is too long: { $n } characters at most.
order-newest = Newest first
order-oldest = Oldest first
query-too-broad = Too many single characters or names of customers: { $n } at most. Write longer words.
query-too-many-conditions = Too many conditions: { $n } at most.
query-broken-date = “{ $text }” is not a date: { $fault }; write 2019, 2019-05, 2019-05-13 or 2019..2021.
query-broken-security = “{ $text }” is not a security level; write public, internal, confidential, secret or 0 to 3.
notice-unknown-field = “{ $text }” is not a field; it was searched as text.
notice-field-without-value = The field “{ $text }” has no value and was left out.
notice-open-quotation = The quotation was not closed; it was read to the end.
notice-nothing-to-search = “{ $text }” is only punctuation: nothing to look for.
notice-unknown-value = There is no kind, location, state or customer “{ $text }”.
notice-value-cut = “{ $text }” names too many customers; the newest were taken.
order-location = By location
facets-capped = Counting stopped after the newest pages: a number with “+” is at least that.
first-window = Back to the first
narrow-to-dossier = Search in this dossier alone
query-fault-at = { $what } (from character { $at })
loosen-any = Any one of the words
loosen-finds = { $what }: { $n ->
    [one] 1 page
   *[other] { $n } pages
}
save-search = Save
save-search-name = A name for this search
saved-searches = Saved searches
saved-search-saved = Saved. Type its name into the search field to run it.
saved-search-renamed = Renamed.
saved-search-deleted = Deleted.
saved-search-undeleted = Brought back.
saved-search-name-taken = Another saved search has this name.
saved-search-name-wrong = A name has 1 to 60 characters.
saved-search-too-many = Too many saved searches; delete some first.
recent-searches = Recent searches
recent-searches-clear = Clear
recent-searches-cleared = Recent searches cleared.
recent-searches-private = Only you see these.
offer-saved = Saved
offer-recent = Recent
offer-kind = Kind
export = Export
export-limit = The whole list, 10,000 documents at most
export-hits-name = hits
export-page = Page hit
export-pages-hit = Pages hit
export-snippet = Snippet
item-list = Item list
item-list-total = {"{"}documents{"}"} documents, {"{"}pages{"}"} pages
