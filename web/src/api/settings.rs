//! The settings of the archive: read by everybody's programs, changed by administrators.

use super::{Interface, Sent};
use crate::{
    http::{
        error::{Result, WebError},
        who::Caller,
    },
    state::Web,
};
use api_types::settings::{SettingsJson, TrialJson};
use axum::{Json, extract::State};
use records::settings::{SettingFault, SettingName, checked_together};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "settings",
    about: "The settings of the archive.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(settings, change_settings))
        .routes(routes!(try_settings))
}

/// All settings of the archive.
#[utoipa::path(get, path = "/api/v1/settings", operation_id = "get_settings", responses((status = 200, body = SettingsJson)))]
async fn settings(State(web): State<Web>, caller: Caller) -> Result<Json<SettingsJson>> {
    let stored = web.archive.settings(&caller.asker).await?;
    Ok(Json(SettingsJson::of(&stored)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettingsChangeBody {
    /// The version that the change was made of; without it the change is made whatever others have changed.
    version: Option<i64>,
    /// Names of settings and their new values; several values stand one in a line.
    settings: BTreeMap<String, String>,
}

/// Change settings, all of them or none. For administrators. What cannot be is refused with the name of the setting.
#[utoipa::path(patch, path = "/api/v1/settings", operation_id = "change_settings", request_body = SettingsChangeBody, responses((status = 200, body = SettingsJson), (status = 403), (status = 409, description = "the settings were changed meanwhile"), (status = 422, description = "a setting that cannot be")))]
async fn change_settings(
    State(web): State<Web>,
    caller: Caller,
    Sent(body): Sent<SettingsChangeBody>,
) -> Result<Json<SettingsJson>> {
    let changes = named(body.settings)?;
    let stored = web.archive.settings(&caller.asker).await?;
    checked_together(&stored, &changes).map_err(refused)?;
    let changed = web
        .archive
        .settings_change(&caller.asker, &changes, body.version)
        .await?;
    Ok(Json(SettingsJson::of(&changed)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettingsTrialBody {
    /// At most 20,000 characters are looked at.
    text: String,
    /// Values to try instead of those that are stored.
    #[serde(default)]
    settings: BTreeMap<String, String>,
}

/// What the number patterns and own identifiers find in a text. Nothing is changed.
#[utoipa::path(post, path = "/api/v1/settings/try", operation_id = "try_settings", request_body = SettingsTrialBody, responses((status = 200, body = TrialJson), (status = 422, description = "a setting that cannot be")))]
async fn try_settings(
    State(web): State<Web>,
    caller: Caller,
    Sent(body): Sent<SettingsTrialBody>,
) -> Result<Json<TrialJson>> {
    let changes = named(body.settings)?;
    let stored = web.archive.settings(&caller.asker).await?;
    let tried = stored.with(&changes).map_err(refused)?;
    let text: String = body.text.chars().take(20_000).collect();
    Ok(Json(TrialJson::of(&tried, &text)))
}

fn named(settings: BTreeMap<String, String>) -> Result<Vec<(SettingName, String)>> {
    settings
        .into_iter()
        .map(|(name, value)| match SettingName::parse(&name) {
            Ok(name) => Ok((name, value)),
            Err(_) => Err(WebError::invalid(name, "is no setting; GET /api/v1/settings lists all")),
        })
        .collect()
}

/// The first fault is the field; the sentence holds them all.
fn refused(faults: Vec<SettingFault>) -> WebError {
    let field = faults.first().map_or("settings", |fault| fault.name.as_str());
    let mut reasons: Vec<String> = faults.iter().take(1).map(|fault| fault.because.to_string()).collect();
    reasons.extend(
        faults
            .iter()
            .skip(1)
            .map(|fault| format!("{}: {}", fault.name.as_str(), fault.because)),
    );
    WebError::invalid(field, reasons.join("; "))
}
