# Why a request is not carried out: refused-CODE for each code of records::RefusedBecause.
refused-account-changed = The account was changed or locked at this moment. Sign in again.
refused-name-is-kept = The account “{ $name }” keeps its name, because the audit trail names it. Add another account and lock this one.
refused-needs-account = “{ $name }” has no account here. Sign in with one.
refused-last-administrator = “{ $name }” is the last administrator who can sign in. Give somebody else the role first.
refused-set-up-already = Somebody can sign in already. An administrator adds further accounts.
refused-link-is-over = The link was used, replaced or is older than its time. Ask for a new one.
refused-grant-to-self = Nobody grants access to themselves. Ask another administrator.
refused-level-above-clearance = You cannot give a security level above your own clearance.
refused-second-person = A second person restores what you withdrew. Ask { $others }.
refused-no-second-person = A second person restores what you withdrew, and no other archivist may see it. Ask an administrator to add one.
refused-grant-needs-second = A second person confirms a grant, neither who proposed it nor who is to see. Ask { $others }.
refused-grant-has-no-second = A second person confirms a grant, and there is no other administrator. Let an archivist propose it and confirm it yourself.
refused-grant-closed = The grant is in the state “{ $state }” already. Look at the list again.
refused-grant-is-over = The time of the grant is over. Propose it again with a later end.
refused-dossier-hidden = The dossier holds papers that you may not see. An administrator proposes such a grant.
refused-too-many-named = A document names at most { $most } further customers.
refused-in-volume = Document { $document } is part of a volume. Put the volume away instead.
refused-original-cannot-move = The original is in the state “{ $state }” and cannot be put away.
refused-place-level-too-low = { $place } may hold security level { $highest } at most, and the document has { $level }.
refused-container-in-itself = A container cannot stand inside itself.
refused-containers-too-deep = Containers stand in containers at most { $most } deep.
refused-document-cannot = A document in the state “{ $state }” does not allow “{ $act }”.
refused-batch-cannot = A batch in the state “{ $from }” cannot be set to “{ $to }”.
refused-line-changed = Line { $line } of page { $page } reads differently by now. Look at it again and repeat.
refused-nothing-to-reread = Nothing is to be read again: “{ $name }” has no such pages that you may see.
refused-too-many-to-reread = { $documents } documents are more than one order takes ({ $most }). Take a batch or a lower confidence.
refused-scan-of-page-missing = Page { $page } names a scan that is not there.
refused-too-many-searches = { $count } searches are kept already. Delete one you no longer need.
refused-trail-not-written = The audit trail cannot be written, so nothing is shown. Tell an administrator.
refused-trail-closed = The program is stopping, so nothing is shown.
refused-interrupted = The work was interrupted. Run it again.
refused-other-archive = The vault { $vault } belongs to another archive. Check the data folder and the database setting.
refused-scan-differs = The scan { $scan } has another size than recorded. Run the full check.
refused-database-unreachable = The database at { $place } cannot be reached. Check that it runs.
refused-field-not-put-back = This field is not put back from the history. Change it where it is shown.
refused-place-out-of-use = { $place } is out of use. Put it elsewhere.
refused-own-rights = Nobody changes their own { $what ->
    [roles] roles
    [clearance] clearance
   *[lock] lock
}; ask another administrator.
refused-account-locked = The account “{ $name }” is locked; unlock it first, then make a link.
refused-kind-in-use = Documents or checklists use the kind “{ $kind }”, so it cannot be deleted; retire it, and it is offered no more.
refused-checklist-in-use = Dossiers are held against the checklist “{ $checklist }”, so it cannot be deleted; retire it, and it is offered no more.
