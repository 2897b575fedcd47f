//! A person's own searches: kept by name, renamed, deleted with undo; the recent ones forgotten at a click.

use super::offers::saved_url;
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Posted, Seat},
    },
    screens::parts::ViewLink,
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Redirect,
};
use records::{
    RefusedBecause,
    ids::SavedSearchId,
    searches::{SavedSearch, SavedSearchDraft},
};

/// Recent searches that the search view lists; the suggestions know more.
const RECENT_SHOWN: usize = 12;

/// The searches of whoever is looking.
#[derive(Debug, Clone, Default)]
pub struct OwnSearches {
    pub saved: Vec<SavedRow>,
    pub recent: Vec<ViewLink>,
}

#[derive(Debug, Clone)]
pub struct SavedRow {
    pub url: String,
    pub name: String,
    pub query: String,
    /// Where its forms are sent to.
    pub base: String,
    /// It is the one that is open.
    pub chosen: bool,
}

pub async fn own_searches(web: &Web, seat: &Seat, typed: &str) -> Result<OwnSearches> {
    let saved = web.archive.searches_saved(&seat.asker).await?;
    let recent = match typed {
        "" => web.archive.searches_recent(&seat.asker, RECENT_SHOWN).await?,
        _ => Vec::new(),
    };
    Ok(OwnSearches {
        saved: saved.into_iter().map(|search| saved_row(search, typed)).collect(),
        recent: recent
            .into_iter()
            .map(|query| ViewLink {
                url: address::with_query("/search", &[("q", &query)]),
                label: query,
            })
            .collect(),
    })
}

fn saved_row(search: SavedSearch, typed: &str) -> SavedRow {
    SavedRow {
        url: saved_url(&search),
        base: format!("/searches/{}", address::encode(search.id.as_str())),
        chosen: search.query == typed,
        name: search.name,
        query: search.query,
    }
}

/// What the next view says: what was done, or what a person can put right themselves.
fn said(outcome: records::Result<()>, done: &'static str) -> Result<&'static str> {
    match outcome {
        Ok(()) => Ok(done),
        Err(records::Error::Exists { .. }) => Ok("name-taken"),
        Err(records::Error::Invalid { .. }) => Ok("name-wrong"),
        Err(records::Error::Refused(RefusedBecause::TooManySearches { .. })) => Ok("too-many-saved"),
        Err(cause) => Err(cause.into()),
    }
}

/// `POST /searches`: keeps the search that is open.
pub async fn save(State(web): State<Web>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let draft = SavedSearchDraft {
        name: fields.text("name")?,
        query: fields.text("q")?,
        sorting: fields.text("sort")?,
    };
    fields.done()?;
    if services::search::sorting(&draft.sorting).is_none() {
        return Err(WebError::invalid("sort", "is not an order that there is"));
    }
    let said = said(web.archive.search_save(&seat.asker, &draft).await.map(drop), "saved")?;
    let back = address::with_query(
        "/search",
        &[("q", draft.query.trim()), ("sort", &draft.sorting), ("said", said)],
    );
    Ok(Redirect::to(&back))
}

/// `POST /searches/{id}/rename`
pub async fn rename(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let name = fields.text("name")?;
    fields.done()?;
    let id = SavedSearchId::parse(&id)?;
    let said = said(web.archive.search_rename(&seat.asker, &id, &name).await, "renamed")?;
    Ok(Redirect::to(&address::with_query("/search", &[("said", said)])))
}

/// `POST /searches/{id}/delete`: at once, with an undo instead of a question.
pub async fn delete(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let id = SavedSearchId::parse(&id)?;
    web.archive.search_delete(&seat.asker, &id).await?;
    let back = address::with_query("/search", &[("said", "deleted"), ("undo", id.as_str())]);
    Ok(Redirect::to(&back))
}

/// `POST /searches/{id}/undelete`
pub async fn undelete(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let id = SavedSearchId::parse(&id)?;
    let said = said(web.archive.search_undelete(&seat.asker, &id).await, "undeleted")?;
    Ok(Redirect::to(&address::with_query("/search", &[("said", said)])))
}

/// `POST /searches/recent/clear`
pub async fn clear_recent(State(web): State<Web>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    web.archive.searches_recent_clear(&seat.asker).await?;
    Ok(Redirect::to("/search?said=cleared"))
}
