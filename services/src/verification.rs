//! Whether record, vault and audit trail agree.

use crate::Result;
use api_types::verification::{VerifyJson, verified};
use records::{System, scans::Thoroughness};

/// # Errors
/// When record or vault do not answer.
pub async fn verify(system: &System, thoroughness: Thoroughness) -> Result<VerifyJson> {
    Ok(verified(system.verify(thoroughness).await?))
}
