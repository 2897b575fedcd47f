//! Documents in the database. Nobody else writes `documents`, `enclosures`, `proposals` and `proposal_evidence`.

mod announced;
mod announced_read;
mod called;
pub(crate) mod correct;
pub(crate) mod describe;
mod enclosed;
pub(crate) mod file;
pub(crate) mod first;
mod for_index;
pub(crate) mod keyed;
mod link;
mod named;
mod named_read;
pub(crate) mod proposals;
pub(crate) mod read;
mod review;
pub(crate) mod told;
pub(crate) mod waiting;
mod withdraw;
