//! How a subject registers itself. One value says all that the rest of the house must know of its screens: router, rail,
//! the tests of forms and of sight, and the gallery are made from it.

use crate::{rail::Rail, state::Web, text::Text};
use askama::Template;
use axum::{
    Router,
    handler::Handler,
    routing::{get, post},
};

/// One subject on screen.
#[derive(Clone, Copy)]
pub struct Subject {
    pub name: &'static str,
    pub rail: Option<Rail>,
    pub routes: fn() -> Routes,
    /// The file in `locales/zh-CN` and `locales/en` that holds its words.
    pub words: &'static str,
    /// Its views with sample data, for the gallery.
    pub samples: fn(Text) -> Vec<Sample>,
}

/// What a route answers with, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A view for a person who is signed in.
    View,
    /// A part of a view, a file or a picture, for a person who is signed in.
    Part,
    /// A form with the secret of the session in it.
    Form,
    /// A view before sign-in.
    OpenView,
    /// A form before sign-in; that it comes from us is checked by its headers alone.
    OpenForm,
}

#[derive(Debug, Clone)]
pub struct Route {
    pub access: Access,
    pub path: &'static str,
    /// What a request must say after its `?` to reach the handler.
    pub query: &'static str,
}

impl Route {
    /// An address that reaches the handler: what is named in the path is replaced by something well-formed.
    pub fn example(&self) -> String {
        let parts = self.path.split('/').map(|part| match part {
            "{number}" | "{layer}" | "{width}" => "1",
            part if part.starts_with('{') => "x",
            part => part,
        });
        let mut address = parts.collect::<Vec<_>>().join("/");
        if !self.query.is_empty() {
            address.push('?');
            address.push_str(self.query);
        }
        address
    }
}

/// Routes with what tests need to know of them.
#[derive(Default)]
pub struct Routes {
    pub router: Router<Web>,
    pub list: Vec<Route>,
}

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn view<H: Handler<T, Web>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.with(Access::View, path, get(handler))
    }

    pub fn part<H: Handler<T, Web>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.with(Access::Part, path, get(handler))
    }

    pub fn form<H: Handler<T, Web>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.with(Access::Form, path, post(handler))
    }

    pub fn open_view<H: Handler<T, Web>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.with(Access::OpenView, path, get(handler))
    }

    pub fn open_form<H: Handler<T, Web>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.with(Access::OpenForm, path, post(handler))
    }

    /// The route just added is reached only with this query.
    pub fn asked(mut self, query: &'static str) -> Self {
        if let Some(route) = self.list.last_mut() {
            route.query = query;
        }
        self
    }

    fn with(mut self, access: Access, path: &'static str, handler: axum::routing::MethodRouter<Web>) -> Self {
        self.router = self.router.route(path, handler);
        self.list.push(Route {
            access,
            path,
            query: "",
        });
        self
    }
}

/// A view with sample data.
pub struct Sample {
    pub name: &'static str,
    pub html: askama::Result<String>,
}

impl Sample {
    pub fn of(name: &'static str, view: &impl Template) -> Self {
        Self {
            name,
            html: view.render(),
        }
    }
}

/// For subjects without a view of their own.
pub fn no_samples(_: Text) -> Vec<Sample> {
    Vec::new()
}
