//! Checks: what is due with repairs; a form; a record.

use super::{
    ChecksView, DoneRow, DueRow, RepairRow, choices,
    record::{CheckFormView, ItemRow, KeepingCheckView},
};
use crate::{
    screens::{parts::Badge, sample::shell},
    subject::Sample,
    text::Text,
};
use records::keeping::{KeepingKind, KeepingOccasion};
use vocabulary::ClosedList;

pub fn samples(t: Text) -> Vec<Sample> {
    let empty = ChecksView {
        t,
        shell: shell(t, "admin"),
        due: Vec::new(),
        repairs: Vec::new(),
        done: Vec::new(),
        kinds: choices(t, "keeping-kind", KeepingKind::all()),
        occasions: choices(t, "keeping-occasion", KeepingOccasion::all()),
        room_items: "防火\n防潮".into(),
        holding_items: "霉变".into(),
        months: 6,
        may_keep: true,
        typed: String::new(),
        fault: String::new(),
        next_window: None,
    };
    let busy = ChecksView {
        t,
        shell: shell(t, "admin"),
        due: vec![due(t, "theft", true), due(t, "regular", false)],
        repairs: vec![repair(t)],
        done: vec![DoneRow {
            url: "/checks/0190b8c4".into(),
            place: "K1".into(),
            kind: t.word("keeping-kind", "room"),
            occasion: t.word("keeping-occasion", "regular"),
            at: "2026-05-08 16:40".into(),
            by: "林静".into(),
            wrong: 1,
        }],
        kinds: choices(t, "keeping-kind", KeepingKind::all()),
        occasions: choices(t, "keeping-occasion", KeepingOccasion::all()),
        room_items: "防火\n防潮".into(),
        holding_items: "霉变".into(),
        months: 6,
        may_keep: true,
        typed: "K9".into(),
        fault: t.with("check-fault-place", "code", "K9"),
        next_window: None,
    };
    vec![
        Sample::of("checks-empty", &empty),
        Sample::of("checks", &busy),
        Sample::of("check-form", &form(t)),
        Sample::of("check", &record(t)),
    ]
}

fn due(t: Text, occasion: &str, is_ordered: bool) -> DueRow {
    DueRow {
        record_url: "/checks/record?at=K1".into(),
        place: "K1".into(),
        place_name: "一号库".into(),
        place_url: "/locations/K1".into(),
        kind: t.word("keeping-kind", "room"),
        occasion: t.word("keeping-occasion", occasion),
        is_ordered,
        reason: if is_ordered {
            "门锁被撬".into()
        } else {
            String::new()
        },
        last: "2026-05-08 16:40".into(),
        due: "2026-11-08".into(),
    }
}

fn repair(t: Text) -> RepairRow {
    RepairRow {
        close_url: "/checks/repairs/0190b8c4/close".into(),
        url: "/locations/K1".into(),
        about: "K1".into(),
        what: "防潮：三层左侧渗水".into(),
        owner: "林静".into(),
        due: "2026-11-30".into(),
        result: String::new(),
        state: Badge::new("warn", t.word("repair-state", "open")),
    }
}

fn form(t: Text) -> CheckFormView {
    CheckFormView {
        t,
        shell: shell(t, "admin"),
        place: "K1".into(),
        kind: "room".into(),
        kind_name: t.word("keeping-kind", "room"),
        occasion: "regular".into(),
        occasion_name: t.word("keeping-occasion", "regular"),
        order: String::new(),
        items: ["防火", "防盗", "防潮"]
            .map(|name| (name.to_owned(), name.to_owned()))
            .to_vec(),
        fault: String::new(),
    }
}

fn record(t: Text) -> KeepingCheckView {
    KeepingCheckView {
        t,
        shell: shell(t, "admin"),
        place: "K1".into(),
        place_url: "/locations/K1".into(),
        kind: t.word("keeping-kind", "room"),
        occasion: t.word("keeping-occasion", "regular"),
        reason: String::new(),
        by: "林静".into(),
        at: "2026-05-08 16:40".into(),
        pdf_url: "#".into(),
        rows: vec![
            ItemRow {
                item: "防火".into(),
                is_fine: true,
                note: String::new(),
            },
            ItemRow {
                item: "防潮".into(),
                is_fine: false,
                note: "三层左侧渗水".into(),
            },
        ],
        repairs: vec![repair(t)],
    }
}
