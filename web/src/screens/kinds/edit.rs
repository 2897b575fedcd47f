//! One kind as a form. What cannot be is said beside its field, and the form keeps what was typed.

use crate::{
    http::{
        error::{Final, Result, WebError},
        who::{Fields, Posted, Seat},
    },
    screens::{
        admin,
        parts::{self, Choice},
        shell::{Here, Shell},
    },
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    Role, SecurityLevel,
    kinds::{DocumentKind, KindFlag, KindFlags, KindGroup, Kinds, ListFault, ListWrong},
};

#[derive(Template)]
#[template(path = "kind.html")]
pub struct KindView {
    pub t: Text,
    pub shell: Shell,
    pub is_new: bool,
    pub form: KindForm,
    pub documents: u64,
    /// Checklists that ask for this kind.
    pub checklists: Vec<String>,
}

/// A kind as it is typed. A fault stands beside its field.
#[derive(Debug, Clone, Default)]
pub struct KindForm {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub titles: String,
    pub content: String,
    pub retention: String,
    pub position: String,
    pub active: bool,
    /// Of the kind that the form shows; 0 for a new one.
    pub version: i64,
    pub groups: Vec<Choice>,
    pub levels: Vec<Choice>,
    pub flags: Vec<Choice>,
    /// The field that is wrong, and what would be right.
    pub wrong: String,
    pub fault: String,
}

/// `GET /admin/kinds/{code}`; `new` is an empty form.
pub async fn kind(State(web): State<Web>, seat: Seat, Path(code): Path<String>) -> Result<Html<String>> {
    seat.asker.require(Role::Administrator)?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let is_new = code == "new";
    let kind = match kinds.get(&code) {
        Some(kind) => kind.clone(),
        None if is_new => blank(&kinds),
        None => return Err(WebError::NotFound),
    };
    let versions = web.archive.kind_versions(&seat.asker).await?;
    let form = KindForm {
        version: versions.get(&kind.code).copied().unwrap_or(0),
        ..form_of(&web, seat.t, &kind)
    };
    Ok(Html(view(&web, &seat, is_new, form).await?.render()?))
}

async fn view(web: &Web, seat: &Seat, is_new: bool, form: KindForm) -> Result<KindView> {
    let counts = web.archive.kind_counts(&seat.asker).await?;
    let lists = web.archive.checklists(&seat.asker).await?;
    let asking = lists.asking_for(&form.code);
    Ok(KindView {
        t: seat.t,
        shell: web.shell(seat, Here("admin")).await?,
        is_new,
        documents: parts::count(counts.get(&form.code).copied().unwrap_or(0)),
        checklists: asking.map(|list| list.name(seat.t.lang()).to_owned()).collect(),
        form,
    })
}

fn blank(kinds: &Kinds) -> DocumentKind {
    DocumentKind {
        code: String::new(),
        group: KindGroup::Other,
        name_zh: String::new(),
        name_en: String::new(),
        title_patterns: Vec::new(),
        content_patterns: Vec::new(),
        flags: KindFlags::default(),
        security_level: SecurityLevel::INTERNAL,
        retention_class: String::new(),
        position: kinds.next_position(),
        active: true,
    }
}

fn form_of(web: &Web, t: Text, kind: &DocumentKind) -> KindForm {
    KindForm {
        code: kind.code.clone(),
        name_zh: kind.name_zh.clone(),
        name_en: kind.name_en.clone(),
        titles: kind.title_patterns.join("\n"),
        content: kind.content_patterns.join("\n"),
        retention: kind.retention_class.clone(),
        position: kind.position.to_string(),
        active: kind.active,
        version: 0,
        groups: KindGroup::ALL
            .map(|group| Choice {
                value: group.as_str().to_owned(),
                label: group.name(t.0).to_owned(),
                chosen: group == kind.group,
            })
            .into(),
        levels: web.level_choices(t, kind.security_level),
        flags: KindFlag::ALL
            .map(|flag| Choice {
                value: flag.letter().to_string(),
                label: flag.name(t.0).to_owned(),
                chosen: kind.flags.has(flag),
            })
            .into(),
        wrong: String::new(),
        fault: String::new(),
    }
}

