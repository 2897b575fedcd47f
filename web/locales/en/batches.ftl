batches-title = Batches
batches-empty-title = No batches yet
batches-empty = Each folder of scans given to the program is one batch: how many came, were filed, wait for review, were duplicates or were rejected, and nothing is missing from the sum.
batches-empty-folder = FOLDER
batch = Batch
batch-started = Started
batch-found = Found
batch-filed = Filed
batch-review = Review
batch-duplicate = Duplicate
batch-rejected = Rejected
batch-missing = Announced but not delivered
batch-ignored = Files outside the count
batch-balance = { $found } found = { $filed } filed + { $review } in review + { $duplicate } duplicate + { $rejected } rejected
batch-lines = What became of each file
batch-lines-of = Files: { $outcome }
batch-speed = { $n } pages/min
batch-times = started { $start }
batch-times-ended = { $start } to { $end }
file = File
outcome = Outcome
reason = Reason
outcome-waiting = waiting
today-title = Today
today-review = to review
today-documents = documents
today-pages = pages
today-next = Next
today-nothing = Nothing needs you.
today-batches = Latest batches
today-do-review = { $n ->
    [one] Decide the customer of one document
   *[other] Decide the customers of { $n } documents
}
today-do-rejected = { $n ->
    [one] See why a file of batch “{ $batch }” was rejected
   *[other] See why { $n } files of batch “{ $batch }” were rejected
}
today-do-shelve = Find places for originals that are to be shelved
batch-announced = { $n } announced;{" "}
