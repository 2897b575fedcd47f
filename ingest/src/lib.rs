//! Deliveries to documents: finds scans, has them decoded and read, extracts facts, links and files them.
//!
//! Hostile bytes are only ever parsed in worker processes (`worker`), which are this same program
//! started again in a sandbox and killed when they exceed time or memory. What comes back is
//! plain data (`layout`) and bounded bitmaps (`bitmap`).
//!
//! This room refuses to know settings files, the environment, the wall clock and HTTP. It is given
//! paths, limits and commands.

mod announced;
pub mod cut;
pub mod deposit;
pub mod extract;
pub mod group;
pub mod identify;
mod inside;
pub mod link;
pub mod manifest;
pub mod page_images;
pub mod pages;
pub mod pipeline;
pub mod report;
pub mod reread;
pub mod run;
pub mod uploads;
pub mod walk;
