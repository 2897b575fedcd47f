way-reading = To look at
reading-title = Pages that ask for a look
reading-lesson = Only the pages listed here need a person: ink that was not read, handwriting, doubtful text, pages that failed. Nobody needs to look at any other.
reading-start = Look one by one
reading-total = To look at
reading-pages = Pages to look at
reading-all-reasons = all reasons
reading-empty-title = No page asks for a look
reading-empty = Pages with ink that was not read, handwriting or doubtful text come here by themselves. Say that a page is well, type what stands there, or have it read again in another way.
reading-confidence = confidence
reading-box = Reading
reading-well = Every page was read well; nobody needs to look.
reading-open = See and correct the text
reading-regions = Mark what was not read
reading-asking = Pages to look at
engine-pp-ocrv6-small = PP-OCRv6 small
engine-pdf-text = Text of the file
engine-person = Typed by a person
layer-facts = confidence { $confidence } · { $characters ->
    [one] 1 character
   *[other] { $characters } characters
}
layer-current = current
layer-choose = Use this one
layers-title = Readings
look-title = Look at a page
look-waiting = { $n ->
    [one] One page asks for a look
   *[other] { $n } pages ask for a look
}
look-well = This page was read well.
look-seen-by = { $who } looked at { $at }
look-seen = Looked, it is well
look-seen-hint = This page asks no more; what was not read stays marked
look-next = Next page
look-regions = Not read
look-type-region = What stands here …
look-save = Save
look-lines = Text
look-lines-hint = Change a line, save a line. What a person types always wins, stays after every re-reading, and is found at once. Lines in dashes were read with doubt.
look-no-text = This page has no text. Type it here if you can read it:
look-line = Line { $line }
look-said-corrected = Corrected; it can be found now.
look-said-chosen = This reading is used now.
reread-title = Read again
reread-turn = How the page lies
reread-turn-found = found out
reread-turn-by = turned by { $degrees }°
reread-force-ocr = Read the image, not the text that came with the file
reread-fine = Finely (small print, dense tables; slower)
reread-keep-seals = Leave seals in (for red or gray print that was taken for a seal)
reread-second-opinion = Ask a second engine (marks where the two differ; slower)
reread-pages = What
reread-this-page = Only this page ({ $page })
reread-all-pages = The whole document
reread-start = Read again
reread-below-title = Read again what is below a confidence
reread-below = Confidence below
reread-below-hint = 0 to 1, such as 0.85; pages that failed count too
reread-below-wrong = Write a number from 0 to 1, such as 0.85.
reread-below-found = { $documents } documents, { $pages } pages
reread-count = Count
reread-orders = Re-readings
reread-orders-empty = None yet. Start one on a document, on a batch, or on this page.
reread-what = What
reread-how = How
reread-by = Who, when
reread-progress-head = Progress
reread-cancel = Stop
reread-scope-document = One document
reread-scope-documents = { $name } documents
reread-scope-batch = Batch “{ $name }”
reread-scope-below = Confidence below { $name }
reread-progress = { $done } / { $documents } documents
reread-outcome = { $pages } pages, { $changed } with another text, { $failed } failed
reread-state-running = running
reread-state-done = done
reread-state-failed = with failures
reread-state-cancelled = stopped
reread-said-ordered = Ordered; see “To look at” for the progress. The present text is used until then.
reread-said-cancelled = Stopped; what was not done stays as it is.
reread-batch = Read the whole batch again
facet-reading = Reading
no-hits-unread = { $n ->
    [one] One page that you may see was
   *[other] { $n } pages that you may see were
} not read well; what you look for may stand there: see them
