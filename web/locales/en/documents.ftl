document = Document
documents = Documents
document-untitled = (untitled)
number = Number
date = Date
pages = Pages
kind = Kind
place = Location
original = Original
customer = Customer
status = Status
page-tools = Page tools
page-number = Page number
page-next = Next page
page-previous = Previous page
page-image-alt = Scan of page { $page }; its text lies over it
hits = Hits
hit-next = Next hit
hit-previous = Previous hit
find-inside = Find in document
zoom-in = Larger
zoom-out = Smaller
fit-width = Width
fit-height = Height
rotate = Turn
thumbnails = Thumbnails
no-pages-title = No pages
no-pages = This document has no scanned pages yet; they appear here once they are filed.
where-is-the-paper = Where the paper is
copy-code = Copy
in-container = in { $container }
facts = Record
why-linked = Why this customer
decide-now = Decide now
scans = Scans
download-original = Download the scan as it came
print-pages = Print pages
plain-text = Text
history = History
fact-number = Number
fact-date = Date
fact-kind = Kind
fact-pages = Pages
fact-dossier = Dossier number
fact-security = Security level
fact-copy = Original or copy
fact-batch = Batch
fact-path = Source file
fact-read-by = Read by
fact-id = Id
copy-unknown = not stated
copy-original = original
copy-photocopy = photocopy
copy-certified = photocopy, checked against the original
linked-manifest = The manifest names this customer
linked-folder = The folder names this customer
linked-flag = Given at ingest
linked-cover = A cover sheet names this customer
linked-rule = { $what } on the page
linked-person = Confirmed by { $who }
not-linked = Not linked to a customer yet
state-to-be-shelved = to be shelved
state-in-place = in place
state-on-loan = on loan
state-on-reading-table = on reading table
state-out-for-scanning = out for scanning
state-in-transit = in transit
state-in-safe = in safe
state-missing = missing
state-lost = lost
state-held-for-destruction = held for destruction
state-destroyed = destroyed
state-overdue = overdue
state-none = no original
security-0 = public
security-1 = internal
security-2 = confidential (company)
security-3 = secret (company)
warning-needs-review = The customer is not confirmed: the document can be found but is in nobody's dossier yet.
warning-page-failed = Page { $page } could not be read: { $reason }
warning-unread-ink = { $n ->
    [one] One place with ink was not read; it is outlined in red on the page.
   *[other] { $n } places with ink were not read; they are outlined in red on the pages.
}
warning-withdrawn = This document has been withdrawn.
count-pages = { $n ->
    [one] 1 page
   *[other] { $n } pages
}
count-documents = { $n ->
    [one] 1 document
   *[other] { $n } documents
}
