//! Is it alive, is it ready, how busy is it: for process supervisors, load balancers and Prometheus. Whether it lives
//! and is ready, everybody hears; how busy it is, whoever is on this machine or has an account. Nothing says more than a
//! number.

use crate::{
    http::{connections::Connections, who::LocalOrSignedIn},
    state::Web,
};
use axum::{
    Extension, Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
struct Alive {
    alive: bool,
    version: &'static str,
}

/// `GET /livez`: the process answers.
pub async fn live(State(web): State<Web>) -> Response {
    Json(Alive {
        alive: true,
        version: web.config.version,
    })
    .into_response()
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    database: bool,
    full_text: bool,
    /// Documents read so far while full text is made anew.
    rebuilding: Option<u64>,
}

/// `GET /readyz`: database and full text answer.
pub async fn ready(State(web): State<Web>) -> Response {
    let database = web.gate.setup_needed().await.is_ok();
    let status = web.finder.status();
    let full_text = status.generation.is_some();
    let ready = Readiness {
        ready: database && full_text,
        database,
        full_text,
        rebuilding: status.rebuilding,
    };
    let code = if ready.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let mut response = (code, Json(ready)).into_response();
    response.extensions_mut().insert(crate::http::error::Final);
    response
}

/// `GET /metrics`
pub async fn metrics(
    State(web): State<Web>,
    _: LocalOrSignedIn,
    connections: Option<Extension<Arc<Connections>>>,
) -> Response {
    let status = web.finder.status();
    let [open, left, away] = connections.map_or([0; 3], |Extension(connections)| connections.counts());
    let gauge = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let gauges = [
        ("dossier_connections", gauge(open)),
        ("dossier_connections_made_to_leave", gauge(left)),
        ("dossier_connections_turned_away", gauge(away)),
        ("dossier_index_pages", i64::try_from(status.pages).unwrap_or(i64::MAX)),
        (
            "dossier_index_dossiers",
            i64::try_from(status.dossiers).unwrap_or(i64::MAX),
        ),
        ("dossier_index_position", status.position.seq),
        ("dossier_index_rebuilding", i64::from(status.rebuilding.is_some())),
    ];
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
        web.metrics.text(&gauges),
    )
        .into_response()
}
