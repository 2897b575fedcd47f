//! Why a request that is understood is not carried out. Each reason has a code that stays and arguments; the sentence
//! here is for programs and the command line, screens make their own in the reader's language from both.

/// Makes the enum with its codes and arguments.
macro_rules! refusals {
    ($( $(#[$about:meta])* $variant:ident = $code:literal { $($argument:ident: $type:ty),* } $sentence:literal; )+) => {
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[non_exhaustive]
        pub enum RefusedBecause {
            $( $(#[$about])* #[error($sentence)] $variant { $($argument: $type),* }, )+
        }

        impl RefusedBecause {
            /// Every code, so that each can be checked to have its words in every language.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// A stable word for programs.
            pub fn code(&self) -> &'static str {
                match self { $( RefusedBecause::$variant { .. } => $code, )+ }
            }

            /// What the sentence speaks of, by name.
            pub fn arguments(&self) -> Vec<(&'static str, String)> {
                match self {
                    $( RefusedBecause::$variant { $($argument),* } => vec![$((stringify!($argument), $argument.to_string())),*], )+
                }
            }
        }
    };
}

/// Codes that come near to one that leads nowhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NearCodes(pub Vec<String>);

impl std::fmt::Display for NearCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.as_slice() {
            [] => f.write_str("-"),
            codes => f.write_str(&codes.join(", ")),
        }
    }
}

refusals! {
    // Accounts and signing in
    AccountChanged = "account_changed" {} "the account was changed or locked at this moment; sign in again";
    NameIsKept = "name_is_kept" { name: String }
        "the account `{name}` keeps its name, because the audit trail names it; add another account and lock this one";
    NeedsAccount = "needs_account" { name: String } "`{name}` has no account here; sign in with one";
    LastAdministrator = "last_administrator" { name: String }
        "`{name}` is the last administrator who can sign in; give somebody else the role first";
    OwnRights = "own_rights" { what: String } "nobody changes their own {what}; ask another administrator to do it";
    AccountLocked = "account_locked" { name: String } "the account `{name}` is locked; unlock it first, then make a link";
    AccountClosed = "account_closed" { name: String } "the account `{name}` is locked; ask an administrator";
    NoNameLeft = "no_name_left" { name: String }
        "too many accounts are called `{name}`; ask an administrator to look at them";
    SetUpAlready = "set_up_already" {}
        "somebody can sign in here already; an administrator adds further accounts (`dossier users add`)";
    LinkIsOver = "link_is_over" {} "this link was used, replaced or is older than its time; ask for a new one";
    // Who may see and decide
    GrantToSelf = "grant_to_self" {} "nobody grants access to themselves; ask another administrator";
    LevelAboveClearance = "level_above_clearance" {} "nobody gives a security level above their own clearance";
    SecondMustAgree = "second_must_agree" { days: i64 }
        "this takes two people: it is noted, and will be done when another person with the right to it confirms it within {days} days (`dossier second list`)";
    FactorIsOn = "factor_is_on" {} "a second factor is in use already; turn it off first";
    FactorOfOneself = "factor_of_oneself" {}
        "nobody resets their own second factor; turn it off with a code, or ask another administrator";
    SecondIsYourself = "second_is_yourself" {}
        "you asked for this yourself; another person with the right to it confirms it";
    ClearanceAboveOwn = "clearance_above_own" {}
        "nobody gives a new account a clearance above their own; add it with yours and raise it, which a second administrator confirms";
    SecondPerson = "second_person" { others: String } "a second person restores what you withdrew; ask {others}";
    NoSecondPerson = "no_second_person" {}
        "a second person restores what you withdrew, and no other archivist may see it; ask an administrator to add one";
    GrantNeedsSecond = "grant_needs_second" { others: String }
        "a second person confirms a grant, neither who proposed it nor who is to see; ask {others}";
    GrantHasNoSecond = "grant_has_no_second" {}
        "a second person confirms a grant and there is no other administrator; let an archivist propose it and confirm it yourself";
    GrantClosed = "grant_closed" { state: String } "the grant is {state} already; look at the list again";
    GrantIsOver = "grant_is_over" {} "the time of the grant is over; propose it again with a later end";
    DossierHidden = "dossier_hidden" {}
        "the dossier holds papers that you may not see; an administrator proposes such a grant";
    TooManyLookups = "too_many_lookups" { minutes: i64 }
        "too many look-ups by personal numbers; wait {minutes} minutes, or ask somebody who may see such numbers";
    TooManyNamed = "too_many_named" { most: usize } "a document names at most {most} further customers";
    // Papers and places
    InVolume = "in_volume" { document: String }
        "document {document} is part of a volume; put the volume away instead";
    OriginalCannotMove = "original_cannot_move" { state: String } "an original that is {state} cannot be put away";
    PlaceLevelTooLow = "place_level" { place: String, highest: i64, level: i64 }
        "{place} may hold security level {highest} at most and the thing has {level}; put it elsewhere";
    PlaceUnknown = "place_unknown" { place: String, check: &'static str, nearest: NearCodes }
        "`{place}` leads to no place; read the label once more, with its check character; the nearest codes: {nearest}";
    PlaceKind = "place_kind" { place: String, kind: String, thing: String }
        "{place} ({kind}) is no place for a {thing}; name a shelf, a slot or a container, and a safe for what is kept in the safe";
    PlaceFull = "place_full" { place: String, free: String, needs: String, unit: String }
        "{place} has {free} {unit} free and this needs {needs}; put it elsewhere";
    StocktakeOpen = "stocktake_open" { id: String, scope: String }
        "{scope} is being counted already, in stocktake {id}; count there, or close it first";
    StocktakeClosed = "stocktake_closed" {} "this stocktake is closed; begin another";
    StocktakeOutside = "stocktake_outside" { place: String, scope: String }
        "{place} is not in {scope}, which is counted here; scan a place inside it";
    StocktakeUnsettled = "stocktake_unsettled" { count: usize }
        "{count} differences are neither resolved nor owned; settle them first";
    StocktakeOfOther = "stocktake_of_other" { by: String }
        "{by} began this stocktake and sees all that it counts; ask {by} to close it";
    PlaceOutOfUse = "place_out_of_use" { place: String } "{place} is out of use; put it elsewhere";
    PlaceHoldsPaper = "place_holds_paper" { place: String, things: i64 }
        "{place} holds {things} things; put them elsewhere, then take the place out of use";
    ContainerInItself = "container_in_itself" {} "a container cannot stand inside itself";
    ContainersTooDeep = "containers_too_deep" { most: usize } "containers stand in containers at most {most} deep";
    // Lending
    LoanTooLong = "loan_too_long" { until: String, latest: String }
        "{until} is later than this class of loan allows; it is due on {latest} at the latest";
    LoanDayOver = "loan_day_over" {} "business is closed for today; take another class of loan, or ask again tomorrow";
    LoanCannot = "loan_cannot" { no: String, from: String, to: String } "the loan {no} is {from} and cannot become {to}";
    LoanOfOneself = "loan_of_oneself" {} "nobody approves their own loan; another person with the right to it decides";
    LoanStepOfOthers = "loan_step_of_others" { no: String, step: String }
        "the loan {no} waits for the step {step}, which somebody else signs";
    LoanIncomplete = "loan_incomplete" { no: String, missing: String }
        "the loan {no} cannot be handed out before this stands on the slip: {missing}";
    LoanLevel = "loan_level" { thing: String, level: i64, clearance: i64 }
        "{thing} has security level {level} and the borrower may have {clearance} at most";
    ThingIsOut = "thing_is_out" { thing: String, no: String }
        "{thing} is out under the slip {no}; the loan stays in the queue";
    ThingIsWanted = "thing_is_wanted" { thing: String, no: String }
        "{thing} is kept for the slip {no}, which has waited longer; hand that one out first";
    ThingNotThere = "thing_not_there" { thing: String, state: String } "{thing} is {state} and cannot be lent";
    ThingHasIncident = "thing_has_incident" { thing: String }
        "{thing} is held because of an incident; resolve the incident first";
    BorrowerLocked = "borrower_locked" { name: String } "the account `{name}` is locked; nothing is lent to it";
    WrongSlot = "wrong_slot" { place: String, right: String } "{place} is not its place; it belongs at {right}";
    NoWayBack = "no_way_back" { thing: String } "{thing} did not come back under this slip, or lies in its place already";
    IncidentIsResolved = "incident_is_resolved" {} "the incident is resolved already; look at the list again";
    // Documents, pages and batches
    DocumentCannot = "document_cannot" { state: String, act: String }
        "a document in the state {state} does not allow the act {act}";
    BatchCannot = "batch_cannot" { from: String, to: String } "a batch that is {from} cannot become {to} by decision";
    BatchNotHeld = "batch_not_held" {}
        "another run has taken over this batch; what it has recorded stands, run the same command again to see what is left";
    UploadBusy = "upload_busy" {} "another piece of this file is being written; send this one again";
    UploadGap = "upload_gap" { received: i64 } "only {received} bytes of this file have come; go on there";
    UploadTooLong = "upload_too_long" { bytes: i64 } "the file was announced with {bytes} bytes, and this piece ends behind them";
    UploadPieceTooLarge = "upload_piece_too_large" { most: usize } "a piece has at most {most} bytes";
    UploadIncomplete = "upload_incomplete" { files: usize } "{files} files have not come whole; send the rest first";
    UploadFiles = "upload_files" { files: usize, most: usize } "an upload has 1 to {most} files and this one has {files}";
    UploadCannot = "upload_cannot" { from: String, to: String } "an upload that is {from} cannot become {to}";
    TooManyUploads = "too_many_uploads" { most: i64 } "{most} uploads are open already; finish or cancel one first";
    LineChanged = "line_changed" { line: usize, page: u32 }
        "line {line} of page {page} reads differently by now; look at it again and repeat";
    NothingToReread = "nothing_to_reread" { scope: String, name: String }
        "nothing is to be read again: `{name}` ({scope}) has no such pages that you may see; look at it with `dossier show`";
    TooManyToReread = "too_many_to_reread" { documents: usize, most: usize }
        "{documents} documents are more than one order takes ({most}); take a batch or a lower confidence";
    ScanOfPageMissing = "scan_of_page_missing" { page: usize } "page {page} names a scan that is not there";
    FieldNotPutBack = "field_not_put_back" { field: String }
        "the field `{field}` is not put back from the history; change it where it is shown";
    // Lists
    KindInUse = "kind_in_use" { kind: String, by: String }
        "the kind `{kind}` is used by {by}; retire it, so that it is offered no more";
    ChecklistInUse = "checklist_in_use" { checklist: String }
        "dossiers are held against the checklist `{checklist}`; retire it, so that it is offered no more";
    // Own searches
    TooManySearches = "too_many_searches" { count: i64 }
        "{count} searches are kept already; delete one you no longer need";
    // The machinery
    TrailNotWritten = "trail_not_written" { cause: String }
        "the audit trail cannot be written ({cause}), so nothing is shown";
    TrailClosed = "trail_closed" {} "the audit trail is closed, so nothing is shown; the program is stopping";
    Interrupted = "interrupted" { work: String } "{work} was interrupted; run it again";
    OtherArchive = "other_archive" { vault: String, found: String, archive: String }
        "the vault {vault} belongs to the archive {found} and the database to {archive}; check --data and --database";
    NoArchive = "no_archive" { place: String }
        "there is no archive in {place}; name its folder with --data, or make one there with `dossier init`";
    RecordElsewhere = "record_elsewhere" { vault: String, archive: String, place: String }
        "{vault} holds the scans of the archive {archive}, and its record is not in {place}; name its database with --database, or another folder with --data";
    VaultElsewhere = "vault_elsewhere" { place: String, archive: String, vault: String }
        "the database {place} holds the archive {archive}, and its scans are not in {vault}; name its folder with --data (where the scans are lost, write {archive} into {vault}/ARCHIVE and run `dossier verify`)";
    ScanDiffers = "scan_differs" { scan: String, found: u64, expected: u64 }
        "{scan} has {found} bytes and should have {expected}; run `dossier verify --full`";
    NoRecordFile = "no_record_file" { file: String }
        "{file} is no database of an archive, or it is damaged; put a copy of it from the backup there, or name another folder with --data";
    DatabaseUnreachable = "database_unreachable" { place: String, cause: String }
        "cannot connect to PostgreSQL at {place}: {cause}; check that it runs and what --database says";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_words() {
        let mut codes = RefusedBecause::CODES.to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), RefusedBecause::CODES.len());
        assert!(
            codes
                .iter()
                .all(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        );
    }

    #[test]
    fn a_refusal_says_what_it_is_about() {
        let refusal = RefusedBecause::PlaceLevelTooLow {
            place: "K1".to_owned(),
            highest: 1,
            level: 3,
        };
        assert_eq!(refusal.code(), "place_level");
        assert_eq!(
            refusal.to_string(),
            "K1 may hold security level 1 at most and the thing has 3; put it elsewhere"
        );
        let named = |name: &'static str, value: &str| (name, value.to_owned());
        assert_eq!(
            refusal.arguments(),
            [named("place", "K1"), named("highest", "1"), named("level", "3")]
        );
    }
}
