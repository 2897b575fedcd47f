//! The desk full and empty, a slip that is out with a fault, asking, incidents.

use super::{
    LoanRow, LoanTab, LoansView,
    ask::LoanAskView,
    incidents::{IncidentLine, IncidentsView},
    slip::{LoanView, SlipLine, StepLine},
};
use crate::{
    screens::{
        lists,
        parts::{Badge, Choice},
        sample::{LONG_NAME, shell},
    },
    subject::Sample,
    text::Text,
};
use records::loans::{LoanClass, LoanList, LoanStepKind, LoanUse, ReturnCondition};
use vocabulary::{ClosedList, RecordList};

pub fn samples(t: Text) -> Vec<Sample> {
    vec![
        Sample::of("loans", &desk(t, vec![row(t, true), row(t, false)])),
        Sample::of("loans-none", &desk(t, Vec::new())),
        Sample::of("loan", &slip(t)),
        Sample::of("loan-ask", &asking(t)),
        Sample::of("incidents", &incidents(t, true)),
        Sample::of("incidents-none", &incidents(t, false)),
    ]
}

fn desk(t: Text, rows: Vec<LoanRow>) -> LoansView {
    let tab = |label: String, here| LoanTab {
        url: "#".into(),
        label,
        here,
    };
    LoansView {
        t,
        shell: shell(t, "loans"),
        exports: lists::exports(t, RecordList::Loans),
        picks: lists::exports(t, RecordList::Picking),
        tabs: vec![
            tab(t.say("loans-all"), true),
            tab(t.say("loans-mine"), false),
            tab(LoanList::Out.name(t.0).into(), false),
            tab(LoanList::Overdue.name(t.0).into(), false),
        ],
        rows,
        title: t.say("loans-all"),
        borrower: String::new(),
        list: String::new(),
        works: true,
        more: false,
        leaver: Some(super::Leaver {
            tone: "warn",
            text: t.fill(
                "loan-leaver",
                &[("who", &"周敏"), ("out", &1_usize), ("open", &1_usize)],
            ),
        }),
    }
}

fn row(t: Text, late: bool) -> LoanRow {
    LoanRow {
        url: "loan.html".into(),
        no: "JY-2026-0017".into(),
        borrower: "周敏".into(),
        department: if late { "法务部".into() } else { LONG_NAME.into() },
        things: vec!["信息系统运维服务合同".into(), "补充协议".into()],
        purpose: "应诉讼代理人要求核对合同正本".into(),
        due: "2026-03-05".into(),
        state: match late {
            true => Badge::new("bad", LoanList::Overdue.name(t.0).to_owned()),
            false => Badge::new("warn", LoanList::Asked.name(t.0).to_owned()),
        },
        remark: match late {
            true => t.n("loan-days-late", 3_i64),
            false => t.with("loan-waits-for", "step", LoanStepKind::Archive.name(t.0)),
        },
    }
}

fn choices<L: ClosedList>(t: Text) -> Vec<Choice> {
    let choice = |value: &L| Choice {
        value: value.as_str().to_owned(),
        label: value.name(t.0).to_owned(),
        chosen: false,
    };
    L::all().iter().map(choice).collect()
}

fn slip(t: Text) -> LoanView {
    let line = |back: bool| SlipLine {
        id: "1".into(),
        url: "document.html".into(),
        title: "信息系统运维服务合同".into(),
        number: "HT-2024-0117".into(),
        customer: LONG_NAME.into(),
        place: "K1-03-B-05 / H-0001".into(),
        pages: 12,
        state: Badge::new("", t.word("state", if back { "in_transit" } else { "on_loan" })),
        returned: match back {
            true => t.fill(
                "loan-line-returned",
                &[("at", &"2026-03-05 10:12"), ("who", &"王芳"), ("pages", &12_i64)],
            ),
            false => String::new(),
        },
        waits: back,
        incident: !back,
    };
    let fault = records::RefusedBecause::WrongSlot {
        place: "K1-03-B-06".into(),
        right: "K1-03-B-05".into(),
    };
    LoanView {
        t,
        shell: shell(t, "loans"),
        exports: lists::exports_of_slip(t, "JY-2026-0017"),
        url: "#".into(),
        no: "JY-2026-0017".into(),
        state: Badge::new("good", LoanList::Out.name(t.0).to_owned()),
        facts: vec![
            (t.say("loan-borrower"), "周敏".into()),
            (t.say("loan-purpose"), "应诉讼代理人要求核对合同正本".into()),
            (t.say("loan-due"), "2026-03-05".into()),
        ],
        lines: vec![line(false), line(true)],
        steps: vec![StepLine {
            name: LoanStepKind::Head.name(t.0).into(),
            text: t.fill(
                "loan-step-approved",
                &[("who", &"zhao"), ("at", &"2026-03-02 09:00"), ("reason", &"")],
            ),
            tone: "good",
        }],
        pages_out: 12,
        conditions: choices::<ReturnCondition>(t),
        works: true,
        may_decide: true,
        may_issue: true,
        needs_signature: true,
        may_return: true,
        may_cancel: true,
        fault: Some(t.refusal(&fault)),
        typed: "K1-03-B-06".into(),
    }
}

fn asking(t: Text) -> LoanAskView {
    LoanAskView {
        t,
        shell: shell(t, "loans"),
        known: vec![("信息系统运维服务合同".into(), "document.html".into())],
        things: "HT-2024-0117".into(),
        borrower: String::new(),
        department: String::new(),
        purpose: String::new(),
        copies: "1".into(),
        until: "2026-03-06".into(),
        limits: t.fill("loan-limits", &[("days", &"2026-03-05"), ("slip", &"2026-04-01")]),
        classes: choices::<LoanClass>(t),
        uses: choices::<LoanUse>(t),
        works: true,
        steps: 3,
        fault: t.refusal(&records::RefusedBecause::LoanTooLong {
            until: "2026-03-06".into(),
            latest: "2026-03-05".into(),
        }),
    }
}

fn incidents(t: Text, full: bool) -> IncidentsView {
    let line = |open: bool| IncidentLine {
        title: "信息系统运维服务合同".into(),
        url: "document.html".into(),
        kind: Badge::new(
            if open { "bad" } else { "" },
            records::loans::IncidentKind::PagesMissing.name(t.0).to_owned(),
        ),
        borrower: "周敏".into(),
        loan_no: "JY-2026-0017".into(),
        loan_url: "loan.html".into(),
        pages: "11/12".into(),
        opened: "2026-03-05 10:12 lin".into(),
        resolution: if open {
            String::new()
        } else {
            "2026-03-09 lin：已补复印件".into()
        },
        replacement_url: if open { String::new() } else { "document.html".into() },
        resolve_url: if open { "#".into() } else { String::new() },
        is_lost: open,
    };
    IncidentsView {
        t,
        shell: shell(t, "loans"),
        rows: if full {
            vec![line(true), line(false)]
        } else {
            Vec::new()
        },
        fault: None,
    }
}
