//! Renders every view with the samples of its subject, in both languages, to `gallery/` under the target folder: a place
//! to look at all of them at once, and a proof that each renders and that no text is missing. Serve that folder to see them.

use std::{fs, path::PathBuf};
use web::{
    assets, screens,
    subject::Subject,
    text::{Language, Text},
};

/// Writes what the samples of a subject show.
pub fn show(subject: &Subject, t: Text) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("gallery")
        .join(t.lang());
    fs::create_dir_all(&folder).expect("the target folder is writable");
    for sample in (subject.samples)(t) {
        let name = sample.name;
        let html = sample.html.expect("renders");
        assert!(!html.contains("Unknown localization"), "{name}: a text is missing");
        assert!(
            !html.contains(" style=") && !html.contains("<script>"),
            "{name}: the policy forbids inline style and script"
        );
        fs::write(folder.join(format!("{name}.html")), html).expect("written");
    }
}

#[test]
fn every_view_renders_in_both_languages() {
    for (address, bytes) in assets::all() {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join("gallery")
            .join(address.trim_start_matches('/'));
        fs::create_dir_all(path.parent().expect("has a folder")).expect("writable");
        fs::write(path, bytes).expect("written");
    }
    for language in [Language::Chinese, Language::English] {
        for subject in screens::SUBJECTS {
            show(subject, Text(language));
        }
    }
}
