//! What the makers of engines and crates want to be told of them: their licences and notices, as `notices/make.py`
//! gathered them. They are part of the program, so that they are at hand wherever it is.

use std::io::{Cursor, Read};
use zip::result::ZipError;

const ENGINES: &[u8] = include_bytes!("../../../notices/engines.zip");
const CRATES: &[u8] = include_bytes!("../../../notices/crates.zip");
/// Bytes of one text; the largest has 338 thousand.
const TEXT_BYTES_MAX: u64 = 8 << 20;

/// A piece of what the program is made from, with its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Name and version, as `PDFium 5.15.2` or `serde 1.0.228`.
    pub of: String,
    /// As its makers name it; for the engines the names of their texts.
    pub licence: String,
    pub texts: Vec<String>,
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "==== {}: {}\n", self.of, self.licence)?;
        self.texts
            .iter()
            .try_for_each(|text| writeln!(f, "{}\n", text.trim_end()))
    }
}

/// All notices: the engines first, then the crates by name.
///
/// # Errors
/// When the program itself is damaged.
pub fn notices() -> Result<Vec<Notice>, ZipError> {
    let mut all = of_engines()?;
    all.extend(of_crates()?);
    Ok(all)
}

fn of_engines() -> Result<Vec<Notice>, ZipError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(ENGINES))?;
    let mut all: Vec<Notice> = Vec::new();
    let names = archive
        .file_names()
        .map(|name| name.map(|name| name.into_owned()))
        .collect::<Result<Vec<String>, _>>()?;
    for name in names {
        let text = text_of(&mut archive, &name)?;
        let (of, file) = name.split_once('/').unwrap_or((&name, ""));
        let text = format!("-- {file}\n\n{text}");
        match all.iter_mut().find(|notice| notice.of == of) {
            Some(notice) => {
                notice.licence.push_str(&format!(", {file}"));
                notice.texts.push(text);
            }
            None => all.push(Notice {
                of: of.to_owned(),
                licence: file.to_owned(),
                texts: vec![text],
            }),
        }
    }
    Ok(all)
}

fn of_crates() -> Result<Vec<Notice>, ZipError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(CRATES))?;
    let texts = text_of(&mut archive, "TEXTS")?;
    let texts: Vec<&str> = texts.split('\x0c').collect();
    let index = text_of(&mut archive, "INDEX")?;
    let all = index.lines().map(|line| {
        let mut parts = line.split('\t');
        let mut part = || parts.next().unwrap_or_default();
        let (name, version, licence, home, numbers) = (part(), part(), part(), part(), part());
        let own = numbers
            .split(',')
            .filter_map(|number| texts.get(number.parse::<usize>().ok()?));
        Notice {
            of: format!("{name} {version}"),
            licence: match home {
                "" => licence.to_owned(),
                home => format!("{licence}, {home}"),
            },
            texts: own.map(|text| (*text).to_owned()).collect(),
        }
    });
    Ok(all.collect())
}

fn text_of(archive: &mut zip::ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String, ZipError> {
    let mut text = String::new();
    archive.by_name(name)?.take(TEXT_BYTES_MAX).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::super::wheels::{MORE_WHEELS, WHEELS};
    use super::*;
    use std::collections::BTreeSet;

    /// Every crate of the lock file, and every pinned wheel; `notices/make.py` says how they are made anew.
    #[test]
    fn every_crate_and_engine_has_its_notice() {
        let all = notices().expect("the notices can be read");
        let known: BTreeSet<&str> = all.iter().map(|notice| notice.of.as_str()).collect();
        let lock = include_str!("../../../Cargo.lock");
        let packages = lock
            .split("[[package]]")
            .filter(|package| package.contains("\nsource = "));
        let value = |package: &str, key: &str| {
            let line = package
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{key} = \"")));
            line.unwrap_or_default().trim_end_matches('"').to_owned()
        };
        let wanted: Vec<String> = packages
            .map(|package| format!("{} {}", value(package, "name"), value(package, "version")))
            .collect();
        assert!(wanted.len() > 400, "only {} crates were found", wanted.len());
        let missing: Vec<_> = wanted.iter().filter(|of| !known.contains(of.as_str())).collect();
        assert!(
            missing.is_empty(),
            "run `python3 notices/make.py`; there are no notices of {missing:?}"
        );
        let over = all.iter().filter(|notice| !wanted.contains(&notice.of)).count();
        // Besides the wheels two published tables, of which files of this house are made, and the decoder of the browser.
        assert_eq!(
            over,
            WHEELS.len() + MORE_WHEELS.len() + 3,
            "run `python3 notices/make.py`"
        );
        for wheel in WHEELS.iter().chain(MORE_WHEELS) {
            let has_version = |of: &&&str| of.ends_with(&format!(" {}", wheel.version));
            assert!(
                known.iter().find(has_version).is_some(),
                "run `python3 notices/make.py --wheels DIR`; there is no notice of {}",
                wheel.requirement()
            );
        }
    }

    #[test]
    fn pdfium_and_the_runtime_come_with_the_notices_of_their_parts() {
        let all = notices().expect("the notices can be read");
        let texts = |of: &str| -> String {
            let of = all.iter().find(|notice| notice.of.starts_with(of)).expect("is there");
            of.texts.concat()
        };
        let pdfium = texts("PDFium ");
        for part in [
            "freetype.txt",
            "icu.txt",
            "libjpeg_turbo.ijg",
            "lcms.txt",
            "SHARED/Apache-2.0.txt",
        ] {
            assert!(pdfium.contains(&format!("-- {part}\n")), "{part}");
        }
        assert!(texts("ONNX Runtime ").len() > 300_000, "ThirdPartyNotices.txt is whole");
    }
}
