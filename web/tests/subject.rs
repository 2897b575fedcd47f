//! A subject moves in: one value registers a tiny one, and it is in the router, the rail, the test of forms and the
//! gallery without another line anywhere.

use crate::harness::{OnePicture, TestWeb};
use askama::Template;
use axum::{
    extract::State,
    http::{Method, StatusCode},
    response::{Html, Redirect},
};
use std::sync::Arc;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{
    Web, WebError,
    api::{self, Interface},
    http::who::{Caller, Posted, Seat},
    rail, screens,
    screens::{
        sample,
        shell::{Here, Shell},
    },
    subject::{Routes, Sample, Subject},
    text::{Language, Text},
};

const NOTES: Subject = Subject {
    name: "notes",
    rail: Some(rail::entry("/notes", "today", "note").for_those(rail::archivists)),
    routes: || Routes::new().view("/notes", notes).form("/notes/{id}", add),
    words: "shell",
    samples: |t| {
        vec![Sample::of(
            "notes",
            &NotesView {
                t,
                shell: sample::shell(t, "notes"),
            },
        )]
    },
};

const NOTES_API: Interface = Interface {
    name: "notes",
    about: "Notes, none of them.",
    routes: || OpenApiRouter::new().routes(routes!(listed)),
};

#[derive(Template)]
#[template(
    source = r#"{% extends "layout.html" %}{% block title %}{{ t.say("note") }}{% endblock %}{% block content %}<h1>{{ t.say("note") }}</h1>{% endblock %}"#,
    ext = "html"
)]
struct NotesView {
    t: Text,
    shell: Shell,
}

async fn notes(State(web): State<Web>, seat: Seat) -> Result<Html<String>, WebError> {
    let shell = web.shell(&seat, Here(NOTES.name)).await?;
    Ok(Html(NotesView { t: seat.t, shell }.render()?))
}

async fn add(posted: Posted) -> Result<Redirect, WebError> {
    posted.fields.done()?;
    Ok(Redirect::to("/notes"))
}

/// Notes, none of them.
#[utoipa::path(get, path = "/api/v1/notes", operation_id = "list_notes", responses((status = 200, body = Vec<String>)))]
async fn listed(caller: Caller) -> axum::Json<Vec<String>> {
    axum::Json(vec![caller.asker.name().to_owned()])
}

async fn open() -> TestWeb {
    let picture = Arc::new(OnePicture(Arc::from(&b"\xff\xd8picture"[..]), "image/jpeg"));
    let subjects: Vec<_> = screens::SUBJECTS.iter().chain([&NOTES]).copied().collect();
    let interfaces: Vec<_> = api::SUBJECTS.iter().chain([&NOTES_API]).copied().collect();
    TestWeb::open_of(picture, Default::default(), &subjects, &interfaces).await
}

#[tokio::test]
async fn one_value_makes_routes_rail_and_description() {
    let web = open().await;
    let stranger = web.get("/notes", "").await;
    assert_eq!(
        stranger.status,
        StatusCode::SEE_OTHER,
        "sight: a stranger is sent to the door"
    );
    let (cookie, csrf) = web.administrator().await;
    let view = web.get("/notes", &cookie).await;
    assert_eq!(view.status, StatusCode::OK, "{}", view.text());
    let html = view.text();
    assert!(
        html.contains(r#"href="/notes" aria-current="page""#),
        "the rail has it: {html}"
    );
    let reader = web.person("zhou", "viewer", records::SecurityLevel::INTERNAL).await;
    let html = web.get("/search", &reader).await.text();
    assert!(
        !html.contains(r#"href="/notes""#),
        "who may not use it does not see it: {html}"
    );
    let added = web.post("/notes/x", &cookie, &format!("csrf={csrf}")).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    let description = web.send(Method::GET, "/api/v1/openapi.json", &[], "").await.json();
    assert!(
        description["paths"]["/api/v1/notes"].is_object(),
        "the description has it"
    );
    web.close().await;
}

#[tokio::test]
async fn its_forms_are_guarded_like_all_others() {
    let web = open().await;
    let (cookie, _) = web.administrator().await;
    for route in (NOTES.routes)().list.iter().filter(|route| route.path.contains('{')) {
        let answer = web.post(&route.example(), &cookie, "csrf=wrong").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", route.path);
    }
    web.close().await;
}

#[test]
fn its_samples_render_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        let samples = (NOTES.samples)(Text(language));
        assert_eq!(samples.len(), 1);
        for sample in samples {
            let html = sample.html.expect("renders");
            assert!(
                html.contains("<h1>") && !html.contains("Unknown localization"),
                "{html}"
            );
        }
    }
}

/// Every file of words belongs to a subject or to the frame, is there in both languages, and is named where it is used.
#[test]
fn words_belong_to_subjects() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
    // Words of the frame around every view, and of what is refused.
    let frame = ["shell", "errors", "refusals"];
    for language in ["zh-CN", "en"] {
        let there: std::collections::BTreeSet<String> = std::fs::read_dir(folder.join(language))
            .expect("words")
            .map(|file| file.expect("readable").path())
            .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
            .collect();
        for subject in screens::SUBJECTS {
            let (name, words) = (subject.name, subject.words);
            assert!(there.contains(words), "{name} names locales/{language}/{words}.ftl");
        }
        for file in &there {
            let of_subject = screens::SUBJECTS.iter().any(|subject| subject.words == file);
            assert!(
                of_subject || frame.contains(&file.as_str()),
                "no subject names locales/{language}/{file}.ftl as its words"
            );
        }
    }
}

#[test]
fn subjects_have_names_of_their_own() {
    let mut names: Vec<_> = screens::SUBJECTS.iter().map(|subject| subject.name).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}
