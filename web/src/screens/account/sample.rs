//! One's own account.

use super::{AccountView, SessionLine, TokenRow};
use crate::{
    screens::{parts::Choice, sample::shell},
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    let choice = |value: &str, label: String| Choice {
        value: value.into(),
        label,
        chosen: value == "viewer",
    };
    vec![Sample::of(
        "account",
        &AccountView {
            t,
            shell: shell(t, ""),
            name: "林静".into(),
            roles: t.word("role", "archivist"),
            sessions: sessions(),
            has_second_factor: true,
            tokens: vec![TokenRow {
                name: "夜间导出".into(),
                scopes: "read".into(),
                made: "2026-11-21".into(),
                expires: "2027-11-21".into(),
                revoke_url: "#".into(),
            }],
            scopes: vec![
                choice("read", t.word("scope", "read")),
                choice("write", t.word("scope", "write")),
            ],
            fresh_token: Some("dsr_8f2c".into()),
            fault: None,
        },
    )]
}

/// Two sessions, one of a browser that is not known.
pub fn sessions() -> Vec<SessionLine> {
    let line = |browser: &str, network: &str| SessionLine {
        browser: browser.into(),
        network: network.into(),
        began: "2026-11-27 08:10".into(),
        seen: "2026-11-27 09:42".into(),
        is_this: network == "10.8.0.21",
        end_url: "#".into(),
    };
    vec![line("Edge · Windows", "10.8.0.21"), line("", "")]
}
