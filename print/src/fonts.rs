//! Fonts found in folders, and which of them can draw a text. A PDF writer without fallback draws an empty box for a
//! glyph it lacks and says nothing; so each character gets the best face that has it, or nothing is drawn at all.
//!
//! It knows neither the environment nor the platform's settings: the folders come from the caller.

use crate::{PrintError, Result};
use krilla::text::{Font, Tag};
use skrifa::{
    FontRef, MetadataProvider,
    instance::Size,
    raw::{FileRef, TableProvider},
    string::StringId,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Where Linux, macOS and Windows keep fonts for all users. Folders that are not there are passed over.
pub const SYSTEM_FONT_FOLDERS: &[&str] = &[
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:\\Windows\\Fonts",
];

/// Bounds on the search for fonts.
#[derive(Debug, Clone, Copy)]
pub struct FontLimits {
    pub files_max: usize,
    pub depth_max: usize,
    pub file_bytes_max: u64,
    /// Files opened for one text, before it is given up.
    pub opened_max: usize,
}

impl Default for FontLimits {
    fn default() -> Self {
        Self {
            files_max: 4_000,
            depth_max: 8,
            file_bytes_max: 128 * 1024 * 1024,
            opened_max: 400,
        }
    }
}

/// Font files in the order in which they are tried. Only their names are kept: a CJK font has 5 to 20 MB, is read for
/// a print and let go.
#[derive(Debug, Clone)]
pub struct Fonts {
    files: Vec<PathBuf>,
    limits: FontLimits,
}

/// The faces that draw one text together.
pub struct Typeface {
    faces: Vec<Face>,
}

/// A glyph and its advance, in em.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drawn {
    pub face: usize,
    pub glyph: u32,
    pub advance: f32,
}

struct Face {
    name: String,
    font: Font,
    glyphs: BTreeMap<char, (u32, f32)>,
}

impl Fonts {
    /// Lists the font files under the folders, Noto Sans CJK, Source Han Sans and WenQuanYi first.
    pub fn in_folders<P: AsRef<Path>>(folders: impl IntoIterator<Item = P>) -> Self {
        Self::in_folders_within(folders, FontLimits::default())
    }

    pub fn in_folders_within<P: AsRef<Path>>(folders: impl IntoIterator<Item = P>, limits: FontLimits) -> Self {
        let mut files = Vec::new();
        for folder in folders {
            collect(folder.as_ref(), limits.depth_max, &limits, &mut files);
        }
        files.sort_by_cached_key(|file| (rank(file), file.clone()));
        files.dedup();
        Self { files, limits }
    }

    /// The faces that can draw every character of the text.
    ///
    /// # Errors
    /// [`PrintError::MissingGlyphs`] names the characters that no font has and the command that installs one.
    pub fn covering(&self, text: &str) -> Result<Typeface> {
        // Line ends and the gaps between joined texts are drawn as spaces.
        let mut missing: BTreeSet<char> = printable(text).replace('\n', " ").chars().collect();
        if !missing.is_empty() {
            missing.insert(' ');
        }
        let mut faces = Vec::new();
        for file in self.files.iter().take(self.limits.opened_max) {
            if missing.is_empty() {
                break;
            }
            if let Some(face) = open(file, &missing, &self.limits) {
                missing.retain(|c| !face.glyphs.contains_key(c));
                faces.push(face);
            }
        }
        if missing.is_empty() {
            Ok(Typeface { faces })
        } else {
            Err(missing_glyphs(&missing))
        }
    }
}

impl Typeface {
    /// Family names of the faces in use, for a check of the set-up.
    pub fn names(&self) -> Vec<&str> {
        self.faces.iter().map(|face| face.name.as_str()).collect()
    }

    /// Width in points of a text set in a size.
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        let em: f32 = text
            .chars()
            .filter_map(|c| self.drawn(c))
            .map(|drawn| drawn.advance)
            .sum();
        em * size
    }

    /// The first face that has the character.
    pub(crate) fn drawn(&self, c: char) -> Option<Drawn> {
        self.faces.iter().enumerate().find_map(|(face, of)| {
            let (glyph, advance) = *of.glyphs.get(&c)?;
            Some(Drawn { face, glyph, advance })
        })
    }

    pub(crate) fn font(&self, face: usize) -> Font {
        self.faces[face].font.clone()
    }
}

/// What of a text can be drawn: control characters become spaces, signs without a shape (joiners, marks of direction,
/// variation selectors) are left out, line ends stay.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| !is_shapeless(*c))
        .map(|c| match c {
            '\n' => '\n',
            '\u{a0}' | '\u{202f}' => ' ',
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => ' ',
            c => c,
        })
        .collect()
}

