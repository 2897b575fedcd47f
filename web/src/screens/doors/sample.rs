//! Signing in, setting up, and an error.

use super::{ErrorView, SetupView, SignInView};
use crate::{screens::sample::door, subject::Sample, text::Text};

pub fn samples(t: Text) -> Vec<Sample> {
    vec![
        Sample::of(
            "sign-in",
            &SignInView {
                t,
                door: door("/sign-in"),
                next: "/".into(),
                name: String::new(),
                fault: Some(t.say("sign-in-wrong")),
                notice: None,
                no_account: true,
            },
        ),
        Sample::of(
            "setup",
            &SetupView {
                t,
                door: door("/setup"),
                title: t.say("setup-title"),
                lesson: t.say("setup-lesson"),
                action: "#".into(),
                name: String::new(),
                name_fixed: false,
                fault: None,
            },
        ),
        Sample::of(
            "error",
            &ErrorView {
                t,
                door: door("/"),
                status: 404,
                code: "not_found".into(),
                title: t.say("error-not-found"),
                detail: t.say("error-not-found-detail"),
                home: "/".into(),
                request_id: "0190b8c4-7f2e".into(),
            },
        ),
    ]
}
