//! Signing in, setting up, and an error.

use super::{ErrorView, FailedView, FailureShown, SetupView, SignInView};
use crate::{
    screens::sample::{door, shell},
    subject::Sample,
    text::Text,
};

fn shown(status: u16, code: &str, title: String, detail: String) -> FailureShown {
    FailureShown {
        status,
        code: code.into(),
        title,
        detail,
        back: None,
        request_id: "0190b8c4-7f2e".into(),
    }
}

fn sign_in(t: Text) -> SignInView {
    SignInView {
        t,
        door: door("/sign-in"),
        next: "/".into(),
        name: String::new(),
        fault: Some(t.say("sign-in-wrong")),
        notice: None,
        way_out: None,
        no_account: true,
        contact: String::new(),
        provider: None,
        takes_passwords: true,
    }
}

pub fn samples(t: Text) -> Vec<Sample> {
    let again = SignInView {
        name: "lin".into(),
        fault: None,
        notice: Some(t.say("signed-out")),
        no_account: false,
        provider: Some("统一身份认证".into()),
        contact: "信息中心 302 室，电话 8100".into(),
        ..sign_in(t)
    };
    vec![
        Sample::of("sign-in", &sign_in(t)),
        Sample::of("sign-in-again", &again),
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
                shown: shown(
                    404,
                    "not_found",
                    t.say("error-not-found"),
                    t.say("error-not-found-detail"),
                ),
            },
        ),
        Sample::of(
            "failed",
            &FailedView {
                t,
                shell: shell(t, ""),
                shown: FailureShown {
                    back: Some("document.html".into()),
                    ..shown(
                        409,
                        "version_conflict",
                        t.say("error-conflict"),
                        t.say("error-conflict-detail"),
                    )
                },
            },
        ),
    ]
}
