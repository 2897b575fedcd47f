way-reading = Check pages
reading-title = Pages to check
reading-lesson = Only these pages need a person: ink that was not read, handwriting, doubtful text, failed pages. All other pages need no checking.
reading-start = Check one by one
reading-total = To check
reading-pages = Pages to check
reading-all-reasons = all reasons
reading-empty-title = No pages to check
reading-empty = Pages with unread ink, handwriting or doubtful text are listed here automatically. Mark a page as reviewed, type what it says, or have it read again in another way.
reading-confidence = confidence
reading-box = Reading
reading-well = Every page was read well; nothing to check.
reading-open = View and correct the text
reading-regions = Mark unread areas
reading-asking = Pages to check
engine-pp-ocrv6-small = PP-OCRv6 small
engine-pdf-text = Text from the file
engine-person = Entered by a person
layer-facts = confidence { $confidence } · { $characters ->
    [one] 1 character
   *[other] { $characters } characters
}
layer-current = current
layer-choose = Use this one
layers-title = Readings
look-title = Check a page
look-waiting = { $n ->
    [one] 1 page to check
   *[other] { $n } pages to check
}
look-well = This page was read well.
look-seen-by = Reviewed by { $who } on { $at }
look-seen = Reviewed, no changes
look-seen-hint = Removes this page from the list; unread areas stay marked
look-next = Next page
look-regions = Unread areas
look-type-region = What it says here …
look-save = Save
look-lines = Text
look-lines-hint = Change a line, then save it. Text typed by a person always takes precedence, also after the page is read again, and can be found at once. Lines with a dashed border were read with low confidence.
look-no-text = This page has no text. If you can read it, type it here:
look-line = Line { $line }
look-said-corrected = Corrected. The new text can be found now.
look-said-chosen = This reading is now in use.
reread-title = Read again
reread-turn = Page orientation
reread-turn-found = detect automatically
reread-turn-by = rotate by { $degrees }°
reread-force-ocr = Read the image instead of the text in the file
reread-fine = Fine detail (small print, dense tables; slower)
reread-keep-seals = Keep seals (when red or grey print was mistaken for a seal)
reread-second-opinion = Use a second engine and mark differences (slower)
reread-pages = Range
reread-this-page = Only this page ({ $page })
reread-all-pages = The whole document
reread-start = Start reading
reread-below-title = Read again everything below a confidence
reread-below = Confidence below
reread-below-hint = 0 to 1, for example 0.85; failed pages are included
reread-below-wrong = Use a number from 0 to 1, for example 0.85.
reread-below-found = { $documents } documents, { $pages } pages
reread-count = Count
reread-orders = Reading jobs
reread-orders-empty = None yet. Start one from a document, a batch or this page.
reread-what = Range
reread-how = How
reread-by = Started by
reread-progress-head = Progress
reread-cancel = Stop
reread-scope-document = One document
reread-scope-documents = { $name } documents
reread-scope-batch = Batch “{ $name }”
reread-scope-below = Confidence below { $name }
reread-progress = { $done } / { $documents } documents
reread-outcome = { $pages } pages, { $changed } with changed text, { $failed } failed
reread-state-running = running
reread-state-done = done
reread-state-failed = with failures
reread-state-cancelled = stopped
reread-said-ordered = Queued; see “Check pages” for progress. The current text stays in use until then.
reread-said-cancelled = Stopped. Pages that were not read again keep their text.
reread-batch = Read the whole batch again
facet-reading = Reading
no-hits-unread = { $n ->
    [one] One page that you may see was
   *[other] { $n } pages that you may see were
} not read well and may contain what you are looking for: view them
