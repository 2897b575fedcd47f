//! What is sealed, for those who may break a seal: enough to find the right one again, and nothing more. Also how a
//! whole dossier is protected.

mod sample;

use super::{
    admin,
    grants::propose_url,
    lists,
    parts::{Choice, ViewLink},
    shell::{Here, Shell, ShellNotice},
};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Posted, Seat},
    },
    rail,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, Redirect},
};
use records::{
    PartialDate, Role, SecurityLevel,
    ids::DocumentId,
    kinds::Kinds,
    permission::{
        grants::GrantTarget,
        sealing::{DossierProtection, SealTerms, SealedRow, SealedThing},
    },
};
use serde::Deserialize;
use vocabulary::RecordList;

pub const SUBJECT: Subject = Subject {
    name: "sealed",
    rail: Some(rail::office("/admin/sealed", "sealed-title", |asker| {
        rail::archivists(asker) || rail::administrators(asker)
    })),
    routes,
    words: "documents",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/admin/sealed", sealed)
        .form("/documents/{id}/unseal", unseal_document)
        .form("/customers/{code}/protect", protect)
        .form("/customers/{code}/unseal", unseal_dossier)
}

#[derive(Template)]
#[template(path = "sealed.html")]
pub struct SealedView {
    pub t: Text,
    pub shell: Shell,
    pub rows: Vec<SealedLine>,
    pub exports: Vec<ViewLink>,
    /// There are more than one view shows.
    pub more: bool,
    /// May break seals, and lists all of them.
    pub sees_all: bool,
}

