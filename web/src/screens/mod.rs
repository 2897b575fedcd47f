//! What people see: a folder for each subject, with the structs its templates are rendered from, the handlers that
//! make them, and samples of them; one value registers it all (see `subject`). Words are already chosen when they reach a template; templates decide nothing but layout.

pub mod account;
pub mod adding;
pub mod admin;
pub mod audit;
pub mod batches;
pub mod checklists;
pub mod containers;
pub mod correcting;
pub mod customers;
pub mod deciding;
pub mod document;
pub mod doors;
pub mod dossier;
pub mod entry;
pub mod grants;
pub mod history;
pub mod imports;
pub mod keeping;
pub mod kinds;
pub mod lists;
pub mod loans;
pub mod locations;
pub mod map;
pub mod named;
pub mod parts;
pub mod putting;
pub mod reading;
pub mod record;
pub mod review;
pub mod sample;
pub mod sealed;
pub mod search;
pub mod second;
pub mod settings;
pub mod shell;
pub mod stocktakes;
pub mod today;
pub mod users;
pub mod withdrawn;

use crate::subject::Subject;

/// Every subject, the rail from top to bottom first. A new one adds its line here.
pub const SUBJECTS: &[Subject] = &[
    search::SUBJECT,
    review::SUBJECT,
    reading::SUBJECT,
    customers::SUBJECT,
    locations::SUBJECT,
    containers::SUBJECT,
    putting::SUBJECT,
    stocktakes::SUBJECT,
    loans::SUBJECT,
    batches::SUBJECT,
    adding::SUBJECT,
    today::SUBJECT,
    history::SUBJECT,
    audit::SUBJECT,
    admin::SUBJECT,
    settings::SUBJECT,
    users::SUBJECT,
    grants::SUBJECT,
    second::SUBJECT,
    keeping::SUBJECT,
    sealed::SUBJECT,
    withdrawn::SUBJECT,
    imports::SUBJECT,
    kinds::SUBJECT,
    checklists::SUBJECT,
    document::SUBJECT,
    dossier::SUBJECT,
    entry::SUBJECT,
    lists::SUBJECT,
    map::SUBJECT,
    record::SUBJECT,
    named::SUBJECT,
    account::SUBJECT,
    doors::SUBJECT,
];
