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
approximate-note = { $n } more may be misread: one character differs
approximate-some = { $n } or more may be misread: one character differs
count-all = Count all
approximate-more = Also find words with one misread character
no-hits-title = No page matches exactly
no-hits-parts = Each part alone:
no-hits-part-none = on no page
no-hits-part-some = { $n ->
    [one] on one page
   *[other] on { $n } pages
}
no-hits-loosen = Try this:
no-hits-honest = Handwriting and seals that were not read cannot be found. A document says so if some ink on its pages was not read.
loosen-drop = Leave out “{ $text }”
loosen-unquote = Do not require the exact order
search-lesson-title = A few characters are enough to find the page
search-lesson = Any two or more consecutive characters, digits or letters on a page can be found, whether simplified or traditional, full or half width, across line breaks and spaces. The search field also finds numbers, customers and locations, and takes labels from a barcode scanner.
low-confidence = Doubtful text
partly-read = Ink not read
offer-customer = Customer
offer-location = Location
offer-number = Number
query-too-long = The query is too long: at most { $n } characters.
order-newest = Newest first
order-oldest = Oldest first
query-too-broad = Too many single characters or customer names: at most { $n }. Use longer words.
query-too-many-conditions = Too many conditions: at most { $n }.
query-broken-date = “{ $text }” is not a date: { $fault }. Use 2019, 2019-05, 2019-05-13 or 2019..2021.
query-broken-security = “{ $text }” is not a security level. Use public, internal, confidential, secret or 0 to 3.
order-location = By location
facets-capped = Only the newest pages were counted: numbers marked “+” are lower limits.
first-window = Back to the start
narrow-to-dossier = Search only this dossier
query-fault-at = { $what } (from character { $at })
loosen-any = Any of the words
loosen-finds = { $what }: { $n ->
    [one] 1 page
   *[other] { $n } pages
}
save-search = Save search
save-search-name = Name of this search
saved-searches = Saved searches
saved-search-saved = Saved. Type its name into the search field to run it.
saved-search-renamed = Renamed.
saved-search-deleted = Deleted.
saved-search-undeleted = Restored.
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
export-limit = The whole list, at most 10,000 documents
export-hits-name = hits
export-page = Page hit
export-pages-hit = Pages hit
export-snippet = Snippet
item-list = Item list
item-list-total = {"{"}documents{"}"} documents, {"{"}pages{"}"} pages
known-place = This is location { $code }
known-place-perhaps = Perhaps location { $code }
known-customer = Customer { $name } ({ $code })
known-document = Document { $name } ({ $code })