#[derive(Debug, Clone)]
pub struct SealedLine {
    pub thing: String,
    /// Of a document; a dossier is known by its customer.
    pub id: String,
    pub code: String,
    /// Where its dossier is.
    pub customer_url: String,
    /// Empty where the asker could not see it even without the seal.
    pub title: String,
    pub number: String,
    pub kind: String,
    pub date: String,
    pub at: String,
    pub who: String,
    pub reason: String,
    /// Until when it is meant to stay sealed, and whether that day has come.
    pub until: String,
    pub is_due: bool,
    /// Who sees it by a grant, and until when.
    pub shown_to: Vec<String>,
    /// Where a grant for it is proposed.
    pub grant_url: Option<String>,
    /// Where the form that breaks the seal is sent to; `None` for those who may not.
    pub url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub struct SealedAddress {
    #[serde(default)]
    said: String,
}

/// `GET /admin/sealed`
pub async fn sealed(State(web): State<Web>, seat: Seat, Query(asked): Query<SealedAddress>) -> Result<Html<String>> {
    let (t, limit) = (seat.t, web.config.limits.rows);
    let (rows, more) = api_types::window(web.archive.sealed(&seat.asker, limit + 1).await?, limit);
    let kinds = web.archive.kinds(&seat.asker).await?;
    let mut shell = web.shell(&seat, Here("admin")).await?;
    shell.notice = match asked.said.as_str() {
        "unsealed" => Some(ShellNotice {
            tone: "good",
            text: t.say("said-unsealed"),
        }),
        "sealed" => Some(ShellNotice {
            tone: "good",
            text: t.say("document-sealed"),
        }),
        _ => None,
    };
    let view = SealedView {
        t,
        shell,
        more,
        exports: lists::exports(t, RecordList::Sealed),
        sees_all: seat.asker.has(Role::Administrator),
        rows: rows.into_iter().map(|row| line(&web, &seat, &kinds, row)).collect(),
    };
    Ok(Html(view.render()?))
}

fn line(web: &Web, seat: &Seat, kinds: &Kinds, row: SealedRow) -> SealedLine {
    let t = seat.t;
    let (id, url, target) = match row.thing {
        SealedThing::Dossier => (
            String::new(),
            address::customer(&row.customer_code),
            GrantTarget::Dossier(row.customer_code.clone()),
        ),
        SealedThing::Document => (
            row.id.clone(),
            address::document(&row.id),
            GrantTarget::Document(row.id.clone()),
        ),
    };
    let opens = seat.asker.has(Role::Administrator);
    let settings = web.settings();
    let zone = &settings.time_zone;
    let today = web.environment.now().local_date(zone);
    SealedLine {
        id,
        thing: t.word("sealed-thing", row.thing.as_str()),
        url: opens.then(|| format!("{url}/unseal")),
        grant_url: opens.then(|| propose_url(seat, &target)).flatten(),
        title: row.title,
        number: row.number,
        kind: services::kind_name(kinds, &row.kind, t.lang()).to_owned(),
        customer_url: match row.customer_code.as_str() {
            "" => String::new(),
            code => address::customer(code),
        },
        code: row.customer_code,
        date: row.date,
        at: row.sealed_at.map(|at| web.local(at)).unwrap_or_default(),
        who: row.sealed_by,
        reason: row.reason,
        is_due: !row.until.is_empty() && row.until.as_str() <= today.as_str(),
        until: row.until,
        shown_to: row
            .shown_to
            .into_iter()
            .map(|(name, until)| {
                let last = until.plus_seconds(-1).local_date(zone).to_string();
                t.fill("sealed-shown-until", &[("name", &name), ("until", &last)])
            })
            .collect(),
    }
}

/// `POST /documents/{id}/unseal`
pub async fn unseal_document(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let id = DocumentId::parse(&id)?;
    let reason = fields.text("reason")?;
    fields.done()?;
    web.archive.document_unseal(&seat.asker, &id, &reason).await?;
    web.hid(&seat.asker).await?;
    Ok(Redirect::to("/admin/sealed?said=unsealed"))
}

/// `POST /customers/{code}/unseal`: the level of the dossier stays as it is.
pub async fn unseal_dossier(State(web): State<Web>, Path(code): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let reason = fields.text("reason")?;
    fields.done()?;
    let (now, version) = web.archive.dossier_protection(&seat.asker, &code).await?;
    let wanted = DossierProtection { sealed: false, ..now };
    let seal = SealTerms {
        reason,
        ..SealTerms::default()
    };
    web.archive
        .dossier_protect(&seat.asker, &code, version, wanted, &seal)
        .await?;
    web.hid(&seat.asker).await?;
    Ok(Redirect::to("/admin/sealed?said=unsealed"))
}

/// How a dossier is protected, as a form for those who may change it.
#[derive(Debug, Clone)]
pub struct ProtectionPanel {
    pub url: String,
    pub levels: Vec<Choice>,
    pub sealed: bool,
    pub version: i64,
}

pub async fn protection_of(web: &Web, seat: &Seat, customer: &str) -> Result<Option<ProtectionPanel>> {
    if !seat.asker.has(Role::Administrator) {
        return Ok(None);
    }
    let (now, version) = web.archive.dossier_protection(&seat.asker, customer).await?;
    let chosen = now.security_level.number();
    // A level above one's own clearance cannot be given; one that is set already is shown.
    let highest = seat.asker.clearance().number().max(chosen);
    let levels = web.levels_up_to(seat.t, highest, now.security_level);
    Ok(Some(ProtectionPanel {
        url: format!("{}/protect", address::customer(customer)),
        levels,
        sealed: now.sealed,
        version,
    }))
}

/// `POST /customers/{code}/protect`: what is sealed is gone for everybody without a grant, so the way then leads to the
/// list of what is sealed.
pub async fn protect(State(web): State<Web>, Path(code): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let (level, reason) = (fields.text("security_level")?, fields.text("reason")?);
    let until = fields.text("until")?;
    let version = admin::version_of(&mut fields, false)?;
    let sealed = match fields.text("sealed")?.as_str() {
        "0" => false,
        "1" => true,
        _ => return Err(WebError::invalid("sealed", "is 0 or 1")),
    };
    fields.done()?;
    let (before, _) = web.archive.dossier_protection(&seat.asker, &code).await?;
    let wanted = DossierProtection {
        security_level: SecurityLevel::parse(&level)?,
        sealed,
    };
    let seal = SealTerms {
        reason,
        until: PartialDate::parse(&until)?,
    };
    web.archive
        .dossier_protect(&seat.asker, &code, version, wanted, &seal)
        .await?;
    web.hid(&seat.asker).await?;
    Ok(Redirect::to(&match (before.sealed, sealed) {
        (false, true) => "/admin/sealed?said=sealed".to_owned(),
        (true, false) => "/admin/sealed?said=unsealed".to_owned(),
        _ => address::customer(&code),
    }))
}
