//! Taking the second factor from an account whose authenticator is lost.

use super::{ADDRESS, edit};
use crate::{
    http::{address, error::Result, who::Posted},
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use records::Error;

/// `POST /admin/users/{name}/second-factor/reset`
pub async fn reset(State(web): State<Web>, Path(name): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    match web.archive.factor_reset(&seat.asker, &name).await {
        Ok(()) => {
            let url = format!("{ADDRESS}/{}?said=factor-reset", address::encode(&name));
            Ok(Redirect::to(&url).into_response())
        }
        Err(Error::Refused(because)) => edit::not_done(&web, &seat, &name, "factor", seat.t.refusal(&because)).await,
        Err(cause) => Err(cause.into()),
    }
}
