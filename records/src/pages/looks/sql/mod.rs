//! Looking and correcting in the database.

mod asking;
mod correct;
