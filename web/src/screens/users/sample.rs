//! Accounts, with faults in the forms and a link just made.

use super::{Invitation, TokenLine, UserEdit, UserForm, UserRow, UserView, UsersView};
use crate::{
    screens::{
        parts::{Badge, Choice},
        sample::office,
    },
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    vec![Sample::of("users", &users(t)), Sample::of("user", &user(t))]
}

fn users(t: Text) -> UsersView {
    let row = |name: &str, display: &str, role: &str, last: &str| UserRow {
        url: "user.html".into(),
        name: name.into(),
        display_name: display.into(),
        roles: t.word("role", role),
        clearance: t.word("security", "1"),
        department: "业务部".into(),
        last_sign_in: last.into(),
        status: Badge {
            tone: "good",
            label: t.say("user-active"),
        },
    };
    UsersView {
        t,
        exports: crate::screens::lists::exports(t, vocabulary::RecordList::Users),
        shell: office(t, "/admin/users"),
        rows: vec![
            row("lin", "林静", "archivist", "2026-11-21 09:12"),
            row("wang.wei", "王伟", "viewer", ""),
            row("shen", "沈", "auditor", "2026-10-02 16:40"),
        ],
        form: UserForm {
            name: "lin".into(),
            roles: roles(t),
            clearances: levels(t),
            wrong: "name".into(),
            fault: t.with("user-name-taken", "name", "lin"),
            ..UserForm::default()
        },
        invitation: Some(invitation()),
    }
}

fn user(t: Text) -> UserView {
    UserView {
        t,
        shell: office(t, "/admin/users"),
        url: "#".into(),
        name: "wang.wei".into(),
        display_name: "王伟".into(),
        status: Badge {
            tone: "good",
            label: t.say("user-active"),
        },
        since: "2026-11-21 09:12".into(),
        last_sign_in: "2026-11-28 08:03".into(),
        locked: false,
        is_own: false,
        may_change: true,
        form: UserEdit {
            version: 3,
            display_name: "王伟".into(),
            department: "业务部".into(),
            roles: roles(t),
            clearances: levels(t),
            languages: vec![choice("", t.say("user-language-browser"), true)],
            wrong: "roles".into(),
            fault: t.say("user-last-administrator"),
            ..UserEdit::default()
        },
        tokens: tokens(t),
        sessions: crate::screens::account::sample::sessions(),
        has_second_factor: true,
        invitation: Some(invitation()),
    }
}

fn tokens(t: Text) -> Vec<TokenLine> {
    vec![
        TokenLine {
            name: "夜间导出".into(),
            scope: t.word("scope", "read"),
            made: "2026-11-21 10:00".into(),
            expires: "2027-02-19 10:00".into(),
            revoke_url: "#".into(),
        },
        TokenLine {
            name: "旧脚本".into(),
            scope: t.word("scope", "write"),
            made: "2025-11-21 10:00".into(),
            expires: "2026-02-19 10:00".into(),
            revoke_url: String::new(),
        },
    ]
}

fn invitation() -> Invitation {
    Invitation {
        name: "王伟".into(),
        link: "https://archive.example.com/link/9Xk2mQ7vT4bYwL1dRz8sNf3hGc6jAe0p".into(),
        until: "2026-11-22 09:12".into(),
    }
}

fn choice(value: &str, label: String, chosen: bool) -> Choice {
    Choice {
        value: value.into(),
        label,
        chosen,
    }
}

fn roles(t: Text) -> Vec<Choice> {
    ["viewer", "archivist", "auditor", "administrator"]
        .map(|role| choice(role, t.word("role", role), role == "viewer"))
        .into()
}

fn levels(t: Text) -> Vec<Choice> {
    ["0", "1", "2", "3"]
        .map(|level| choice(level, t.word("security", level), level == "1"))
        .into()
}
