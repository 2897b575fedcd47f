//! Which files manifests are, and which files and folders they name.

use super::Manifests;
use std::path::{Path, PathBuf};

impl Manifests {
    /// The manifests themselves.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.all.iter().map(|manifest| manifest.file.as_path())
    }

    /// The files and folders that lines name, where they are to lie.
    pub fn paths(&self) -> impl Iterator<Item = PathBuf> {
        let lines = self
            .all
            .iter()
            .flat_map(|manifest| manifest.entries.iter().map(move |entry| (manifest, entry)));
        lines.map(|(manifest, entry)| manifest.folder.join(&entry.path))
    }
}
