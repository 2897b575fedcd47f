//! The view before anything was chosen.

use super::{AddView, OpenUpload};
use crate::{
    screens::{parts::Choice, sample::shell},
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    let choice = |value: &str, label: &str| Choice {
        value: value.into(),
        label: label.into(),
        chosen: false,
    };
    vec![Sample::of(
        "add",
        &AddView {
            t,
            shell: shell(t, "adding"),
            customer: "C00123".into(),
            location: "K1-03-B-05-4-12".into(),
            levels: vec![choice("0", "公开"), choice("1", "内部")],
            open: vec![OpenUpload {
                id: "0190b8c4".into(),
                name: "2026-11-30 14:02 linzhiyao".into(),
                files: t.fill("add-open-files", &[("whole", &"12"), ("files", &"40")]),
            }],
            piece_bytes_max: 8 << 20,
            files_max: 20_000,
        },
    )]
}
