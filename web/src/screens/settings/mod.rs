//! Settings of the archive: its name, time zone, own identifiers, number patterns, levels. For administrators. What
//! cannot be is said beside its field, and a pattern can be tried on a text before it is saved.

mod sample;
mod trial;

use super::{
    parts::{Choice, Piece},
    shell::{Here, Shell, ShellNotice},
};
use crate::{
    http::{
        error::{Final, Result, WebError},
        who::{Fields, Posted, Seat},
    },
    rail,
    state::Web,
    subject::{Routes, Subject},
    text::{Argument, Text},
};
use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    Role, Roles, SecurityLevel,
    settings::{ArchiveSettings, SettingFault, SettingGroup, SettingName, SettingWrong, checked_together},
};
use serde::Deserialize;
use std::collections::BTreeMap;

pub const SUBJECT: Subject = Subject {
    name: "settings",
    rail: Some(rail::office("/admin/settings", "settings-title", rail::administrators)),
    routes,
    words: "office",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/admin/settings", settings)
        .form("/admin/settings", save)
        .form("/admin/settings/try", attempt)
}

const TRIAL_CHARACTERS_MAX: usize = 20_000;
/// Time zones that the field offers; every other one may be typed.
const ZONES: [&str; 6] = [
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "UTC",
];

#[derive(Template)]
#[template(path = "settings.html")]
pub struct SettingsView {
    pub t: Text,
    pub shell: Shell,
    pub version: i64,
    pub sections: Vec<Section>,
    pub zones: Vec<String>,
    pub trial: SettingsTrial,
}

#[derive(Debug, Clone)]
pub struct Section {
    pub name: String,
    pub title: String,
    pub lesson: String,
    pub fields: Vec<SettingField>,
}

/// A setting as it is typed.
#[derive(Debug, Clone)]
pub struct SettingField {
    pub name: String,
    pub label: String,
    pub hint: String,
    /// `line`, `zone`, `code`, `lines`, `choice`, `tick`, `roles` or `levels`.
    pub shape: &'static str,
    pub value: String,
    pub choices: Vec<Choice>,
    /// The lines of a field with one name for each level.
    pub levels: Vec<(String, String)>,
    /// What a new archive has, where that differs.
    pub default: String,
    pub wrong: String,
}

#[derive(Debug, Clone, Default)]
pub struct SettingsTrial {
    pub text: String,
    pub tried: bool,
    /// The text with what was found in it marked.
    pub pieces: Vec<Piece>,
    pub hits: Vec<TrialRow>,
}

#[derive(Debug, Clone)]
pub struct TrialRow {
    pub by: String,
    pub text: String,
    /// It never links.
    pub own: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct SettingsAddress {
    #[serde(default)]
    said: String,
}

type SettingValues = BTreeMap<SettingName, String>;

/// `GET /admin/settings`
pub async fn settings(
    State(web): State<Web>,
    seat: Seat,
    Query(asked): Query<SettingsAddress>,
) -> Result<Html<String>> {
    seat.asker.require(Role::Administrator)?;
    let stored = web.archive.settings(&seat.asker).await?;
    let values = values_of(&stored);
    let mut view = view(&web, &seat, &stored, &values, &[]).await?;
    if asked.said == "saved" {
        view.shell.notice = Some(ShellNotice {
            tone: "good",
            text: seat.t.say("settings-said-saved"),
        });
    }
    Ok(Html(view.render()?))
}

/// `POST /admin/settings`: all of them or none.
pub async fn save(State(web): State<Web>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    seat.asker.require(Role::Administrator)?;
    let (values, version, _) = typed(&mut fields)?;
    fields.done()?;
    let stored = web.archive.settings(&seat.asker).await?;
    let changes: Vec<_> = values.clone().into_iter().collect();
    if version != stored.version {
        let mut view = view(&web, &seat, &stored, &values, &[]).await?;
        view.shell.notice = Some(ShellNotice {
            tone: "warn",
            text: seat.t.say("settings-said-conflict"),
        });
        return refused(StatusCode::CONFLICT, view);
    }
    match checked_together(&stored, &changes) {
        Ok(_) => {
            web.archive
                .settings_change(&seat.asker, &changes, Some(version))
                .await?;
            web.wrote(&seat.asker).await?;
            Ok(Redirect::to("/admin/settings?said=saved").into_response())
        }
        Err(faults) => refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            view(&web, &seat, &stored, &values, &faults).await?,
        ),
    }
}

