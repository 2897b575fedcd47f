//! Whether record, vault and audit trail agree.

use crate::Result;
use api_types::verification::{VerifyJson, verified};
use records::{System, scans::Thoroughness};

/// What was found of the files is kept, in the name of `actor`.
///
/// # Errors
/// When record or vault do not answer.
pub async fn verify(system: &System, actor: &str, thoroughness: Thoroughness) -> Result<VerifyJson> {
    let report = system.verify(thoroughness).await?;
    system.files_keep(actor, thoroughness, &report).await?;
    Ok(verified(report))
}