pub(crate) fn missing_glyphs(missing: &BTreeSet<char>) -> PrintError {
    const SHOWN_MAX: usize = 20;
    // The space is missing only where every font is.
    let is_shown = |c: &&char| **c != ' ' || missing.len() == 1;
    let mut characters = missing
        .iter()
        .filter(is_shown)
        .take(SHOWN_MAX)
        .map(|c| format!("`{c}` (U+{:04X})", u32::from(*c)))
        .collect::<Vec<_>>()
        .join(", ");
    let count = missing.iter().filter(is_shown).count();
    if count > SHOWN_MAX {
        characters.push_str(&format!(" and {} more", count - SHOWN_MAX));
    }
    let is_rare = |c: &char| matches!(u32::from(*c), 0x20000..=0x3ffff);
    PrintError::MissingGlyphs {
        characters,
        remedy: remedy(missing.iter().any(is_rare)).to_owned(),
    }
}

/// The platform's way to a font; rare Han beyond the first plane need another one.
fn remedy(rare: bool) -> &'static str {
    if cfg!(target_os = "macos") {
        "install one with `brew install --cask font-noto-sans-cjk-sc`"
    } else if cfg!(target_os = "windows") {
        "add the optional feature `Chinese (Simplified) Supplemental Fonts` in the settings of Windows"
    } else if rare {
        "install fonts with `apt-get install fonts-noto-cjk fonts-hanazono` (Debian, Ubuntu)"
    } else {
        "install a font with `apt-get install fonts-noto-cjk` (Debian, Ubuntu) or `dnf install google-noto-sans-cjk-fonts` (Fedora, openEuler)"
    }
}

fn collect(folder: &Path, depth: usize, limits: &FontLimits, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if files.len() >= limits.files_max {
            return;
        }
        if path.is_dir() {
            if depth > 0 {
                collect(&path, depth - 1, limits, files);
            }
        } else if is_font_name(&path) {
            files.push(path);
        }
    }
}

fn is_font_name(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| ["ttf", "otf", "ttc", "otc"].contains(&extension.to_ascii_lowercase().as_str()))
}

/// The lower, the better for Chinese in labels and lists: upright sans in a regular weight before all others.
fn rank(file: &Path) -> u32 {
    const FAMILIES: &[&str] = &[
        "notosanscjk",
        "notosanssc",
        "sourcehansans",
        "wqymicrohei",
        "wqyzenhei",
        "msyh",
        "pingfang",
        "hiraginosansgb",
        "stheiti",
        "simhei",
        "notoserifcjk",
        "sourcehanserif",
        "simsun",
        "droidsansfallback",
        "uming",
        "ukai",
        "hanamin",
        "dejavusans",
        "liberationsans",
    ];
    const WEIGHTS: &[&str] = &[
        "bold",
        "black",
        "light",
        "thin",
        "medium",
        "heavy",
        "demi",
        "italic",
        "oblique",
        "mono",
        "narrow",
        "condensed",
        "msyhbd",
        "msyhl",
    ];
    let stem: String = file
        .file_stem()
        .map(|stem| stem.to_string_lossy().to_lowercase())
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let family = FAMILIES
        .iter()
        .position(|family| stem.starts_with(family))
        .unwrap_or(FAMILIES.len());
    let is_odd = WEIGHTS.iter().any(|weight| stem.contains(weight));
    u32::try_from(family).unwrap_or(u32::MAX) + if is_odd { 1_000 } else { 0 }
}

/// Opens the face of a file that suits simplified Chinese best, with the glyphs of the wanted characters. `None` when
/// it has none of them, is no font with outlines, or forbids embedding.
fn open(file: &Path, wanted: &BTreeSet<char>, limits: &FontLimits) -> Option<Face> {
    let length = std::fs::metadata(file).ok()?.len();
    if length > limits.file_bytes_max {
        return None;
    }
    let data = Arc::new(std::fs::read(file).ok()?);
    let faces: Vec<FontRef> = FileRef::new(&data).ok()?.fonts().flatten().collect();
    let (index, face) = faces
        .iter()
        .enumerate()
        .min_by_key(|(index, face)| (face_rank(&family(face)), *index))?;
    let has_outlines = face.glyf().is_ok() || face.cff().is_ok() || face.cff2().is_ok();
    // OS/2 fsType 2: restricted licence, must not be embedded.
    let may_embed = face.os2().map_or(true, |os2| os2.fs_type() & 0xf != 2);
    if !has_outlines || !may_embed {
        return None;
    }
    // A variable font begins at its thinnest weight.
    let weight = [("wght", 400.0)];
    let is_variable = face.axes().iter().any(|axis| axis.tag() == skrifa::Tag::new(b"wght"));
    let location = face.axes().location(weight);
    let units = f32::from(face.head().ok()?.units_per_em());
    let metrics = face.glyph_metrics(Size::unscaled(), &location);
    let map = face.charmap();
    let glyphs: BTreeMap<char, (u32, f32)> = wanted
        .iter()
        .filter_map(|c| {
            let glyph = map.map(*c).filter(|glyph| glyph.to_u32() != 0)?;
            let advance = metrics.advance_width(glyph)? / units;
            Some((*c, (glyph.to_u32(), advance)))
        })
        .collect();
    if glyphs.is_empty() {
        return None;
    }
    let name = family(face);
    let index = u32::try_from(index).ok()?;
    let font = if is_variable {
        Font::new_variable(data.clone().into(), index, &[(Tag::new(b"wght"), 400.0)])?
    } else {
        Font::new(data.clone().into(), index)?
    };
    Some(Face { name, font, glyphs })
}

