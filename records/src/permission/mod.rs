//! Who may see what: grants for a time, seals, and what takes two people. What follows from them for every read is [`crate::Sight`].

pub mod grants;
pub mod sealing;
pub mod second;
pub(crate) mod sql;

use crate::{Error, Field, PartialDate, Result, SecurityLevel, fold};
use vocabulary::both;

/// Why and for how long something is sealed.
#[derive(Debug, Clone, Default)]
pub struct SealTerms {
    /// 1 to 200 characters.
    pub reason: String,
    /// Review date of the seal; empty for none. A seal never ends by itself.
    pub until: PartialDate,
}

/// How a whole dossier is protected, over and above its documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DossierProtection {
    /// Nobody with less clearance sees any document of it.
    pub security_level: SecurityLevel,
    pub sealed: bool,
}

/// A reason as it is kept: 1 to 200 characters in one line.
pub(crate) fn checked_reason(reason: &str) -> Result<String> {
    let text: String = fold::storable(reason.trim())
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    match text.chars().count() {
        1..=200 => Ok(text),
        _ => Err(Error::invalid(
            Field::Reason,
            reason,
            both!("say in 1 to 200 characters why", "请用 1 到 200 个字符写明原因"),
        )),
    }
}
