//! Every route of the router, as everybody may ask for it: a stranger, four roles, programs that read and that write, with
//! three clearances, of documents that are visible, hidden, sealed and absent. What is hidden is answered exactly like
//! what is not there; what is visible is answered as the table `matrix.txt` says, which has a row for each route.
//!
//! The table is renewed with DOSSIER_RENEW=1; look at what has changed in it.

use crate::harness::{Answer, Program, TestWeb, certain, document, in_review, layer, page};
use api_types::pictures::{USUAL, name};
use axum::http::Method;
use records::{
    SecurityLevel, documents::NewDocument, identity::Scope, ids::DocumentId, permission::sealing::SealTerms,
};
use std::{collections::BTreeMap, fmt::Write, path::Path};
use web::{screens, subject::Access};

/// A route and how it is spoken to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    path: String,
    method: String,
    /// A form or view of a browser; else JSON.
    by_form: bool,
}

/// A document in one of its four states, with what addresses name of it.
#[derive(Clone)]
struct Paper {
    id: String,
    image: String,
    scan: String,
}

struct Person {
    name: &'static str,
    headers: Vec<(&'static str, String)>,
    csrf: String,
}

/// An id of nothing.
const NOTHING: &str = "01937f2e-0000-7000-8000-0000000000aa";

/// Ends the session that the other routes are asked in, and asks for a password that the people of this test have not.
const NOT_SENT: [&str; 4] = [
    "/sign-out",
    "/account/password",
    "/account/second-factor/begin",
    "/account/second-factor/off",
];

/// All that the router has: what subjects have registered, what the API describes, and what is in front of both.
async fn routes(web: &TestWeb) -> Vec<Asked> {
    let mut all = Vec::new();
    let mut add = |path: &str, method: &str, by_form| {
        all.push(Asked {
            path: path.to_owned(),
            method: method.to_owned(),
            by_form,
        });
    };
    for route in screens::SUBJECTS.iter().flat_map(|subject| (subject.routes)().list) {
        let method = match route.access {
            Access::View | Access::Part | Access::OpenView => "GET",
            Access::Form | Access::OpenForm => "POST",
        };
        let query = if route.query.is_empty() {
            String::new()
        } else {
            format!("?{}", route.query)
        };
        add(&format!("{}{query}", route.path), method, true);
    }
    let description = web.send(Method::GET, "/api/v1/openapi.json", &[], "").await.json();
    for (path, methods) in description["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            add(path, &method.to_uppercase(), false);
        }
    }
    for open in [
        "/",
        "/livez",
        "/readyz",
        "/metrics",
        "/api/v1/openapi.json",
        "/no/such/view",
    ] {
        add(open, "GET", true);
    }
    all.sort();
    all.dedup();
    all
}

/// Whether a document is named in the address, and one that waits in review.
fn names_document(path: &str) -> Option<bool> {
    let of_document = ["/documents/{", "/api/v1/documents/{", "/api/v1/things/{"];
    if path.starts_with("/review/{") {
        return Some(true);
    }
    of_document.iter().any(|start| path.starts_with(start)).then_some(false)
}