/// `POST /admin/kinds/{code}`: adds a kind (`new`) or changes one. The form keeps what was typed.
pub async fn save(State(web): State<Web>, Path(code): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    seat.asker.require(Role::Administrator)?;
    let t = seat.t;
    let is_new = code == "new";
    let kinds = web.archive.kinds(&seat.asker).await?;
    let known = match kinds.get(&code) {
        Some(kind) => kind.clone(),
        None if is_new => blank(&kinds),
        None => return Err(WebError::NotFound),
    };
    let (kind, position) = typed(&mut fields, known, is_new)?;
    let version = admin::version_of(&mut fields, is_new)?;
    fields.done()?;
    let checked = if is_new && kinds.get(&kind.code).is_some() {
        Err(ListFault::new("code", &kind.code, ListWrong::CodeTaken))
    } else if position.parse::<i64>().is_err() {
        Err(ListFault::new("position", &position, ListWrong::Position))
    } else {
        kinds.checked(&kind)
    };
    let fault = match checked {
        Ok(kind) => {
            web.archive.kind_set(&seat.asker, version, &kind).await?;
            web.wrote(&seat.asker).await?;
            return Ok(Redirect::to("/admin/kinds?said=saved").into_response());
        }
        Err(fault) => fault,
    };
    let form = KindForm {
        wrong: fault.column.to_owned(),
        fault: admin::fault_text(t, &fault),
        position,
        version,
        ..form_of(&web, t, &kind)
    };
    refused(view(&web, &seat, is_new, form).await?)
}

/// `POST /admin/kinds/{code}/delete`: takes away a kind that nothing uses.
pub async fn delete(State(web): State<Web>, Path(code): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let kind = kinds.get(&code).ok_or(WebError::NotFound)?;
    match web.archive.kind_delete(&seat.asker, &code).await {
        Ok(()) => {
            web.wrote(&seat.asker).await?;
            Ok(Redirect::to("/admin/kinds?said=deleted").into_response())
        }
        Err(records::Error::Refused(_)) => {
            let form = KindForm {
                wrong: "delete".to_owned(),
                fault: seat.t.say("kind-in-use"),
                ..form_of(&web, seat.t, kind)
            };
            refused(view(&web, &seat, false, form).await?)
        }
        Err(cause) => Err(cause.into()),
    }
}

fn refused(view: KindView) -> Result<Response> {
    let mut response = (StatusCode::UNPROCESSABLE_ENTITY, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}

/// The kind as it was typed, and its position as it was written.
fn typed(fields: &mut Fields, known: DocumentKind, is_new: bool) -> Result<(DocumentKind, String)> {
    let lines = |text: String| -> Vec<String> {
        let words = text.split(['\n', ';', '；']).map(str::trim);
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let code = fields.text("code")?;
    let mut flags = String::new();
    for flag in KindFlag::ALL {
        flags.push_str(&fields.text(&format!("flag_{}", flag.letter()))?);
    }
    let position = fields.text("position")?.trim().to_owned();
    let kind = DocumentKind {
        code: if is_new { code.trim().to_owned() } else { known.code },
        group: KindGroup::parse_or(&fields.text("group")?, known.group).map_err(records::Error::from)?,
        name_zh: fields.text("name_zh")?.trim().to_owned(),
        name_en: fields.text("name_en")?.trim().to_owned(),
        title_patterns: lines(fields.text("title_patterns")?),
        content_patterns: lines(fields.text("content_patterns")?),
        flags: KindFlags::parse(&flags)?,
        security_level: SecurityLevel::parse(&fields.text("level")?)?,
        retention_class: fields.text("retention_class")?.trim().to_owned(),
        position: position.parse().unwrap_or(known.position),
        active: !fields.text("active")?.is_empty(),
    };
    Ok((kind, position))
}
