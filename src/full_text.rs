//! The full text of an archive, opened for a command; and its follower, which runs in whatever process comes first.

use crate::{house::House, language::said, output::note, settings::Settings};
use anyhow::{Result, bail};
use index::{Following, Freshness, FullText, FullTextConfig};
use std::time::Duration;

/// How long a command waits for the full text to have seen everything. An ingest of a large batch may leave the
/// follower a few seconds behind; a rebuild takes minutes.
const CATCH_UP: Duration = Duration::from_secs(600);
/// How long a reader waits before it says the lag.
const PATIENCE: Duration = Duration::from_secs(5);

pub async fn open(settings: &Settings, house: &House) -> Result<FullText> {
    let config = FullTextConfig::in_folder(settings.index());
    Ok(FullText::open(config, house.archive.clone(), house.system.clone()).await?)
}

/// Full text with its follower.
pub struct Followed {
    pub full_text: FullText,
    following: Following,
}

impl Followed {
    pub async fn start(settings: &Settings, house: &House) -> Result<Self> {
        let full_text = open(settings, house).await?;
        let following = full_text.start();
        Ok(Self { full_text, following })
    }

    /// Waits until everything committed so far can be found.
    pub async fn catch_up(&self) -> Result<()> {
        match self.full_text.wait_for_head(CATCH_UP).await? {
            Freshness::Reached => Ok(()),
            Freshness::Behind(position) => bail!(said!(
                "everything is filed, but the full text is still behind at {}.{}; `dossier doctor` says what it does",
                "都已归档，但全文还只读到 {}.{}；`dossier doctor` 可以看它在做什么",
                position.xid,
                position.seq
            )),
        }
    }

    pub async fn stop(self) -> Result<()> {
        Ok(self.following.stop().await?)
    }
}

/// Waits a moment for the head of the change log, and says the lag on standard error when that was not enough.
pub async fn wait_a_moment(full_text: &FullText) -> Result<()> {
    if let Freshness::Behind(position) = full_text.wait_for_head(PATIENCE).await? {
        note(&said!(
            "the full text is behind at {}.{}; newer documents are not found yet",
            "全文只读到 {}.{}；更新的文件暂时查不到",
            position.xid,
            position.seq
        ));
    }
    Ok(())
}
