//! The truth: customers, dossiers, documents, scans, places, who may see them and what was done to them.
//!
//! This room owns the SQL (SQLite and PostgreSQL behind one text), the vault of scan files, the change log and
//! the audit trail. It knows nothing of full text, HTTP, PDF or the command line.
//!
//! There are three doors, by who is asking:
//! * [`Gate`] turns proof of identity (a password, a session, a token, the operating-system user) into an [`Asker`];
//! * [`Archive`] is for people: every method takes the [`Asker`] and answers only what that person may see;
//! * [`System`] is for the machine itself: ingest, the follower of the change log, checks. It sees everything and
//!   is handed out by `src` only.

pub mod audit;
pub mod batches;
pub mod calendar;
pub mod changes;
pub mod customers;
pub mod documents;
pub mod dossiers;
pub mod history;
pub mod identity;
pub mod imports;
pub mod jobs;
pub mod keeping;
pub mod kinds;
pub mod loans;
mod opening;
pub mod page_images;
pub mod pages;
pub mod parties;
pub mod permission;
pub mod places;
pub mod privacy;
mod reads;
pub mod registers;
pub mod scans;
pub mod searches;
pub mod settings;
pub mod stocktakes;
pub mod store;
pub mod tables;
pub mod today;
pub mod uploads;

mod error;

pub use error::{Error, Field, NearCodes, RefusedBecause, Result, Thing};
pub use identity::{Asker, Role, Roles, SecurityLevel, Sight};
pub use store::{Archive, Gate, System};
pub use vocabulary::{Clock, Environment, Moment, PartialDate, Random, environment, fold, ids, moment};

/// Migrations by their number: the text for both databases, and what is said to SQLite and to PostgreSQL alone. A new
/// subject adds its folder above and its line here.
pub(crate) const SCHEMA: &[(i64, &str, &str, &str)] = &[
    (
        1,
        include_str!("migrations/001_records.sql"),
        include_str!("migrations/001_records.sqlite.sql"),
        include_str!("migrations/001_records.postgres.sql"),
    ),
    (2, include_str!("migrations/002_searches.sql"), "", ""),
    (3, include_str!("migrations/003_reading.sql"), "", ""),
    (
        4,
        include_str!("migrations/004_history.sql"),
        include_str!("migrations/004_history.sqlite.sql"),
        include_str!("migrations/004_history.postgres.sql"),
    ),
    (5, include_str!("migrations/005_ground.sql"), "", ""),
    (6, include_str!("migrations/006_details.sql"), "", ""),
    (7, include_str!("migrations/007_imports.sql"), "", ""),
    (8, include_str!("migrations/008_office.sql"), "", ""),
    (9, include_str!("migrations/009_documents.sql"), "", ""),
    (10, include_str!("migrations/010_codes.sql"), "", ""),
    (11, include_str!("migrations/011_deliveries.sql"), "", ""),
    (12, include_str!("migrations/012_audit_checks.sql"), "", ""),
    (13, include_str!("migrations/013_uploads.sql"), "", ""),
    (14, include_str!("migrations/014_phones.sql"), "", ""),
    (15, include_str!("migrations/015_list_versions.sql"), "", ""),
    (16, include_str!("migrations/016_batch_decisions.sql"), "", ""),
    (17, include_str!("migrations/017_devices.sql"), "", ""),
    (18, include_str!("migrations/018_second_acts.sql"), "", ""),
    (19, include_str!("migrations/019_sessions.sql"), "", ""),
    (
        20,
        include_str!("migrations/020_review.sql"),
        include_str!("migrations/020_review.sqlite.sql"),
        include_str!("migrations/020_review.postgres.sql"),
    ),
    (21, include_str!("migrations/021_second_factor.sql"), "", ""),
    (22, include_str!("migrations/022_enclosures.sql"), "", ""),
    (23, include_str!("migrations/023_numbers.sql"), "", ""),
    (24, include_str!("migrations/024_today.sql"), "", ""),
    (25, include_str!("migrations/025_trail_times.sql"), "", ""),
    (26, include_str!("migrations/026_oidc.sql"), "", ""),
    (27, include_str!("migrations/027_second_wanted.sql"), "", ""),
    (28, include_str!("migrations/028_placements.sql"), "", ""),
    (29, include_str!("migrations/029_stocktakes.sql"), "", ""),
    (30, include_str!("migrations/030_loans.sql"), "", ""),
    (31, include_str!("migrations/031_keeping.sql"), "", ""),
];