fn family(face: &FontRef) -> String {
    face.localized_strings(StringId::FAMILY_NAME)
        .english_or_first()
        .map(|name| name.to_string())
        .unwrap_or_default()
}

/// A collection holds a face per region: the mainland's shapes first.
fn face_rank(family: &str) -> u8 {
    let has = |word: &str| family.split(' ').any(|part| part == word);
    if has("Mono") {
        3
    } else if has("SC") || has("CN") || has("GB") {
        0
    } else if ["JP", "KR", "TC", "TW", "HK", "MO"].iter().any(|w| has(w)) {
        2
    } else {
        1
    }
}

fn is_shapeless(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The machine's fonts; `None`, with a message, where none can draw Chinese. In CI that is a failure.
    #[expect(clippy::disallowed_methods, reason = "a test reads whether skipping is allowed")]
    pub(crate) fn system_fonts() -> Option<Fonts> {
        let fonts = Fonts::in_folders(SYSTEM_FONT_FOLDERS);
        match fonts.covering("档案 A1") {
            Ok(_) => Some(fonts),
            Err(error) => {
                assert!(std::env::var_os("DOSSIER_TEST_NO_SKIP").is_none(), "{error}");
                eprintln!("SKIP: {error}");
                None
            }
        }
    }

    #[test]
    fn the_error_names_the_characters_and_the_command() {
        let empty = tempfile::tempdir().expect("a folder");
        std::fs::write(empty.path().join("broken.ttf"), b"not a font").expect("writes");
        let fonts = Fonts::in_folders([empty.path(), Path::new("no/such/folder")]);
        let Err(error) = fonts.covering("档A\u{200b}\n") else {
            panic!("nothing can draw this")
        };
        assert_eq!(error.code(), "missing_glyphs");
        let text = error.to_string();
        assert!(
            text.contains("`A` (U+0041), `档` (U+6863)") && text.contains("install"),
            "{text}"
        );
        assert!(!text.contains("U+200B"), "{text}");
        assert!(fonts.covering("").is_ok());
        let all = missing_glyphs(&('a'..='z').collect()).to_string();
        assert!(all.contains("and 6 more"), "{all}");
    }

    #[test]
    fn a_private_character_is_missed_aloud() {
        let Some(fonts) = system_fonts() else { return };
        let error = fonts.covering("客户\u{f8ee}\u{10fffd}").err();
        assert!(error.is_some_and(|e| e.to_string().contains("U+10FFFD")));
    }

    #[test]
    fn simplified_chinese_and_regular_come_first() {
        let order = [
            "NotoSansCJK-Regular.ttc",
            "SourceHanSansSC-Regular.otf",
            "wqy-microhei.ttc",
            "simsun.ttc",
            "DejaVuSans.ttf",
            "Other.ttf",
            "NotoSansCJK-Bold.ttc",
        ];
        assert!(order.is_sorted_by_key(|name| rank(Path::new(name))));
        assert!(face_rank("Noto Sans CJK SC") < face_rank("Noto Sans CJK JP"));
        assert!(face_rank("AR PL UMing CN") < face_rank("AR PL UMing TW"));
        assert!(face_rank("WenQuanYi Zen Hei") < face_rank("WenQuanYi Zen Hei Mono"));
        let Some(fonts) = system_fonts() else { return };
        let typeface = fonts.covering("贵州黔源电力 2024").expect("covers");
        assert_eq!(typeface.names().len(), 1, "{:?}", typeface.names());
        assert!((typeface.width("黔", 10.0) - 10.0).abs() < 1.0);
    }
}