/// `POST /admin/settings/try`: what the patterns, as they are typed, find in a text. Nothing is saved.
pub async fn attempt(State(web): State<Web>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    seat.asker.require(Role::Administrator)?;
    let (values, _, text) = typed(&mut fields)?;
    fields.done()?;
    let text: String = text.chars().take(TRIAL_CHARACTERS_MAX).collect();
    let stored = web.archive.settings(&seat.asker).await?;
    let changes: Vec<_> = values.clone().into_iter().collect();
    match stored.with(&changes) {
        Ok(tried) => {
            let mut view = view(&web, &seat, &stored, &values, &[]).await?;
            view.trial = trial::trial(seat.t, &tried, text);
            Ok(Html(view.render()?).into_response())
        }
        Err(faults) => {
            let mut view = view(&web, &seat, &stored, &values, &faults).await?;
            view.trial.text = text;
            refused(StatusCode::UNPROCESSABLE_ENTITY, view)
        }
    }
}

fn refused(status: StatusCode, view: SettingsView) -> Result<Response> {
    let mut response = (status, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}

fn values_of(stored: &ArchiveSettings) -> SettingValues {
    SettingName::ALL
        .into_iter()
        .map(|name| (name, stored.value(name).to_owned()))
        .collect()
}

/// The settings as they were typed, the version that the form was made of, and the text to try them on.
fn typed(fields: &mut Fields) -> Result<(SettingValues, i64, String)> {
    let mut values = SettingValues::new();
    for name in SettingName::ALL {
        let value = match name {
            SettingName::LocationProfile => continue,
            SettingName::GroupRunningNumbers | SettingName::TakeOutFilesInside => {
                match fields.text(name.as_str())?.as_str() {
                    "" => "0".to_owned(),
                    _ => "1".to_owned(),
                }
            }
            SettingName::SecondFactorRoles => {
                let mut roles = Roles::default();
                for role in Role::ALL {
                    let field = format!("{}_{}", name.as_str(), role.as_str());
                    roles = match fields.text(&field)?.is_empty() {
                        true => roles,
                        false => roles.with(role),
                    };
                }
                roles.to_string()
            }
            SettingName::SecurityLevelNamesZh | SettingName::SecurityLevelNamesEn => {
                let names: Vec<String> = (0..4)
                    .map(|level| fields.text(&format!("{}_{level}", name.as_str())))
                    .collect::<Result<_>>()?;
                names.join("\n")
            }
            _ => fields.text(name.as_str())?,
        };
        values.insert(name, value);
    }
    let version = fields.text("version")?;
    let version = version
        .parse()
        .map_err(|_| WebError::invalid("version", "is the number that the form came with"))?;
    Ok((values, version, fields.text("text")?))
}

async fn view(
    web: &Web,
    seat: &Seat,
    stored: &ArchiveSettings,
    values: &SettingValues,
    faults: &[SettingFault],
) -> Result<SettingsView> {
    let t = seat.t;
    let sections = SettingGroup::ALL.map(|group| Section {
        name: group.as_str().to_owned(),
        title: t.say(&format!("settings-group-{}", group.as_str().replace('_', "-"))),
        lesson: t.say(&format!("settings-lesson-{}", group.as_str().replace('_', "-"))),
        fields: SettingName::ALL
            .into_iter()
            .filter(|name| name.group() == group && *name != SettingName::LocationProfile)
            .map(|name| field(web, t, name, values, faults))
            .collect(),
    });
    Ok(SettingsView {
        t,
        shell: web.shell(seat, Here("admin")).await?,
        version: stored.version,
        sections: sections.into(),
        zones: ZONES.map(str::to_owned).into(),
        trial: SettingsTrial::default(),
    })
}

/// How a setting is typed.
fn shape_of(name: SettingName) -> &'static str {
    match name {
        SettingName::TimeZone => "zone",
        SettingName::Language | SettingName::SecurityLevelDefault => "choice",
        SettingName::OwnIdentifiers
        | SettingName::ClosedDays
        | SettingName::LoanHeads
        | SettingName::LoanExecutives => "lines",
        SettingName::AccountNumberPattern | SettingName::CustomerNumberPattern | SettingName::ContractNumberPattern => {
            "code"
        }
        SettingName::GroupRunningNumbers | SettingName::TakeOutFilesInside => "tick",
        SettingName::SecondFactorRoles => "roles",
        SettingName::SecurityLevelNamesZh | SettingName::SecurityLevelNamesEn => "levels",
        SettingName::ArchiveName
        | SettingName::DossierNumberPattern
        | SettingName::LocationProfile
        | SettingName::PageThickness
        | SettingName::CloseOfBusiness
        | SettingName::LoanDaysMax
        | SettingName::LoanSlipDaysMax
        | SettingName::LoanSteps
        | SettingName::SignInContact => "line",
    }
}

