//! Loans in the database: asked for, decided, handed out, taken back.

mod ask;
mod decide;
mod give_back;
mod incidents;
mod issue;
mod papers;
mod pick;
mod read;
mod step;
