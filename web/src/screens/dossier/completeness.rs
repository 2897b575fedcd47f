//! A dossier held against a checklist: what it would hold if it were complete, and what it lacks.

use crate::{
    http::{address, error::Result, who::Posted},
    screens::parts::Choice,
    state::Web,
    text::Text,
};
use axum::{
    extract::{Path, State},
    response::Redirect,
};
use records::{
    customers::Customer,
    documents::DocumentRow,
    kinds::{Checklists, Kinds},
};
use std::collections::HashSet;

/// What a complete dossier would hold, and what this one lacks.
#[derive(Debug, Clone, Default)]
pub struct Completeness {
    /// Checklists that fit the customer, the first to choose none.
    pub checklists: Vec<Choice>,
    /// The code of the chosen one, when it is not the one that the record holds.
    pub unsaved: Option<String>,
    pub save_url: String,
    /// Kinds that the chosen checklist asks for, in its order; empty without one.
    pub asked: Vec<AskedKind>,
    pub missing: usize,
    pub summary: String,
}

#[derive(Debug, Clone)]
pub struct AskedKind {
    pub name: String,
    pub missing: bool,
}

/// `POST /customers/{key}/checklist`
pub async fn set_checklist(State(web): State<Web>, Path(key): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let checklist = fields.text("checklist")?;
    fields.done()?;
    let code = if checklist == NO_CHECKLIST {
        ""
    } else {
        checklist.as_str()
    };
    web.archive.dossier_checklist_set(&seat.asker, &key, code).await?;
    Ok(Redirect::to(&address::customer(&key)))
}

/// In the address: no checklist, even where the record names one.
const NO_CHECKLIST: &str = "none";

/// Holds the documents that the asker sees against a checklist: the one asked for, else the one of the record.
pub(super) fn completeness_of(
    t: Text,
    kinds: &Kinds,
    checklists: &Checklists,
    customer: &Customer,
    rows: &[DocumentRow],
    asked: &str,
    may_set: bool,
) -> Completeness {
    let wanted = if asked.is_empty() {
        customer.checklist.as_str()
    } else {
        asked
    };
    let fitting: Vec<_> = checklists
        .all()
        .iter()
        .filter(|list| list.fits(customer.kind) || list.code == wanted)
        .collect();
    let chosen = fitting.iter().find(|list| list.code == wanted);
    let none = Choice {
        value: NO_CHECKLIST.to_owned(),
        label: t.say("checklist-none"),
        chosen: chosen.is_none(),
    };
    let choices = fitting.iter().map(|list| Choice {
        value: list.code.clone(),
        label: list.name(t.lang()).to_owned(),
        chosen: list.code == wanted,
    });
    let held: HashSet<&str> = rows.iter().map(|row| row.kind.as_str()).collect();
    let missing = chosen.map_or_else(Vec::new, |list| list.missing(|kind| held.contains(kind)));
    let asked_kinds: Vec<_> = chosen
        .iter()
        .flat_map(|list| &list.kind_codes)
        .map(|code| AskedKind {
            name: kinds.name(code, t.lang()).to_owned(),
            missing: missing.contains(&code.as_str()),
        })
        .collect();
    let code = chosen.map_or("", |list| list.code.as_str());
    Completeness {
        checklists: std::iter::once(none).chain(choices).collect(),
        unsaved: (may_set && code != customer.checklist).then(|| match code {
            "" => NO_CHECKLIST.to_owned(),
            code => code.to_owned(),
        }),
        save_url: format!("{}/checklist", address::customer(&customer.code)),
        missing: missing.len(),
        summary: match (asked_kinds.len(), missing.len()) {
            (0, _) => String::new(),
            (asked, 0) => t.n("checklist-complete", asked),
            (asked, missing) => t.fill("checklist-missing", &[("missing", &missing), ("asked", &asked)]),
        },
        asked: asked_kinds,
    }
}
