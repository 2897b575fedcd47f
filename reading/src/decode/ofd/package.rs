//! The files inside an OFD, each read within bounds: how many there are, how large each and all together become, and how
//! much smaller they were packed.

use super::markup::Element;
use crate::reason::Refusal;
use std::collections::HashMap;
use std::io::{Read, Seek};
use vocabulary::Reason;
use vocabulary::detail::DetailCode;
use zip::ZipArchive;
use zip::result::ZipError;

/// Files inside one package. A book of 5,000 pages has four for each.
const ENTRIES_MAX: usize = 40_000;
/// Bytes of one file inside, unpacked.
const ENTRY_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Bytes that may be unpacked for one page, or to open a package.
const BYTES_AT_ONCE_MAX: u64 = 256 * 1024 * 1024;
/// From this size on a file must not be packed to less than this share of it.
const PACKED_BYTES_MIN: u64 = 8 * 1024 * 1024;
const PACKED_RATIO_MAX: u64 = 200;
/// Letters of a path inside.
const PATH_BYTES_MAX: usize = 1_024;

/// Where the bytes of a package come from: a file, or a picture of a stamp.
pub(super) trait PackageFile: Read + Seek {}

impl<S: Read + Seek> PackageFile for S {}

/// An open package.
pub(super) struct Package {
    zip: ZipArchive<Box<dyn PackageFile>>,
    /// Places of the files by path, without a slash in front; and by path in small letters.
    places: HashMap<String, usize>,
    small: HashMap<String, usize>,
    /// Bytes that may still be unpacked.
    left: u64,
}

impl Package {
    pub fn open(source: Box<dyn PackageFile>) -> Result<Package, Refusal> {
        let zip = ZipArchive::new(source).map_err(|error| damaged(&error))?;
        if zip.len() > ENTRIES_MAX {
            let detail = DetailCode::OfdTooManyFiles.with(zip.len()).with(ENTRIES_MAX);
            return Err(Refusal::new(Reason::TooLarge, detail));
        }
        let mut places = HashMap::new();
        let mut small = HashMap::new();
        for (at, name) in zip.file_names_raw().enumerate() {
            let Some(path) = resolved("", &named(name)) else {
                continue;
            };
            small.entry(path.to_lowercase()).or_insert(at);
            places.entry(path).or_insert(at);
        }
        Ok(Package {
            zip,
            places,
            small,
            left: BYTES_AT_ONCE_MAX,
        })
    }

    /// Begins another page, for which as much may be unpacked again.
    pub fn begin_page(&mut self) {
        self.left = BYTES_AT_ONCE_MAX;
    }

    pub fn has(&self, path: &str) -> bool {
        self.place(path).is_some()
    }

    fn place(&self, path: &str) -> Option<usize> {
        let exact = self.places.get(path);
        exact.or_else(|| self.small.get(&path.to_lowercase())).copied()
    }

    /// The bytes of a file inside.
    pub fn bytes(&mut self, path: &str) -> Result<Vec<u8>, Refusal> {
        let lacks = || Refusal::new(Reason::Unreadable, DetailCode::OfdLacks.with(path));
        let at = self.place(path).ok_or_else(lacks)?;
        let file = self.zip.by_index(at).map_err(|error| damaged(&error))?;
        let (size, packed) = (file.size(), file.compressed_size());
        let bound = ENTRY_BYTES_MAX.min(self.left);
        let too_large = || {
            let detail = DetailCode::OfdFileTooLarge.with(path).with(bound);
            Refusal::new(Reason::TooLarge, detail)
        };
        let ratio = |size: u64| size > PACKED_BYTES_MIN && size / packed.max(1) > PACKED_RATIO_MAX;
        if size > bound || ratio(size) {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        let read = file.take(bound + 1).read_to_end(&mut bytes);
        self.left = self.left.saturating_sub(bytes.len() as u64);
        if bytes.len() as u64 > bound || ratio(bytes.len() as u64) {
            return Err(too_large());
        }
        match read {
            Ok(_) => Ok(bytes),
            Err(error) => Err(Refusal::new(
                Reason::Unreadable,
                DetailCode::OfdFileDamaged.with(path).with(error.to_string()),
            )),
        }
    }

    /// A file inside that is a description.
    pub fn element(&mut self, path: &str) -> Result<Element, Refusal> {
        let bytes = self.bytes(path)?;
        let broken = |error: String| {
            let detail = DetailCode::OfdFileDamaged.with(path).with(error);
            Refusal::new(Reason::Unreadable, detail)
        };
        Element::read(&bytes).map_err(broken)
    }
}

/// A path as it stands in a file of the folder `folder`, from the root of the package; none where it leads out of it.
pub(super) fn resolved(folder: &str, path: &str) -> Option<String> {
    let path = path.trim().replace('\\', "/");
    if path.is_empty() || path.len() > PATH_BYTES_MAX {
        return None;
    }
    let from = if path.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// The folder of a file inside.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The name of a file inside: in UTF-8, else in what Chinese programs write.
fn named(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030.decode(name).0.into_owned(),
    }
}

fn damaged(error: &ZipError) -> Refusal {
    match error {
        ZipError::UnsupportedArchive(text) if text.contains("assword") => {
            Refusal::new(Reason::Encrypted, DetailCode::OfdEncrypted)
        }
        error => Refusal::new(Reason::Unreadable, DetailCode::OfdDamaged.with(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_the_package() {
        let check = |folder: &str, path: &str, expected: Option<&str>| {
            assert_eq!(resolved(folder, path).as_deref(), expected, "{path} in {folder}");
        };
        check(
            "Doc_0",
            "Pages/Page_0/Content.xml",
            Some("Doc_0/Pages/Page_0/Content.xml"),
        );
        check("Doc_0/Pages", "/Doc_0/Res/a.png", Some("Doc_0/Res/a.png"));
        check("Doc_0/Pages", "../Res/./a.png", Some("Doc_0/Res/a.png"));
        check("Doc_0", "Res\\a.png", Some("Doc_0/Res/a.png"));
        check("Doc_0", "../../etc/passwd", None);
        check("Doc_0", " ", None);
    }
}
