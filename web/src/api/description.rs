//! What all operations of the API have in common, written into the description once: who may call, how errors look and
//! which of them any call can meet, what the answers are called. Refuses to know any single operation.

use super::Interface;
use crate::http::guard::ProblemDetails;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Content, Header, LicenseBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder, Schema,
        ServerBuilder,
        path::{Operation, ParameterIn, PathItem},
        schema::{ArrayBuilder, ObjectBuilder, Type},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
        tag::TagBuilder,
    },
};

/// Content type of every error (RFC 9457).
const PROBLEM: &str = "application/problem+json";
/// How the schema of a list begins, with the name of its items behind.
const LIST: &str = "ListJson_";
const BEARER: &str = "bearer";
const SESSION: &str = "session";
const FORM_SECRET: &str = "form_secret";
/// The tag of what stands outside `/api/v1`: pictures and scans.
pub(super) const FILES: (&str, &str) = ("files", "Pictures of pages and the scans as they came.");

/// Errors that have one sentence wherever they are met.
const ERRORS: [(&str, &str, &str); 10] = [
    ("401", "NotSignedIn", "No bearer token, or one that has ended."),
    (
        "403",
        "Forbidden",
        "The account lacks the role, or the token the scope `write`; `detail` says which.",
    ),
    (
        "404",
        "NotFound",
        "There is no such thing, or the caller may not see it; the two are not told apart.",
    ),
    (
        "409",
        "Conflict",
        "Somebody was faster (`version_conflict`: read it again and decide anew), or what is there forbids it; `code` says what.",
    ),
    (
        "413",
        "TooLarge",
        "The body is larger than the limit that `detail` names.",
    ),
    (
        "422",
        "Invalid",
        "A part of the request cannot be used; `field` names it and `detail` says why.",
    ),
    (
        "500",
        "Failed",
        "The program failed; the cause is in its log under `request_id`.",
    ),
    (
        "502",
        "PictureFailed",
        "The picture of the page cannot be made; `detail` says why.",
    ),
    (
        "503",
        "Busy",
        "Too much at the moment, or the full text is being built; try again after the seconds of `Retry-After`.",
    ),
    ("507", "Full", "The disk of the archive is full; nothing was written."),
];

/// Gives every operation of a subject its tag.
pub(super) fn tag(described: &mut OpenApi, name: &str) {
    for operation in described.paths.paths.values_mut().flat_map(operations) {
        operation.1.tags = Some(vec![name.to_owned()]);
    }
}

/// Writes what is common into the description of these subjects.
pub(super) fn finish(described: &mut OpenApi, interfaces: &[Interface]) {
    described.info.license = Some(
        LicenseBuilder::new()
            .name("MIT or Apache License 2.0, as you like")
            .identifier(Some("MIT OR Apache-2.0"))
            .build(),
    );
    described.servers = Some(vec![
        ServerBuilder::new()
            .url("/")
            .description(Some("the archive that serves this description"))
            .build(),
    ]);
    let subjects = interfaces.iter().map(|interface| (interface.name, interface.about));
    let tags = subjects.chain([FILES]);
    described.tags = Some(
        tags.map(|(name, about)| TagBuilder::new().name(name).description(Some(about)).build())
            .collect(),
    );
    let components = described.components.get_or_insert_default();
    components
        .schemas
        .insert(ProblemDetails::name().into_owned(), ProblemDetails::schema());
    for (status, name, about) in ERRORS {
        components
            .responses
            .insert(name.to_owned(), error(status, about).into());
    }
    for (name, scheme) in schemes() {
        components.add_security_scheme(name, scheme);
    }
    name_the_items(&mut components.schemas);
    for (path, item) in &mut described.paths.paths {
        for (method, operation) in operations(item) {
            require_the_path(operation);
            complete(operation, method, path);
        }
    }
}

/// What stands in a path is always there, which the framework forgets where a part has words of its own.
fn require_the_path(operation: &mut Operation) {
    for part in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(part) = part
            && part.parameter_in == ParameterIn::Path
        {
            part.required = Required::True;
        }
    }
}

