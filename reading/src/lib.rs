//! Bytes to pages: decodes scans, recognises their text, and makes images of their pages.
//!
//! Hostile bytes are only ever parsed in worker processes (`worker`), which are this same program
//! started again in a sandbox and killed when they exceed time or memory. What comes back is
//! plain data (`layout`) and bounded bitmaps (`bitmap`).
//!
//! This room refuses to know customers, documents, places and the record, and settings files, the environment, the
//! wall clock and HTTP. It is given open files, limits and commands.

pub mod bitmap;
pub mod cancel;
pub mod credit_code;
pub mod decode;
pub mod engines;
pub mod layout;
pub mod limits;
pub mod media;
pub mod order;
pub mod page;
pub mod page_images;
pub mod read;
pub mod reason;
pub mod unread;
pub mod worker;
