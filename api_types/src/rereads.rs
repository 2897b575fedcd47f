//! Orders to read documents again.

use crate::detail::{self, DetailCodeJson};
use records::pages::reread::{RereadFailure, RereadOrder};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct RereadJson {
    pub reread: String,
    pub scope: String,
    pub scope_name: String,
    pub settings: String,
    pub by: String,
    pub documents: i64,
    pub waiting: i64,
    pub working: i64,
    pub done: i64,
    pub failed: i64,
    pub cancelled: i64,
    pub pages: i64,
    pub pages_changed: i64,
    pub pages_failed: i64,
    pub failures: Vec<RereadFailureJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RereadFailureJson {
    pub document_id: String,
    pub title: String,
    pub reason: String,
    pub reason_code: Option<DetailCodeJson>,
}

impl RereadJson {
    /// What is told where there was nothing to read again, so that no order was written.
    pub fn nothing(scope: &str, scope_name: &str) -> Self {
        Self {
            scope: scope.to_owned(),
            scope_name: scope_name.to_owned(),
            ..Self::default()
        }
    }
}

/// How far an order is; `failures` names what could not be read, where it was asked for.
pub fn reread(order: RereadOrder, failures: Vec<RereadFailure>) -> RereadJson {
    let failures = failures.into_iter().map(|failure| RereadFailureJson {
        document_id: failure.document_id.to_string(),
        title: failure.title,
        reason: detail::text(Some(&failure.reason)),
        reason_code: detail::code(Some(&failure.reason)),
    });
    RereadJson {
        documents: order.documents(),
        settings: order.settings.words(),
        reread: order.id.to_string(),
        scope: order.scope,
        scope_name: order.scope_name,
        by: order.by_name,
        waiting: order.waiting,
        working: order.working,
        done: order.done,
        failed: order.failed,
        cancelled: order.cancelled,
        pages: order.pages,
        pages_changed: order.pages_changed,
        pages_failed: order.pages_failed,
        failures: failures.collect(),
    }
}
