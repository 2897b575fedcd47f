//! The register of containers, full and before the first.

use super::{ContainerForm, ContainerLine, ContainersView};
use crate::{screens::sample::shell, subject::Sample, text::Text};

pub fn samples(t: Text) -> Vec<Sample> {
    let line = |serial: &str, kind: &str, title: &str, size: &str, place: &str| ContainerLine {
        url: "location.html".into(),
        serial: serial.into(),
        kind: t.word("container-kind", kind),
        title: title.into(),
        size_mm: size.into(),
        stands_in: place.into(),
        location: place.into(),
        retired: String::new(),
    };
    let full = ContainersView {
        rows: vec![
            line("H-0001", "box", "2024 年借款合同", "60", "K1-03-B-05-4-12"),
            line("H-0002", "box", "", "40", ""),
            line("B-0117", "bag", "", "", "K1-03-B-05-4-12"),
        ],
        total: 3,
        ..empty(t)
    };
    vec![
        Sample::of("containers", &full),
        Sample::of("containers-none", &empty(t)),
    ]
}

fn empty(t: Text) -> ContainersView {
    ContainersView {
        t,
        shell: shell(t, "locations"),
        total: 0,
        begins: String::new(),
        retired: false,
        works: true,
        form: ContainerForm::default(),
        labels_url: "containers.html".into(),
        rows: Vec::new(),
        next_window: None,
    }
}
