//! For tests only: the one test archive, its clock and randomness, a temporary PostgreSQL, builders of documents.
//!
//! A test that needs a record takes it from here, so that a new field of a document or a new setting of the store is
//! added in one place. Nothing here is part of the program.

pub mod archive;
pub mod documents;
pub mod postgres;
pub mod tables;
pub mod world;

pub use archive::{PASSWORD_HASH, TestArchive};
pub use postgres::Cluster;
pub use tables::ReadHere;
pub use world::{BEGINNING, TestClock, TestRandom, environment};
