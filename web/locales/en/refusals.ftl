# Why a request is not carried out: refused-CODE for each code of records::RefusedBecause.
refused-account-changed = The account has just been changed or locked. Sign in again.
refused-name-is-kept = The account “{ $name }” cannot be renamed, because the audit trail refers to it. Add another account and lock this one.
refused-needs-account = “{ $name }” has no account here. Sign in with an account.
refused-last-administrator = “{ $name }” is the last administrator who can sign in. Give somebody else the role first.
refused-set-up-already = Somebody can already sign in. Ask an administrator to add further accounts.
refused-link-is-over = This link has been used or replaced, or has expired. Ask for a new one.
refused-grant-to-self = You cannot grant access to yourself. Ask another administrator.
refused-level-above-clearance = You cannot give a security level above your own clearance.
refused-second-person = Somebody else must restore what you withdrew. Ask { $others }.
refused-no-second-person = Somebody else must restore what you withdrew, and no other archivist may see it. Ask an administrator to add one.
refused-grant-needs-second = A grant must be confirmed by a second person: neither the one who proposed it nor the one who receives it. Ask { $others }.
refused-grant-has-no-second = A grant must be confirmed by a second person, and there is no other administrator. Let an archivist propose it, then confirm it yourself.
refused-grant-closed = The grant is already in the state “{ $state }”. Reload the list.
refused-grant-is-over = The period of the grant is over. Propose it again with a later end.
refused-dossier-hidden = The dossier contains documents that you may not see. Ask an administrator to propose the grant.
refused-too-many-named = A document can name at most { $most } further customers.
refused-in-volume = Document { $document } is part of a volume. Put the volume away instead.
refused-original-cannot-move = The original is in the state “{ $state }” and cannot be put away.
refused-place-level = { $place } may hold security level { $highest } at most, and this has { $level }. Put it elsewhere.
refused-place-unknown = { $check ->
    [wrong] The check character of { $place } is wrong: read the label again. Meant was perhaps { $nearest }.
   *[none] There is no place { $place }. The nearest codes: { $nearest }.
}
refused-place-kind = { $kind ->
    [outside_safe] { $place } is outside the safe, and this is kept in the safe. Name a place in a safe.
   *[other] { $place } is no place for this ({ $thing }): name a shelf, a slot or a container in it.
}
refused-place-full = { $place } is full: { $free } { $unit } free, and this needs { $needs }. Put it elsewhere.
refused-container-in-itself = A container cannot be put inside itself.
refused-containers-too-deep = Containers can be nested at most { $most } deep.
refused-document-cannot = A document in the state “{ $state }” does not allow “{ $act }”.
refused-batch-cannot = A batch in the state “{ $from }” cannot be set to “{ $to }”.
refused-batch-not-held = Another run has taken over this batch. What was recorded stands.
refused-line-changed = Line { $line } of page { $page } has changed in the meantime. Look at it again and repeat.
refused-nothing-to-reread = There is nothing to read again: “{ $name }” has no such pages that you may see.
refused-too-many-to-reread = { $documents } documents exceed the limit of { $most }. Use a batch or a lower confidence.
refused-scan-of-page-missing = The scan of page { $page } does not exist.
refused-too-many-searches = You already have { $count } saved searches. Delete one you no longer need.
refused-trail-not-written = The audit trail cannot be written, so nothing is shown. Tell an administrator.
refused-too-many-lookups = Too many look-ups by personal numbers. Wait { $minutes } minutes, or ask somebody who may see such numbers.
refused-second-must-agree = This takes two people. It is noted, and will be done when another person with the right to it confirms it within { $days } days, under Administration › Second person.
refused-clearance-above-own = Nobody gives a new account a clearance above their own. Add it with yours and raise it; a second administrator confirms it.
refused-trail-closed = The program is stopping, so nothing is shown.
refused-interrupted = The operation was interrupted. Run it again.
refused-other-archive = The vault { $vault } belongs to another archive. Check the data folder and the database setting.
refused-no-archive = There is no archive in { $place }. Choose its folder, or make one with dossier init.
refused-record-elsewhere = The folder { $vault } holds the scans of the archive { $archive }, whose record is not in { $place }. Check the data folder and the database setting.
refused-vault-elsewhere = The database { $place } holds the archive { $archive }, whose scans are not in { $vault }. Check the data folder and the database setting.
refused-scan-differs = The size of the scan { $scan } differs from the recorded size. Run the full check.
refused-no-record-file = { $file } is no database of an archive, or it is damaged. Put a copy of it from the backup there.
refused-database-unreachable = Cannot connect to the database at { $place }. Check that it is running.
refused-field-not-put-back = This field cannot be restored from the history. Change it where it is shown.
refused-place-holds-paper = { $place } still holds paper ({ $things }). Put it elsewhere first, then retire the location.
refused-stocktake-open = { $scope } is being counted already, in stocktake { $id }. Count there, or close it first.
refused-stocktake-closed = This stocktake is closed. Begin another.
refused-stocktake-outside = { $place } is not in { $scope }, which is counted here. Scan a location inside it.
refused-stocktake-unsettled = { $count } differences are neither resolved nor owned. Settle them first.
refused-stocktake-of-other = { $by } began this stocktake and sees all that it counts. Ask { $by } to close it.
refused-place-out-of-use = { $place } is out of use. Choose another location.
refused-loan-too-long = { $until } is later than this class of loan allows; { $latest } is the last day.
refused-loan-day-over = Business is closed for today. Choose another class, or come back tomorrow.
refused-loan-cannot = The slip { $no } is “{ $from }” and cannot become “{ $to }”. Look at it as it is now.
refused-loan-of-oneself = Nobody approves their own slip; another person with the right to it decides.
refused-loan-step-of-others = The slip { $no } waits for “{ $step }”, which somebody else signs.
refused-loan-incomplete = The slip { $no } still lacks: { $missing }. Complete it, then hand it out.
refused-loan-level = “{ $thing }” has security level { $level } and the borrower may have { $clearance } at most.
refused-thing-is-out = “{ $thing }” is out under the slip { $no }; this slip stays in the queue.
refused-thing-is-wanted = “{ $thing }” is kept for the slip { $no }, which has waited longer. Hand that one out first.
refused-thing-not-there = “{ $thing }” is “{ $state }” and cannot be lent.
refused-thing-has-incident = “{ $thing }” is held because of an incident. Resolve it first.
refused-borrower-locked = The account “{ $name }” is locked; nothing is lent to it.
refused-wrong-slot = { $place } is not its place; it belongs at { $right }.
refused-no-way-back = “{ $thing }” did not come back under this slip, or lies in its place already.
refused-incident-is-resolved = The incident is resolved already. Look at the list again.
refused-own-rights = You cannot change your own { $what ->
    [roles] roles
    [clearance] clearance
   *[lock] account lock
}; ask another administrator.
refused-account-locked = The account “{ $name }” is locked. Unlock it first, then create a link.
refused-kind-in-use = Documents or checklists use the kind “{ $kind }”, so it cannot be deleted. Make it inactive instead.
refused-checklist-in-use = Dossiers use the checklist “{ $checklist }”, so it cannot be deleted. Make it inactive instead.
refused-upload-busy = Another piece of this file is being written; send this one again.
refused-upload-gap = Only { $received } bytes of this file have arrived; go on there.
refused-upload-too-long = The file was announced with { $bytes } bytes; this piece ends behind them.
refused-upload-piece-too-large = A piece has at most { $most } bytes.
refused-upload-incomplete = { $files } files have not arrived whole; send the rest first.
refused-upload-files = An upload has 1 to { $most } files; this one has { $files }.
refused-upload-cannot = An upload that is { $from } cannot become { $to }.
refused-too-many-uploads = { $most } uploads are open already; finish or cancel one first.
refused-second-is-yourself = You asked for this yourself. Another person with the right to it must confirm it.
refused-factor-is-on = A second factor is in use already. Turn it off first.
refused-factor-of-oneself = Nobody resets their own second factor: turn it off with a code, or ask another administrator.
refused-account-closed = The account “{ $name }” is locked. Ask an administrator.
refused-no-name-left = Too many accounts are called “{ $name }”. Ask an administrator to look at them.
