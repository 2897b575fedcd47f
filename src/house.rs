//! Wiring: the doors of the record for a command, and the person in whose name it acts.

use crate::{settings::Settings, world};
use anyhow::{Context, Result};
use records::{Archive, Asker, System, store::Doors};

/// The opened record with the operating-system user who asks.
pub struct House {
    pub archive: Archive,
    pub system: System,
    pub gate: records::Gate,
    pub asker: Asker,
}

impl House {
    /// Opens the record for the user who owns the data folder. Others are refused.
    pub async fn open(settings: &Settings) -> Result<Self> {
        let user = world::owned_data_folder(&settings.data)?;
        let Doors { archive, system, gate } = settings
            .store()?
            .open(world::environment())
            .await
            .with_context(|| format!("the archive in {} does not open", settings.data.display()))?;
        let asker = gate.operating_system_user(&user);
        Ok(Self {
            archive,
            system,
            gate,
            asker,
        })
    }

    pub async fn close(self) {
        self.system.close().await;
    }
}
