//! Reading again in the database.

mod finish;
mod order;
mod stored;
