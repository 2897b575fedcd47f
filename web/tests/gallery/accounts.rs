//! Doors, accounts, users, audit.

use crate::samples::{door, shell, write};
use web::{
    screens::{
        account::{AccountView, TokenRow},
        audit::{AuditRow, AuditView},
        doors::{ErrorView, SetupView, SignInView},
        parts::{Badge, Choice},
        sealed::{SealedLine, SealedView},
        users::{UserForm, UserRow, UsersView},
    },
    text::Text,
};

pub fn accounts(t: Text) {
    let choice = |value: &str, label: String| Choice {
        value: value.into(),
        label,
        chosen: value == "viewer",
    };
    let user = |name: &str, display: &str, role: &str| UserRow {
        name: name.into(),
        display_name: display.into(),
        roles: t.word("role", role),
        clearance: t.say("security-1"),
        created: "2026-11-21 09:12".into(),
        status: Badge {
            tone: "good",
            label: t.say("user-active"),
        },
        switch_url: Some("#".into()),
        switch_label: t.say("user-disable"),
    };
    write(
        t,
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
    );
    write(
        t,
        "account",
        &AccountView {
            t,
            shell: shell(t, ""),
            name: "林静".into(),
            roles: t.say("role-archivist"),
            tokens: vec![TokenRow {
                name: "夜间导出".into(),
                scopes: "read".into(),
                made: "2026-11-21".into(),
                expires: "2027-11-21".into(),
                revoke_url: "#".into(),
            }],
            scopes: vec![
                choice("read", t.say("scope-read")),
                choice("write", t.say("scope-write")),
            ],
            fresh_token: Some("dsr_8f2c".into()),
            fault: None,
        },
    );
    write(
        t,
        "audit",
        &AuditView {
            t,
            shell: shell(t, "audit"),
            head_text: t.n("audit-head", 10_482_u64),
            who: String::new(),
            object: String::new(),
            rows: (0..20)
                .map(|n| AuditRow {
                    sequence: 10_482 - n,
                    at: "2026-11-21 14:05:11".into(),
                    who: "林静".into(),
                    what: "查看文件".into(),
                    object: "HT-JS-202106-1597".into(),
                    url: "document.html".into(),
                    detail: String::new(),
                })
                .collect(),
            next_window: Some("#".into()),
        },
    );
    let sealed = |thing: &str, reason: &str| SealedLine {
        thing: t.word("sealed-thing", thing),
        id: if thing == "document" {
            "01a201c2-7679-769b-bf8c-d479e1ebd86b".into()
        } else {
            String::new()
        },
        code: "C00977".into(),
        kind: if thing == "document" {
            "合同".into()
        } else {
            String::new()
        },
        date: if thing == "document" {
            "2019-11-30".into()
        } else {
            String::new()
        },
        at: "2026-11-21 09:12".into(),
        who: "林静".into(),
        reason: reason.into(),
        url: "#".into(),
    };
    let sealed_view = |rows| SealedView {
        t,
        shell: shell(t, "admin"),
        rows,
        more: false,
    };
    let long = "应诉讼代理人书面要求自立案之日起封存全部材料".repeat(4);
    write(
        t,
        "sealed",
        &sealed_view(vec![
            sealed("dossier", "总经理批准，诉讼期间封存"),
            sealed("document", &long),
            sealed("document", ""),
        ]),
    );
    write(t, "sealed-none", &sealed_view(vec![]));
    write(
        t,
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
    );
    write(
        t,
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
    );
    write(
        t,
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
    );
}
