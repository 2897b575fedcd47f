//! What may be decided about something that waits for another person: agreed to with one press, or ended with a reason.

use crate::http::{
    address,
    error::{Final, Result},
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};

/// The buttons of one line.
#[derive(Debug, Clone, Default)]
pub struct DecisionButtons {
    /// What its line is called among the fields of the view.
    pub id: String,
    pub agree: Option<DecisionWay>,
    /// Each asks for a reason.
    pub endings: Vec<DecisionWay>,
}

#[derive(Debug, Clone)]
pub struct DecisionWay {
    pub url: String,
    pub label: String,
    /// It takes away what already holds.
    pub is_danger: bool,
}

impl DecisionButtons {
    pub fn of(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            ..Self::default()
        }
    }

    /// With a button that agrees, where that is for this person.
    pub fn agreeing(mut self, may: bool, under: &str, act: &str, label: String) -> Self {
        self.agree = may.then(|| way(under, &self.id, act, label, false));
        self
    }

    /// With a button that ends it for a reason, where that is for this person.
    pub fn ending(mut self, may: bool, under: &str, act: &str, label: String) -> Self {
        self.endings
            .extend(may.then(|| way(under, &self.id, act, label, false)));
        self
    }

    /// The same for what already holds.
    pub fn revoking(mut self, may: bool, under: &str, act: &str, label: String) -> Self {
        self.endings.extend(may.then(|| way(under, &self.id, act, label, true)));
        self
    }
}

fn way(under: &str, id: &str, act: &str, label: String, is_danger: bool) -> DecisionWay {
    DecisionWay {
        url: format!("{under}/{}/{act}", address::encode(id)),
        label,
        is_danger,
    }
}

/// The list again, because the decision was not taken; the view itself says why.
pub fn not_taken(view: &impl Template) -> Result<Response> {
    refused(StatusCode::CONFLICT, view)
}

/// The view again, with what was refused and why.
pub fn refused(status: StatusCode, view: &impl Template) -> Result<Response> {
    let mut response = (status, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}
