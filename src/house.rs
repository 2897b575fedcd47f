//! Wiring: the doors of the record for a command, and the person in whose name it acts.

use crate::{language::said, output::note, settings::Settings, world};
use anyhow::{Context, Error, Result};
use records::{Archive, Asker, RefusedBecause, System, store::Doors};

/// The opened record with the operating-system user who asks.
#[derive(Clone)]
pub struct House {
    pub archive: Archive,
    pub system: System,
    pub gate: records::Gate,
    pub asker: Asker,
    /// It was made just now.
    pub is_new: bool,
}

impl House {
    /// Opens the archive that is there, for the user who owns the data folder. Others are refused, and so is a folder
    /// without an archive.
    pub async fn open(settings: &Settings) -> Result<Self> {
        if !settings.data.exists() {
            let place = settings.data.display().to_string();
            return Err(records::Error::from(RefusedBecause::NoArchive { place }).into());
        }
        let user = world::owner_of(&settings.data)?;
        let doors = settings.store()?.open_existing(world::environment()).await;
        Self::of(settings, &user, doors)
    }

    /// Opens the archive, or makes it where there is none and says so: for commands that begin one.
    pub async fn open_or_make(settings: &Settings) -> Result<Self> {
        let store = settings.store()?;
        let user = world::owned_data_folder(&settings.data)?;
        let house = Self::of(settings, &user, store.open(world::environment()).await)?;
        if house.is_new {
            let (data, database) = (settings.data.display(), settings.database_shown());
            note(&said!(
                "made a new archive in {data} ({database})",
                "已在 {data} 新建档案室（{database}）"
            ));
        }
        Ok(house)
    }

    fn of(settings: &Settings, user: &str, doors: Result<Doors, records::Error>) -> Result<Self> {
        let Doors {
            archive,
            system,
            gate,
            is_new,
        } = match doors {
            // A refusal says all that is to be said.
            Err(refused @ records::Error::Refused(_)) => return Err(Error::new(refused)),
            doors => doors.with_context(|| {
                let data = settings.data.display();
                said!("the archive in {data} does not open", "{data} 中的档案室打不开")
            })?,
        };
        let asker = gate.operating_system_user(user);
        Ok(Self {
            archive,
            system,
            gate,
            asker,
            is_new,
        })
    }

    /// The time zone of the archive, in which people are told when something was.
    pub async fn zone(&self) -> Result<String> {
        Ok(self.archive.settings(&self.asker).await?.time_zone.clone())
    }

    pub async fn close(self) {
        self.system.close().await;
    }
}
