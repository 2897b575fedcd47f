//! The settings of the archive, what is wrong with one, and what patterns find in a text.

use records::settings::{ArchiveSettings, SettingFault, SettingName};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct SettingsJson {
    /// Counts the changes; send it with a change so that nobody's change is overwritten.
    pub version: i64,
    pub settings: Vec<SettingJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SettingJson {
    pub name: String,
    /// `archive`, `own`, `numbers`, `levels`, `intake` or `signing_in`.
    pub group: String,
    /// Several values stand one in a line.
    pub value: String,
    pub default: String,
}

/// A setting that cannot be.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingFaultJson {
    pub setting: String,
    /// A stable word, such as `patterns_collide`.
    pub code: String,
    pub arguments: BTreeMap<String, String>,
    /// What is wrong and what would be right, in English.
    pub reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TrialJson {
    pub hits: Vec<TrialHitJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TrialHitJson {
    /// The setting that found it; `own_identifiers` for what never links.
    pub setting: String,
    pub text: String,
    /// Characters of the text before it.
    pub start: usize,
}

impl SettingsJson {
    pub fn of(settings: &ArchiveSettings) -> Self {
        let setting = |name: SettingName| SettingJson {
            name: name.as_str().to_owned(),
            group: name.group().as_str().to_owned(),
            value: settings.value(name).to_owned(),
            default: name.default_value().to_owned(),
        };
        Self {
            version: settings.version,
            settings: SettingName::ALL.into_iter().map(setting).collect(),
        }
    }
}

impl SettingFaultJson {
    pub fn of(fault: &SettingFault) -> Self {
        let SettingFault { name, because } = fault;
        let arguments = because.arguments().into_iter();
        Self {
            setting: name.as_str().to_owned(),
            code: because.code().to_owned(),
            arguments: arguments.map(|(name, value)| (name.to_owned(), value)).collect(),
            reason: because.to_string(),
        }
    }
}

impl TrialJson {
    pub fn of(settings: &ArchiveSettings, text: &str) -> Self {
        let hits = settings.trial(text).into_iter().map(|hit| TrialHitJson {
            setting: hit.by.as_str().to_owned(),
            start: text.get(..hit.start).map_or(0, |before| before.chars().count()),
            text: hit.text,
        });
        Self { hits: hits.collect() }
    }
}
