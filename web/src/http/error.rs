//! What goes wrong on the way to an answer. A handler returns a [`WebError`]; the frame turns it into a problem
//! document (RFC 9457) for programs or a view for people. The user gets a request id, the log the cause, once.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use records::{Field, RefusedBecause};

pub type Result<T, E = WebError> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebError {
    #[error(transparent)]
    Records(#[from] records::Error),
    #[error(transparent)]
    Index(#[from] index::Error),
    #[error(transparent)]
    Image(#[from] records::page_images::PageImageError),
    #[error("a view could not be rendered: {0}")]
    Template(#[from] askama::Error),
    #[error("there is nothing here, or you may not see it")]
    NotFound,
    #[error("sign in first, or send a bearer token")]
    NotSignedIn,
    #[error("the request did not come from one of our own forms; reload the page and send it again")]
    NotFromUs,
    #[error("this one-time link has expired or was used; ask for a new one")]
    LinkIsOver,
    #[error("the body is over the limit of {limit} bytes")]
    TooLarge { limit: usize },
    #[error("{field}: {reason}")]
    Invalid { field: String, reason: String },
    #[error("too many requests at the moment; try again in a few seconds")]
    Busy,
    #[error("the password could not be hashed: {0}")]
    Password(String),
    #[error("the list could not be written: {0}")]
    Export(String),
    #[error("a handler panicked: {0}")]
    Panicked(String),
    #[error("this address does not take this kind of request")]
    Method,
    #[error("send the header Host once, as RFC 9112 says")]
    Host,
}

impl From<vocabulary::Unusable> for WebError {
    fn from(unusable: vocabulary::Unusable) -> Self {
        WebError::Records(unusable.into())
    }
}

impl From<services::Error> for WebError {
    fn from(cause: services::Error) -> Self {
        use services::Error as S;
        match cause {
            S::Records(cause) => Self::Records(cause),
            S::Index(cause) => Self::Index(cause),
            // What is not there and what may not be seen are told apart by nobody.
            S::Absent { .. } => Self::NotFound,
            S::Invalid { field, reason } => Self::invalid(field, reason.to_string()),
            S::Export(cause) => Self::Export(cause),
        }
    }
}

impl WebError {
    pub fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Invalid {
            field: field.into(),
            reason: reason.into(),
        }
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Self::Index(index::Error::Query(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Index(index::Error::Rebuilding { .. }) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Index(index::Error::Records(cause)) => of_records(cause),
            Self::Records(cause) => of_records(cause),
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::NotFromUs => StatusCode::FORBIDDEN,
            Self::LinkIsOver => StatusCode::GONE,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Image(_) => StatusCode::BAD_GATEWAY,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Host => StatusCode::BAD_REQUEST,
            Self::Index(_) | Self::Template(_) | Self::Password(_) | Self::Export(_) | Self::Panicked(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Records(cause) => cause.code(),
            Self::Index(cause) => cause.code(),
            Self::Image(_) => "page_image_failed",
            Self::Template(_) => "render_error",
            Self::NotFound => "not_found",
            Self::NotSignedIn => "not_signed_in",
            Self::NotFromUs => "not_from_us",
            Self::LinkIsOver => "link_is_over",
            Self::TooLarge { .. } => "too_large",
            Self::Invalid { .. } => "invalid_value",
            Self::Busy => "busy",
            Self::Password(_) => "password_error",
            Self::Export(_) => "export_failed",
            Self::Panicked(_) => "internal_error",
            Self::Method => "method_not_allowed",
            Self::Host => "host_missing",
        }
    }

    fn cause(&self) -> Option<&records::Error> {
        match self {
            Self::Records(cause) | Self::Index(index::Error::Records(cause)) => Some(cause),
            _ => None,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Invalid { field, .. } => Some(field.clone()),
            other => other.cause().and_then(records::Error::about).map(str::to_owned),
        }
    }

    fn about(&self) -> FailureAbout {
        match self.cause() {
            Some(records::Error::Invalid { what, value, .. }) => FailureAbout::Field(*what, value.clone()),
            Some(records::Error::Refused(because)) => FailureAbout::Refusal(because.clone()),
            _ => FailureAbout::Nothing,
        }
    }

    /// What the asker is told. Causes inside the program stay in the log.
    fn detail(&self) -> String {
        if self.status().is_server_error()
            && !matches!(
                self,
                Self::Busy | Self::Image(_) | Self::Index(index::Error::Rebuilding { .. })
            )
        {
            return "the program failed; the cause is in the log under this request id".to_owned();
        }
        match self {
            Self::Image(cause) => format!("page image cannot be made: {}", cause.reason),
            other => other.to_string(),
        }
    }
}

fn of_records(cause: &records::Error) -> StatusCode {
    use records::Error as R;
    match cause {
        cause if cause.is_full() => StatusCode::INSUFFICIENT_STORAGE,
        R::Refused(RefusedBecause::TooManyLookups { .. }) => StatusCode::TOO_MANY_REQUESTS,
        R::Refused(RefusedBecause::TrailNotWritten { .. } | RefusedBecause::TrailClosed {}) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        R::Refused(RefusedBecause::PlaceUnknown { .. }) => StatusCode::UNPROCESSABLE_ENTITY,
        R::Conflict { .. } | R::Exists { .. } | R::Refused(_) => StatusCode::CONFLICT,
        R::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        R::Absent { .. } => StatusCode::NOT_FOUND,
        R::Forbidden { .. } | R::TokenReadsOnly => StatusCode::FORBIDDEN,
        R::NewerSchema { .. } => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What a failure is about, for those who say it in the reader's language.
#[derive(Debug, Clone, Default)]
pub enum FailureAbout {
    #[default]
    Nothing,
    /// A field of the record and what was written into it.
    Field(Field, String),
    /// Why something that is understood is not done.
    Refusal(RefusedBecause),
}

/// Travels with an undressed response to the frame.
#[derive(Debug, Clone)]
pub struct Failure {
    pub status: StatusCode,
    pub code: &'static str,
    /// The stable word of the field or thing it is about.
    pub field: Option<String>,
    pub about: FailureAbout,
    pub detail: String,
    /// For the log only.
    pub cause: String,
}

/// Marks an answer with an error status that is a finished view and must not be dressed.
#[derive(Debug, Clone, Copy)]
pub struct Final;

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let failure = Failure {
            status: self.status(),
            code: self.code(),
            field: self.field(),
            about: self.about(),
            detail: self.detail(),
            cause: self.to_string(),
        };
        let mut response = failure.status.into_response();
        response.extensions_mut().insert(failure);
        response
    }
}
