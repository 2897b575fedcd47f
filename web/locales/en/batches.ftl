batches-title = Batches
batches-empty-title = No batches yet
batches-empty = Each folder of scans that is ingested is one batch. It shows how many files arrived and how many were filed, await review, were duplicates or were rejected; the numbers always add up.
batches-empty-folder = FOLDER
batch = Batch
batch-started = Started
batch-found = Found
batch-filed = Filed
batch-review = To review
batch-duplicate = Duplicate
batch-rejected = Rejected
batch-missing = Announced but not received
batch-ignored = Files not counted
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
today-next = Next steps
today-nothing = Nothing to do.
today-batches = Latest batches
today-do-grants = { $n ->
    [one] Confirm 1 grant that waits for a second person
   *[other] Confirm { $n } grants that wait for a second person
}
batch-report = Batch report
batch-detail = Note
batch-bytes = Bytes
today-do-review = { $n ->
    [one] Confirm the customer of 1 document
   *[other] Confirm the customers of { $n } documents
}
today-do-rejected = { $n ->
    [one] See why a file of batch “{ $batch }” was rejected
   *[other] See why { $n } files of batch “{ $batch }” were rejected
}
today-do-shelve = Assign locations to originals that are to be shelved
batch-announced = { $n } announced;{" "}
batch-problems = Announced and not usable as it was
batch-run = Process { $process } on { $machine } is at it since { $since }.
batch-interrupted = Interrupted: { $done } of { $walked } files are done. Ingesting the same folder again goes on.
batch-accept = Accept the batch
batch-hold = Hold it
batch-why = Why it is held
batch-said-accepted = The batch is accepted.
batch-said-held = The batch is held; the reason is kept.
batch-fault-why = Say why the batch is held.
batch-fault-changed = Somebody else has just decided on this batch; see its current state.
batch-decided = { $state } on { $at } by { $by }
batch-progress = { $done } of { $walked } files done
batch-progress-left = { $done } of { $walked } files done, about { $minutes } min left
batch-again = Add rejected files again once they are put right
today-do-second = Waits for a second person: { $act } (asked by { $by })
