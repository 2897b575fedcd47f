//! The record of a document as one form: every field that people may state, beside the first page. What cannot be
//! stands beside its field with what was typed; when somebody was faster, what stands there now does too.

mod own;
mod sample;

use super::{
    correcting::way_back::WayBack,
    parts::{self, Choice},
    shell::{Here, Shell},
};
use crate::{
    http::{
        address,
        error::{Final, Result, WebError},
        images,
        who::{Fields, Posted, Seat},
    },
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use own::OwnTyped;
use records::{
    Error, Role, SecurityLevel,
    audit::{AuditAction, AuditObject, EventDraft},
    documents::{CopyState, Counterpart, Document, DocumentDraft, DocumentField, Medium},
    ids::DocumentId,
    kinds::Kinds,
};
use std::collections::HashMap;
use vocabulary::Language;

pub const SUBJECT: Subject = Subject {
    name: "record",
    rail: None,
    routes,
    words: "record",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/documents/{id}/record", record)
        .form("/documents/{id}/correct", correct)
}

#[derive(Template)]
#[template(path = "record.html")]
pub struct RecordView {
    pub t: Text,
    pub shell: Shell,
    pub url: String,
    pub document_url: String,
    /// The view that the form came from, where that is not the document.
    pub back: &'static str,
    pub title: String,
    pub version: i64,
    /// Why it is changed, as it was typed.
    pub why: String,
    pub groups: Vec<FieldGroup>,
    /// A further field that is being added: its name and what stands in it.
    pub own_new: (String, String),
    pub own_fault: String,
    /// Address of a picture of the first page, and all its widths.
    pub picture: Option<(String, String)>,
    /// Somebody else changed the record meanwhile.
    pub conflict: bool,
}

#[derive(Debug, Clone)]
pub struct FieldGroup {
    pub label: String,
    pub fields: Vec<RecordField>,
}

#[derive(Debug, Clone, Default)]
pub struct RecordField {
    pub name: String,
    pub label: String,
    pub value: String,
    /// What may be chosen; empty for a field to type in.
    pub choices: Vec<Choice>,
    /// What it is looked up in while one types, such as the kinds; empty for none.
    pub offers: &'static str,
    pub hint: String,
    pub fault: String,
    /// What stands there now, when that differs from what was typed.
    pub now: String,
}

use DocumentField as Field;

/// The fields in the groups of the form.
const GROUPS: [(&str, &[DocumentField]); 3] = [
    (
        "record-group-what",
        &[
            Field::Title,
            Field::Kind,
            Field::Number,
            Field::FormCode,
            Field::Date,
            Field::ValidFrom,
            Field::ValidUntil,
        ],
    ),
    (
        "record-group-paper",
        &[
            Field::Medium,
            Field::CopyState,
            Field::VerifiedBy,
            Field::VerifiedOn,
            Field::Counterpart,
            Field::Copies,
            Field::PagesDeclared,
            Field::Seals,
        ],
    ),
    (
        "record-group-rights",
        &[
            Field::SecurityLevel,
            Field::Department,
            Field::Site,
            Field::RetentionClass,
        ],
    ),
];

/// What a form begins with: what stands in the record, or what was typed and what is wrong with it.
#[derive(Default)]
struct Filled {
    typed: HashMap<Field, String>,
    faults: HashMap<Field, String>,
    own: OwnTyped,
    why: String,
    conflict: bool,
    way: Option<WayBack>,
}

/// `GET /documents/{id}/record`
pub async fn record(State(web): State<Web>, seat: Seat, Path(id): Path<String>) -> Result<Html<String>> {
    seat.asker.require(Role::Archivist)?;
    let document = found(&web, &seat, &id).await?;
    let event = EventDraft::new(
        AuditAction::DocumentViewed,
        AuditObject::Document,
        document.row.id.as_str(),
    );
    web.archive.note_read(&seat.asker, event.detail("in=record")).await?;
    Ok(Html(form(&web, &seat, &document, Filled::default()).await?.render()?))
}

async fn found(web: &Web, seat: &Seat, id: &str) -> Result<Document> {
    web.archive.document(&seat.asker, id).await?.ok_or(WebError::NotFound)
}

async fn form(web: &Web, seat: &Seat, document: &Document, filled: Filled) -> Result<RecordView> {
    let t = seat.t;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let row = &document.row;
    let kind = services::kind_name(&kinds, &row.kind, t.lang()).to_owned();
    let now = document.draft()?;
    let url = address::document(row.id.as_str());
    let way = filled.way.unwrap_or(WayBack::Document);
    let mut groups = GROUPS
        .map(|(label, fields)| FieldGroup {
            label: t.say(label),
            fields: fields
                .iter()
                .map(|field| field_of(web, seat, &kinds, &now, *field, &filled))
                .collect(),
        })
        .to_vec();
    groups.push(own::group(t, &now, &filled.own, filled.conflict));
    Ok(RecordView {
        t,
        shell: web.shell(seat, Here("search")).await?,
        title: parts::title_of(t, row, &kind),
        version: row.version,
        why: filled.why.clone(),
        groups,
        own_new: filled.own.new.clone(),
        own_fault: filled.own.new_fault(t),
        picture: document.pages.first().map(|page| {
            let (image, srcset, _) = images::page_addresses(&row.id, page);
            (image, srcset)
        }),
        conflict: filled.conflict,
        url: format!("{url}/correct"),
        back: way.as_str(),
        document_url: way.address(&row.id, "", ""),
    })
}

fn field_of(web: &Web, seat: &Seat, kinds: &Kinds, now: &DocumentDraft, field: Field, filled: &Filled) -> RecordField {
    let t = seat.t;
    let mut stands = now.text(field);
    if field == Field::Kind {
        stands = services::kind_name(kinds, &stands, t.lang()).to_owned();
    }
    let value = filled.typed.get(&field).cloned().unwrap_or_else(|| stands.clone());
    let choices = choices_of(web, seat, field, &value, now.security_level);
    let differs = filled.conflict && value != stands;
    let shown = match choices.iter().find(|choice| choice.value == stands) {
        Some(choice) => choice.label.clone(),
        None => stands,
    };
    let hint = match field {
        Field::Kind => "hint-kind",
        Field::Date | Field::ValidFrom | Field::VerifiedOn => "hint-date",
        Field::ValidUntil => "hint-valid-until",
        Field::VerifiedBy => "hint-verified-by",
        Field::Seals => "hint-seals",
        Field::FormCode => "hint-form-code",
        Field::Department => "hint-department",
        Field::RetentionClass => "hint-retention-class",
        _ => "",
    };
    RecordField {
        name: field.as_str().to_owned(),
        label: t.word("field", field.as_str()),
        value,
        choices,
        offers: if field == Field::Kind { "kind" } else { "" },
        hint: if hint.is_empty() { String::new() } else { t.say(hint) },
        fault: filled.faults.get(&field).cloned().unwrap_or_default(),
        now: if differs {
            t.with("record-now", "value", if shown.is_empty() { "—" } else { &shown })
        } else {
            String::new()
        },
    }
}

fn choices_of(web: &Web, seat: &Seat, field: Field, value: &str, level: SecurityLevel) -> Vec<Choice> {
    let t = seat.t;
    let choice = |code: &str, label: String| Choice {
        value: code.to_owned(),
        label,
        chosen: code == value,
    };
    match field {
        Field::Medium => Medium::ALL
            .map(|medium| choice(medium.as_str(), t.word("medium", medium.as_str())))
            .into(),
        Field::CopyState => CopyState::ALL
            .map(|state| choice(state.as_str(), t.word("copy", state.as_str())))
            .into(),
        Field::Counterpart => std::iter::once(choice("", t.say("counterpart-unsaid")))
            .chain(Counterpart::ALL.map(|said| choice(said.as_str(), t.word("counterpart", said.as_str()))))
            .collect(),
        Field::SecurityLevel => {
            let mut levels = web.levels_up_to(t, seat.asker.clearance().number(), level);
            for level in &mut levels {
                level.chosen = level.value == value;
            }
            levels
        }
        _ => Vec::new(),
    }
}

/// Characters of a reason that are kept.
const WHY_MAX: usize = 400;

/// `POST /documents/{id}/correct`: fields that the form does not send stay as they are.
pub async fn correct(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    seat.asker.require(Role::Archivist)?;
    let id = DocumentId::parse(&id)?;
    let version = fields.text("version")?;
    let version: i64 = version
        .parse()
        .map_err(|_| WebError::invalid("version", "is a number"))?;
    let document = found(&web, &seat, id.as_str()).await?;
    let mut draft = document.draft()?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let (typed, mut faults) = taken(&mut fields, &kinds, &mut draft, seat.t)?;
    let own = OwnTyped::read(&mut fields, &mut draft)?;
    let way = WayBack::read(&mut fields)?;
    draft.why = fields
        .maybe("why")?
        .unwrap_or_default()
        .trim()
        .chars()
        .take(WHY_MAX)
        .collect();
    fields.done()?;
    if faults.is_empty() {
        if draft.security_level > seat.asker.clearance() {
            faults.insert(Field::SecurityLevel, fault_of(seat.t, Field::SecurityLevel));
        }
        if let Some((field, _)) = draft.misfit(Some(document.row.copy_state)) {
            faults.insert(field, fault_of(seat.t, field));
        }
    }
    let (status, conflict) = match faults.is_empty() && own.is_sound() {
        false => (StatusCode::UNPROCESSABLE_ENTITY, false),
        true => match web.archive.document_change(&seat.asker, &id, version, &draft).await {
            Ok(_) => {
                web.wrote(&seat.asker).await?;
                let said = if way == WayBack::Review { "corrected" } else { "" };
                return Ok(Redirect::to(&way.address(&id, said, "")).into_response());
            }
            Err(Error::Conflict { .. }) => (StatusCode::CONFLICT, true),
            Err(Error::Invalid { .. }) => {
                // What only the record knows: whether a paper stands on a shelf, and which kinds there are.
                let medium_changed = draft.particulars.medium != document.particulars.medium;
                let field = if medium_changed { Field::Medium } else { Field::Kind };
                faults.insert(field, fault_of(seat.t, field));
                (StatusCode::UNPROCESSABLE_ENTITY, false)
            }
            Err(cause) => return Err(cause.into()),
        },
    };
    let filled = Filled {
        typed,
        faults,
        own,
        why: draft.why,
        conflict,
        way: Some(way),
    };
    let view = form(&web, &seat, &document, filled).await?;
    let mut response = (status, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}

/// What was typed into each field, taken into the draft, and what is wrong with it.
fn taken(
    fields: &mut Fields,
    kinds: &Kinds,
    draft: &mut DocumentDraft,
    t: Text,
) -> Result<(HashMap<Field, String>, HashMap<Field, String>)> {
    let (mut typed, mut faults) = (HashMap::new(), HashMap::new());
    for field in Field::ALL {
        let Some(text) = fields.maybe(field.as_str())? else {
            continue;
        };
        let is_taken = match field {
            Field::Kind => kind_meant(kinds, &draft.kind, &text)
                .map(|code| draft.kind = code)
                .is_some(),
            _ => draft.set(field, &text).is_ok(),
        };
        if !is_taken {
            faults.insert(field, fault_of(t, field));
        }
        typed.insert(field, text);
    }
    Ok((typed, faults))
}

/// The code of the kind that was meant by its code, a name of it or one of its title words; `None` for no kind at all.
fn kind_meant(kinds: &Kinds, stands: &str, typed: &str) -> Option<String> {
    let typed = typed.trim();
    let is_as_it_was = |language: Language| services::kind_name(kinds, stands, language.as_str()) == typed;
    if typed.is_empty() || Language::ALL.into_iter().any(is_as_it_was) {
        return Some(if typed.is_empty() { "" } else { stands }.to_owned());
    }
    kinds.resolve(typed).map(|kind| kind.code.clone())
}

/// What would be right.
fn fault_of(t: Text, field: Field) -> String {
    t.say(match field {
        Field::Date | Field::ValidFrom | Field::VerifiedOn => "field-fault-date",
        Field::ValidUntil => "field-fault-valid-until",
        Field::PagesDeclared => "field-fault-pages-declared",
        Field::Copies => "field-fault-copies",
        Field::VerifiedBy => "field-fault-verified-by",
        Field::Seals => "field-fault-seals",
        Field::SecurityLevel => "field-fault-security-level",
        Field::Kind => "field-fault-kind",
        Field::Medium => "field-fault-medium",
        _ => "field-fault-other",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_stands_in_one_group() {
        let mut grouped: Vec<Field> = GROUPS.iter().flat_map(|(_, fields)| fields.iter().copied()).collect();
        grouped.sort_unstable();
        let mut all = Field::ALL.to_vec();
        all.sort_unstable();
        assert_eq!(grouped, all);
    }
}