/// The address with the document in it; everything else that is named is well-formed, and there is no such thing, but
/// for customer, place and account.
fn address(path: &str, paper: &Paper) -> String {
    let in_document = names_document(path).is_some();
    let parts = path.split('/').map(|part| match part {
        "{number}" => "1".to_owned(),
        "{layer}" => "1".to_owned(),
        "{width}" => USUAL.to_string(),
        "{name}" if path.contains("/images/") => paper.image.clone(),
        "{sha256}" => paper.scan.clone(),
        "{id}" | "{key}" | "{thing}" if in_document => paper.id.clone(),
        "{code}" | "{key}" if path.contains("/customers/{") => "KH-1".to_owned(),
        "{code}" if path.contains("/locations/{") || path.contains("/contents/{") => "K1".to_owned(),
        "{register}" => "customers".to_owned(),
        // A list that not everybody may read.
        "{list}" => "review".to_owned(),
        "{format}" => "csv".to_owned(),
        "{id}" => NOTHING.to_owned(),
        part if part.starts_with('{') => "x".to_owned(),
        part => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

async fn ask(web: &TestWeb, person: &Person, asked: &Asked, paper: &Paper) -> Answer {
    let (kind, body) = match asked.by_form {
        true => ("application/x-www-form-urlencoded", format!("csrf={}", person.csrf)),
        false => ("application/json", "{}".to_owned()),
    };
    let mut headers = vec![
        ("accept", if asked.by_form { "text/html" } else { "application/json" }),
        ("accept-language", "en"),
    ];
    headers.extend(person.headers.iter().map(|(name, value)| (*name, value.as_str())));
    let method = Method::from_bytes(asked.method.as_bytes()).expect("a method");
    let body = if method == Method::GET {
        String::new()
    } else {
        headers.push(("content-type", kind));
        if asked.by_form {
            headers.push(("sec-fetch-site", "same-origin"));
        } else if !person.csrf.is_empty() {
            headers.push(("x-csrf-token", &person.csrf));
        }
        body
    };
    web.send(method, &address(&asked.path, paper), &headers, &body).await
}

/// The answer without what names the document and the request.
fn said(answer: &Answer, paper: &Paper) -> (u16, String, String) {
    let told = |text: &str| {
        let names = [
            (answer.header("x-request-id"), "REQUEST"),
            (&paper.scan, "SCAN"),
            (&paper.image, "IMAGE"),
            (&paper.id, "DOCUMENT"),
        ];
        let names = names.into_iter().filter(|(is, _)| !is.is_empty());
        names.fold(text.to_owned(), |text, (is, becomes)| text.replace(is, becomes))
    };
    (
        answer.status.as_u16(),
        told(answer.header("location")),
        told(&answer.text()),
    )
}

struct House {
    web: TestWeb,
    count: usize,
}

impl House {
    async fn paper(&mut self, level: SecurityLevel, waits: bool) -> Paper {
        self.count += 1;
        let count = self.count;
        let text = format!("运维服务合同第{count}份");
        let pages = vec![page(layer(&text))];
        let mut new: NewDocument = match waits {
            true => document(in_review(&[]), &text, "contract", pages, None),
            false => document(
                certain(self.web.customer_uid("KH-1").await),
                &text,
                "contract",
                pages,
                None,
            ),
        };
        new.security_level = level;
        let id = self.web.deposit(&format!("{count}.jpg"), new).await;
        let document = self.web.archive.document(&self.web.owner, &id).await.expect("answers");
        let document = document.expect("is there");
        Paper {
            id,
            image: name(&document.pages[0]),
            scan: document.scans[0].sha256.clone(),
        }
    }

    async fn sealed(&mut self, waits: bool) -> Paper {
        let paper = self.paper(SecurityLevel::Public, waits).await;
        let id = DocumentId::parse(&paper.id).expect("an id");
        let (archive, owner) = (&self.web.archive, &self.web.owner);
        let terms = SealTerms {
            reason: "under inquiry".to_owned(),
            ..SealTerms::default()
        };
        archive.document_seal(owner, &id, 1, &terms).await.expect("is sealed");
        paper
    }

    async fn signed_in(&self, name: &'static str, role: &str, clearance: SecurityLevel) -> Person {
        let account = format!("{name}.{}", clearance.number());
        let cookie = self.web.person(&account, role, clearance).await;
        Person {
            name,
            csrf: self.web.csrf(&cookie).await,
            headers: vec![("cookie", cookie)],
        }
    }

    async fn program(&self, name: &'static str, clearance: SecurityLevel, scope: Scope) -> Person {
        let account = format!("archivist.{}", clearance.number());
        let program = Program::scoped(&self.web, &account, scope).await;
        Person {
            name,
            headers: vec![("authorization", program.bearer.clone())],
            csrf: String::new(),
        }
    }

    async fn people(&self, clearance: SecurityLevel) -> Vec<Person> {
        let mut people = vec![Person {
            name: "stranger",
            headers: Vec::new(),
            csrf: String::new(),
        }];
        for role in ["viewer", "archivist", "auditor", "administrator"] {
            people.push(self.signed_in(role, role, clearance).await);
        }
        people.push(self.program("reads", clearance, Scope::Read).await);
        people.push(self.program("writes", clearance, Scope::Write).await);
        people
    }
}

#[tokio::test]
async fn hidden_is_absent_on_every_route() {
    let web = TestWeb::with_a_picture().await;
    let all = routes(&web).await;
    let mut house = House { web, count: 0 };
    let absent = Paper {
        id: NOTHING.to_owned(),
        image: "eeeeeeeeeeeeeeee-0-0".to_owned(),
        scan: "d".repeat(64),
    };
    let mut told = Vec::new();
    for clearance in [SecurityLevel::Public, SecurityLevel::INTERNAL, SecurityLevel::Secret] {
        let people = house.people(clearance).await;
        for waits in [false, true] {
            let mut unseen = vec![("sealed", house.sealed(waits).await)];
            if clearance != SecurityLevel::Secret {
                unseen.push(("hidden", house.paper(SecurityLevel::Secret, waits).await));
            }
            for asked in all.iter().filter(|asked| names_document(&asked.path) == Some(waits)) {
                for person in &people {
                    let nothing = said(&ask(&house.web, person, asked, &absent).await, &absent);
                    for (what, paper) in &unseen {
                        let answer = said(&ask(&house.web, person, asked, paper).await, paper);
                        if answer != nothing {
                            told.push(format!(
                                "{} {} tells {} of clearance {} of a {what} document: {} {:.3000}\n  and of none: {} {:.3000}",
                                asked.method, asked.path, person.name, clearance.number(), answer.0, answer.2, nothing.0, nothing.2
                            ));
                        }
                    }
                }
            }
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
    house.web.close().await;
}

#[tokio::test]
async fn every_route_has_a_row() {
    let web = TestWeb::with_a_picture().await;
    let all = routes(&web).await;
    let mut house = House { web, count: 0 };
    let people = house.people(SecurityLevel::INTERNAL).await;
    let mut shared = BTreeMap::new();
    for waits in [false, true] {
        shared.insert(waits, house.paper(SecurityLevel::INTERNAL, waits).await);
    }
    let mut table = String::new();
    for asked in &all {
        let _ = write!(table, "{:6} {}", asked.method, asked.path);
        if NOT_SENT.contains(&asked.path.as_str()) {
            table.push_str(" not sent\n");
            continue;
        }
        for person in &people {
            let waits = names_document(&asked.path);
            let paper = shared[&waits.unwrap_or(false)].clone();
            let answer = ask(&house.web, person, asked, &paper).await;
            let status = match answer.header("location").starts_with("/sign-in") {
                true => "door".to_owned(),
                false => answer.status.as_u16().to_string(),
            };
            assert!(
                !answer.status.is_server_error(),
                "{} {}: {}",
                asked.method,
                asked.path,
                answer.text()
            );
            let _ = write!(table, " {}={status}", person.name);
            // What was done may have changed the document; the next gets one as it was.
            if let Some(waits) =
                waits.filter(|_| asked.method != "GET" && answer.status.as_u16() < 400 && status != "door")
            {
                shared.insert(waits, house.paper(SecurityLevel::INTERNAL, waits).await);
            }
        }
        table.push('\n');
    }
    house.web.close().await;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrix.txt");
    if crate::openapi::renews() {
        std::fs::write(&file, &table).expect("is written");
    }
    let known = std::fs::read_to_string(&file).expect("tests/matrix.txt is there");
    let known: Vec<&str> = known.lines().collect();
    for row in table.lines() {
        assert!(
            known.contains(&row),
            "matrix.txt has no such row; look at it, then renew:\n{row}"
        );
    }
    assert_eq!(
        known.len(),
        table.lines().count(),
        "matrix.txt has rows of routes that are gone"
    );
}
