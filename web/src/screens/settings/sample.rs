//! Settings, with faults beside their fields and a text that was tried.

use super::{Section, SettingField, SettingsTrial, SettingsView, TrialRow};
use crate::{
    screens::{
        parts::{Choice, Piece},
        sample::{LONG_NAME, office},
    },
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    vec![Sample::of(
        "settings",
        &SettingsView {
            t,
            shell: office(t, "/admin/settings"),
            version: 7,
            sections: sections(t),
            zones: vec!["Asia/Shanghai".into()],
            trial: trial(t),
        },
    )]
}

fn sections(t: Text) -> Vec<Section> {
    let field = |name: &str, shape: &'static str, value: &str, wrong: String| field(t, name, shape, value, wrong);
    let section = |name: &str, fields| Section {
        name: name.into(),
        title: t.say(&format!("settings-group-{name}")),
        lesson: t.say(&format!("settings-lesson-{name}")),
        fields,
    };
    let none = String::new;
    vec![
        section(
            "archive",
            vec![
                field("archive_name", "line", LONG_NAME, none()),
                field(
                    "time_zone",
                    "zone",
                    "北京",
                    t.with("setting-wrong-time-zone-near", "near", "Asia/Shanghai"),
                ),
            ],
        ),
        section(
            "own",
            vec![field(
                "own_identifiers",
                "lines",
                "云岭供电公司\n91350100M000100Y43",
                none(),
            )],
        ),
        section(
            "numbers",
            vec![
                field(
                    "account_number_pattern",
                    "code",
                    r"户\s*号\s*[:：]?\s*([0-9]{6,16})",
                    none(),
                ),
                field(
                    "contract_number_pattern",
                    "code",
                    "[0-9]*",
                    t.say("setting-wrong-matches-nothing"),
                ),
            ],
        ),
        section(
            "levels",
            vec![
                field("security_level_default", "choice", "1", none()),
                field("security_level_names_zh", "levels", "公开\n内部\n秘密\n机密", none()),
            ],
        ),
        section(
            "intake",
            vec![
                field("group_running_numbers", "tick", "1", none()),
                field("take_out_files_inside", "tick", "1", none()),
                field("page_thickness_um", "line", "100", none()),
            ],
        ),
    ]
}

fn field(t: Text, name: &str, shape: &'static str, value: &str, wrong: String) -> SettingField {
    let key = format!("setting-{}", name.replace('_', "-"));
    SettingField {
        name: name.into(),
        label: t.say(&key),
        hint: t.say(&format!("{key}-hint")),
        shape,
        value: value.into(),
        choices: if shape == "choice" { levels(t) } else { Vec::new() },
        levels: match shape {
            "levels" => value.lines().map(|name| (String::new(), name.to_owned())).collect(),
            _ => Vec::new(),
        },
        default: String::new(),
        wrong,
    }
}

fn trial(t: Text) -> SettingsTrial {
    let piece = |text: &str, marked| Piece {
        text: text.into(),
        marked,
    };
    SettingsTrial {
        text: "云岭供电公司 户号：0512009930".into(),
        tried: true,
        pieces: vec![
            piece("云岭供电公司", true),
            piece(" 户号：", false),
            piece("0512009930", true),
        ],
        hits: vec![
            TrialRow {
                by: t.say("setting-own-identifiers"),
                text: "云岭供电公司".into(),
                own: true,
            },
            TrialRow {
                by: t.say("setting-account-number-pattern"),
                text: "0512009930".into(),
                own: false,
            },
        ],
    }
}

fn choice(value: &str, label: String, chosen: bool) -> Choice {
    Choice {
        value: value.into(),
        label,
        chosen,
    }
}

fn levels(t: Text) -> Vec<Choice> {
    ["0", "1", "2", "3"]
        .map(|level| choice(level, t.word("security", level), level == "1"))
        .into()
}
