//! HTTP itself: what every request passes, who is asking, cookies and forms, errors, files and pictures sent in parts,
//! the listener. Knows no subject of the record and no screen but the one that shows an error.

pub mod address;
pub mod assets;
pub(crate) mod byte_range;
pub(crate) mod connections;
pub mod cookies;
pub mod error;
mod failed;
pub mod guard;
pub(crate) mod health;
pub(crate) mod images;
pub(crate) mod kept;
pub(crate) mod metrics;
pub(crate) mod parts;
pub mod serve;
pub mod session;
pub(crate) mod timed;
pub(crate) mod upload;
pub mod who;
