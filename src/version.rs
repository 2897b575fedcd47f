//! What this program is: version, commit, and the engines that it reads with.

/// Version and commit, as `build.rs` found it; without git there is none.
pub const SHORT: &str = concat!(env!("CARGO_PKG_VERSION"), env!("DOSSIER_COMMIT"));

/// The same with the engines that this version was made for.
pub fn long() -> String {
    let mut text = SHORT.to_owned();
    for (file, version, _) in reading::engines::versions() {
        text.push_str(&format!("\n{file} {version}"));
    }
    text
}