fn field(web: &Web, t: Text, name: SettingName, values: &SettingValues, faults: &[SettingFault]) -> SettingField {
    let value = values.get(&name).cloned().unwrap_or_default();
    let fault = faults.iter().find(|fault| fault.name == name);
    let shape = shape_of(name);
    let choice = |label: String, chosen: &str| Choice {
        value: chosen.to_owned(),
        label,
        chosen: chosen == value,
    };
    SettingField {
        name: name.as_str().to_owned(),
        label: label(t, name),
        hint: t.say(&format!("{}-hint", label_key(name))),
        shape,
        choices: match name {
            SettingName::SecondFactorRoles => {
                let chosen = Roles::parse(&value).unwrap_or_default();
                let roles = Role::ALL.into_iter().map(|role| Choice {
                    value: role.as_str().to_owned(),
                    label: t.word("role", role.as_str()),
                    chosen: chosen.has(role),
                });
                roles.collect()
            }
            SettingName::Language => vec![choice("中文".to_owned(), "zh-CN"), choice("English".to_owned(), "en")],
            SettingName::SecurityLevelDefault => {
                let levels = web.level_choices(t, SecurityLevel::PUBLIC).into_iter();
                levels.map(|level| choice(level.label, &level.value)).collect()
            }
            _ => Vec::new(),
        },
        levels: match shape {
            "levels" => {
                let lines: Vec<&str> = value.split('\n').collect();
                let line = |level: usize| lines.get(level).copied().unwrap_or_default().to_owned();
                (0..4)
                    .map(|level| (t.word("security", &level.to_string()), line(level)))
                    .collect()
            }
            _ => Vec::new(),
        },
        default: match shape {
            "code" if value != name.default_value() => name.default_value().to_owned(),
            _ => String::new(),
        },
        wrong: fault.map(|fault| fault_text(t, &fault.because)).unwrap_or_default(),
        value,
    }
}

/// What a setting is called.
pub fn label(t: Text, name: SettingName) -> String {
    t.say(&label_key(name))
}

fn label_key(name: SettingName) -> String {
    format!("setting-{}", name.as_str().replace('_', "-"))
}

/// What is wrong with a setting, and what would be right.
pub fn fault_text(t: Text, wrong: &SettingWrong) -> String {
    let key = format!("setting-wrong-{}", wrong.code().replace('_', "-"));
    let shown: Vec<(&'static str, String)> = wrong
        .arguments()
        .into_iter()
        .map(|(name, value)| match (name, SettingName::parse(&value)) {
            ("other", Ok(other)) => (name, label(t, other)),
            ("thing", _) => (name, t.say(&format!("setting-takes-{}", value.replace('_', "-")))),
            _ => (name, value),
        })
        .collect();
    let arguments: Vec<(&'static str, &dyn Argument)> = shown
        .iter()
        .map(|(name, value)| (*name, value as &dyn Argument))
        .collect();
    t.fill(&key, &arguments)
}
