//! What people see: one file per view, each with the struct its template is rendered from and the handlers that
//! fill it. Words are already chosen when they reach a template; templates decide nothing but layout.

pub mod account;
pub mod audit;
pub mod batches;
pub mod correcting;
pub mod customers;
pub mod document;
pub mod doors;
pub mod dossier;
pub mod kinds;
pub mod locations;
pub mod parts;
pub mod reading;
pub mod review;
pub mod sealed;
pub mod search;
pub mod shell;
pub mod today;
pub mod users;
