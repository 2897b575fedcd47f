//! The words of the trade, each once: ids, instants, dates as they stand on paper, and the folding by which equal
//! things compare equal.
//!
//! This room does no I/O. It knows nothing of SQL, JSON, HTTP or the command line, and imports no other room.

pub mod environment;
pub mod fold;
pub mod ids;
pub mod moment;

mod error;

pub use environment::{Clock, Environment, Random};
pub use error::{Result, Unusable};
pub use moment::{Moment, PartialDate};