/// A list refers to the shape of its items by name, so that a client has one type for both.
fn name_the_items(schemas: &mut BTreeMap<String, RefOr<Schema>>) {
    let known: BTreeSet<String> = schemas.keys().cloned().collect();
    for (name, schema) in schemas {
        let item = name.strip_prefix(LIST).filter(|item| known.contains(*item));
        if let (Some(item), RefOr::T(Schema::Object(list))) = (item, schema) {
            let items = Ref::from_schema_name(item);
            list.properties
                .insert("items".to_owned(), ArrayBuilder::new().items(items).into());
        }
    }
}

fn schemes() -> [(&'static str, SecurityScheme); 3] {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "A token of `dossier users token NAME`. It gives what its account may, and changes something only with the scope `write`.",
        ))
        .build();
    let session = ApiKeyValue::with_description(
        "dossier",
        "The session of a browser; over TLS the cookie is called `__Host-dossier`.",
    );
    let form_secret = ApiKeyValue::with_description(
        "x-csrf-token",
        "Beside the session, for whatever changes something: the secret that the forms of the session carry.",
    );
    [
        (BEARER, SecurityScheme::Http(bearer)),
        (SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(session))),
        (FORM_SECRET, SecurityScheme::ApiKey(ApiKey::Header(form_secret))),
    ]
}

fn error(status: &str, about: &str) -> Response {
    let mut response = ResponseBuilder::new().description(about).content(PROBLEM, problem());
    if status == "503" {
        let seconds = ObjectBuilder::new().schema_type(Type::Integer);
        response = response.header("Retry-After", Header::new(seconds));
    }
    response.build()
}

fn problem() -> Content {
    Content::new(Some(Ref::from_schema_name(ProblemDetails::name())))
}

/// The operations of one address with their methods.
fn operations(item: &mut PathItem) -> Vec<(&'static str, &mut Operation)> {
    let all = [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
        .collect()
}

fn complete(operation: &mut Operation, method: &str, path: &str) {
    let changes = method != "get";
    let none: [&str; 0] = [];
    let session = SecurityRequirement::new(SESSION, none);
    operation.security = Some(vec![
        SecurityRequirement::new(BEARER, none),
        match changes {
            true => session.add(FORM_SECRET, none),
            false => session,
        },
    ]);
    let has_parts = operation.request_body.is_some() || operation.parameters.iter().flatten().count() > 0;
    let met = [
        ("401", true),
        ("403", changes),
        ("404", path.contains('{')),
        ("413", operation.request_body.is_some()),
        ("422", has_parts),
        ("500", true),
        ("503", true),
        ("507", changes),
    ];
    for (status, _) in met.into_iter().filter(|(_, is_met)| *is_met) {
        let responses = &mut operation.responses.responses;
        responses
            .entry(status.to_owned())
            .or_insert_with(|| RefOr::T(Response::new("")));
    }
    let summary = operation.summary.clone().unwrap_or_default();
    for (status, response) in &mut operation.responses.responses {
        describe(response, status, method, &summary);
    }
}

/// Gives a response the words that it lacks; an error that says nothing of its own is the common one.
fn describe(response: &mut RefOr<Response>, status: &str, method: &str, summary: &str) {
    let RefOr::T(own) = response else {
        return;
    };
    let common = ERRORS.iter().find(|(known, ..)| *known == status);
    if let Some((_, name, about)) = common {
        if own.description.is_empty() && own.content.is_empty() {
            *response = RefOr::Ref(Ref::from_response_name(*name));
            return;
        }
        if own.description.is_empty() {
            own.description = (*about).to_owned();
        }
        own.content
            .entry(PROBLEM.to_owned())
            .or_insert_with(|| RefOr::T(problem()));
        return;
    }
    if own.description.is_empty() {
        own.description = match (status, method) {
            ("200", "get") => summary.to_owned(),
            ("201", _) => "It was made; this is what stands there now.".to_owned(),
            ("204", _) => "It is done; there is nothing more to say.".to_owned(),
            ("206", _) => "The range that was asked for.".to_owned(),
            ("304", _) => "What the caller has is still right.".to_owned(),
            ("416", _) => "The range lies outside; `Content-Range` says how long the file is.".to_owned(),
            _ => "It is done; this is what stands there now.".to_owned(),
        };
    }
}
