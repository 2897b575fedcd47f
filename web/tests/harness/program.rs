//! A program with a token of its own.

use super::{Answer, TestWeb};
use axum::http::{Method, StatusCode};
use records::identity::Scope;
use serde_json::Value;

pub struct Program<'w> {
    web: &'w TestWeb,
    pub bearer: String,
}

impl<'w> Program<'w> {
    /// One that may write.
    pub async fn of(web: &'w TestWeb, person: &str) -> Program<'w> {
        Self::scoped(web, person, Scope::Write).await
    }

    pub async fn scoped(web: &'w TestWeb, person: &str, scope: Scope) -> Program<'w> {
        let added = web.archive.token_add(&web.owner, person, "test", scope, 30).await;
        let (_, secret) = added.expect("a token");
        let bearer = format!("Bearer {secret}");
        Program { web, bearer }
    }

    pub async fn ask(&self, method: Method, address: &str, body: impl Into<Option<Value>>) -> Answer {
        let headers = [
            ("authorization", self.bearer.as_str()),
            ("content-type", "application/json"),
        ];
        let body = body.into().map(|body: Value| body.to_string()).unwrap_or_default();
        self.web.send(method, address, &headers, &body).await
    }

    /// What is read at an address.
    pub async fn json(&self, address: &str) -> Value {
        self.told(Method::GET, address, None).await
    }

    /// What is answered when all went well.
    pub async fn told(&self, method: Method, address: &str, body: impl Into<Option<Value>>) -> Value {
        let answer = self.ask(method, address, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
        answer.json()
    }
}
