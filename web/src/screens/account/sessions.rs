//! Where one is signed in, and ending it from afar.

use crate::{
    http::{
        address,
        error::Result,
        who::{Posted, Seat},
    },
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Redirect,
};
use records::identity::gate::OpenSession;

/// An open session of an account.
#[derive(Debug, Clone)]
pub struct SessionLine {
    /// Browser and system; empty where they are not known.
    pub browser: String,
    pub network: String,
    pub began: String,
    pub seen: String,
    /// The one that looks at the list.
    pub is_this: bool,
    /// Where it is ended; empty for those who only look.
    pub end_url: String,
}

impl SessionLine {
    /// The open sessions of an account, the last used first; `account` is the address of the account for those who may
    /// end them.
    pub(crate) async fn of(web: &Web, seat: &Seat, name: &str, account: Option<&str>) -> Result<Vec<Self>> {
        let sessions = web.archive.sessions(&seat.asker, name).await?;
        let line = |session: OpenSession| Self {
            is_this: session.id == seat.session,
            end_url: match account {
                Some(account) => format!("{account}/sessions/{}/end", address::encode(&session.id)),
                None => String::new(),
            },
            browser: session.browser,
            network: session.network,
            began: web.local(session.began_at),
            seen: web.local(session.seen_at),
        };
        Ok(sessions.into_iter().map(line).collect())
    }
}

/// `POST /account/sessions/{id}/end`
pub async fn end(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    web.archive.session_end(&seat.asker, seat.asker.name(), &id).await?;
    Ok(Redirect::to("/account?said=ended"))
}

/// `POST /account/sessions/end-others`: every session but the one that asks.
pub async fn end_others(State(web): State<Web>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let (name, this) = (seat.asker.name(), Some(seat.session.as_str()));
    web.archive.sessions_end(&seat.asker, name, this).await?;
    Ok(Redirect::to("/account?said=others-ended"))
}
