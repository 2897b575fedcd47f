//! Accounts, with a fault in the form.

use super::{UserForm, UserRow, UsersView};
use crate::{
    screens::{
        parts::{Badge, Choice},
        sample::shell,
    },
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    let choice = |value: &str, label: String| Choice {
        value: value.into(),
        label,
        chosen: value == "viewer",
    };
    let user = |name: &str, display: &str, role: &str| UserRow {
        name: name.into(),
        display_name: display.into(),
        roles: t.word("role", role),
        clearance: t.word("security", "1"),
        created: "2026-11-21 09:12".into(),
        status: Badge {
            tone: "good",
            label: t.say("user-active"),
        },
        switch_url: Some("#".into()),
        switch_label: t.say("user-disable"),
    };
    vec![Sample::of(
        "users",
        &UsersView {
            t,
            shell: shell(t, "admin"),
            rows: vec![
                user("lin", "林静", "archivist"),
                user("wang.wei", "王伟", "viewer"),
                user("shen", "沈", "auditor"),
            ],
            form: UserForm {
                name: "lin".into(),
                display_name: String::new(),
                roles: ["viewer", "archivist", "auditor", "administrator"]
                    .map(|role| choice(role, t.word("role", role)))
                    .into(),
                clearances: ["0", "1", "2", "3"]
                    .map(|level| choice(level, t.word("security", level)))
                    .into(),
                fault: t.with("user-name-taken", "name", "lin"),
            },
            invitation: Some("http://127.0.0.1:8080/invite/3f2a…".into()),
        },
    )]
}
