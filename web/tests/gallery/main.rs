//! Renders every view with sample data, in both languages, to `gallery/` under the target folder: a place to look at
//! all of them at once, and a proof that each renders and that no text is missing. Serve that folder to see them.

mod accounts;
mod finding;
mod papers;
mod samples;
mod work;

use std::{fs, path::PathBuf};
use web::{
    assets,
    text::{Language, Text},
};

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
        let t = Text(language);
        finding::finding(t);
        papers::papers(t);
        work::work(t);
        accounts::accounts(t);
    }
}
