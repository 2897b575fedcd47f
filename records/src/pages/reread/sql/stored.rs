//! Settings and tasks of re-readings as they are stored: JSON, whose fields are named here and nowhere else.

use crate::{
    Error, Result,
    ids::{DocumentId, RereadId},
    pages::reread::{RereadSettings, RereadTask},
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct StoredSettings {
    pages: Vec<u32>,
    force_ocr: bool,
    turn: Option<u16>,
    fine: bool,
    // Orders from before there were these choices do not name them.
    #[serde(default)]
    keep_seals: bool,
    #[serde(default)]
    second_opinion: bool,
}

#[derive(Serialize, Deserialize)]
struct StoredTask {
    order: String,
    document: String,
    settings: StoredSettings,
}

fn stored(settings: &RereadSettings) -> StoredSettings {
    let RereadSettings {
        pages,
        force_ocr,
        turn,
        fine,
        keep_seals,
        second_opinion,
    } = settings.clone();
    StoredSettings {
        pages,
        force_ocr,
        turn,
        fine,
        keep_seals,
        second_opinion,
    }
}

fn settings(stored: StoredSettings) -> RereadSettings {
    let StoredSettings {
        pages,
        force_ocr,
        turn,
        fine,
        keep_seals,
        second_opinion,
    } = stored;
    RereadSettings {
        pages,
        force_ocr,
        turn,
        fine,
        keep_seals,
        second_opinion,
    }
}

fn wrong(table: &'static str, column: &'static str) -> impl FnOnce(serde_json::Error) -> Error {
    move |cause| Error::inconsistent(table, column, "", cause.to_string())
}

pub(super) fn settings_text(settings: &RereadSettings) -> Result<String> {
    serde_json::to_string(&stored(settings)).map_err(wrong("reread_orders", "settings"))
}

pub(super) fn settings_of(text: &str) -> Result<RereadSettings> {
    serde_json::from_str(text)
        .map(settings)
        .map_err(wrong("reread_orders", "settings"))
}

/// The payload of the job of one document.
pub(super) fn payload(task: &RereadTask) -> Result<String> {
    let stored = StoredTask {
        order: task.order.to_string(),
        document: task.document.to_string(),
        settings: stored(&task.settings),
    };
    serde_json::to_string(&stored).map_err(wrong("jobs", "payload"))
}

pub(super) fn task_of(payload: &str) -> Result<RereadTask> {
    let stored: StoredTask = serde_json::from_str(payload).map_err(wrong("jobs", "payload"))?;
    Ok(RereadTask {
        order: RereadId::parse(&stored.order)?,
        document: DocumentId::parse(&stored.document)?,
        settings: settings(stored.settings),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_come_back_as_they_were_written() -> Result<()> {
        let id = "0190b8c4-7f2e-7000-8000-0123456789ab";
        let task = RereadTask {
            order: RereadId::parse(id)?,
            document: DocumentId::parse(id)?,
            settings: RereadSettings {
                pages: vec![1, 7],
                force_ocr: true,
                turn: Some(90),
                fine: false,
                keep_seals: true,
                second_opinion: true,
            },
        };
        assert_eq!(task_of(&payload(&task)?)?, task);
        for broken in ["", "{}", "[]", r#"{"order":"x","document":"y"}"#] {
            assert!(task_of(broken).is_err(), "{broken}");
        }
        // Orders from before there were these choices do not name them.
        let old = r#"{"pages":[2],"force_ocr":true,"turn":null,"fine":false}"#;
        let settings = settings_of(old)?;
        assert_eq!(
            (settings.pages, settings.keep_seals, settings.second_opinion),
            (vec![2], false, false)
        );
        Ok(())
    }
}
