//! Uploads in the database: begun, filled, handed over, taken in.

mod read;
mod take;
mod write;
