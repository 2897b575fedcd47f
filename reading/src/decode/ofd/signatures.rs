//! The signatures of an OFD: whether the files that they name are still as they were signed, and the pictures of stamps.
//!
//! Digests are compared (SM3, SHA-256). Whether the signature over them was made with the key of the one whom the stamp
//! names is not checked, and never said to be right.

use super::der::{self, Value};
use super::geometry::PageBox;
use super::markup::Element;
use super::package::{Package, folder_of, resolved};
use super::sm3::sm3;
use sha2::{Digest, Sha256};
use vocabulary::detail::{Detail, DetailCode};

/// Signatures of one document, and stamps of one of them.
const SIGNATURES_MAX: usize = 100;
const STAMPS_MAX: usize = 5_000;
/// Bytes of signed files that are looked through.
const BYTES_MAX: usize = 128 * 1024 * 1024;
/// Changed files that are named.
const NAMED_MAX: usize = 5;

/// What the signatures of a document came to.
#[derive(Default)]
pub(super) struct Signed {
    pub stamps: Vec<Stamp>,
    /// What is to be said of each signature.
    pub said: Vec<Detail>,
}

/// A stamp on a page.
pub(super) struct Stamp {
    pub page: String,
    pub area: PageBox,
    /// The part of it that is shown, from its own corner.
    pub clip: Option<PageBox>,
    /// Where its picture is: a file of the package that holds it.
    pub picture: String,
}

/// What the digests of a signature say.
enum Verdict {
    AsSigned,
    Changed(Vec<String>),
    /// The list of digests is not the one that was signed.
    ListChanged,
    /// Digests of a kind that is not computed, or too much to compute.
    NotChecked,
}

/// Reads the signatures of a document.
pub(super) fn signed(package: &mut Package, path: &str) -> Signed {
    let mut found = Signed::default();
    let Ok(root) = package.element(path) else {
        found.said.push(DetailCode::SignatureUnreadable.with(path));
        return found;
    };
    let mut budget = BYTES_MAX;
    for entry in root.named("Signature").take(SIGNATURES_MAX) {
        let Some(path) = entry
            .attribute("BaseLoc")
            .and_then(|said| resolved(folder_of(path), said))
        else {
            continue;
        };
        let name = entry.attribute("ID").unwrap_or_default().trim().to_owned();
        let Ok(bytes) = package.bytes(&path) else {
            found.said.push(DetailCode::SignatureUnreadable.with(path));
            continue;
        };
        let Ok(signature) = Element::read(&bytes) else {
            found.said.push(DetailCode::SignatureUnreadable.with(path));
            continue;
        };
        let place = |said: &str| resolved(folder_of(&path), said);
        let value = signature.said("SignedValue").and_then(place);
        let verdict = verdict(package, &signature, &bytes, value.as_deref(), &path, &mut budget);
        found.said.push(match verdict {
            Verdict::AsSigned => DetailCode::SignatureDigestsFit.with(name),
            Verdict::Changed(files) => DetailCode::SignatureBroken.with(name).with(files.join(", ")),
            Verdict::ListChanged => DetailCode::SignatureListBroken.with(name),
            Verdict::NotChecked => DetailCode::SignatureNotChecked.with(name),
        });
        let Some(info) = signature.child("SignedInfo") else {
            continue;
        };
        let seal = info.child("Seal").and_then(|seal| place(seal.said("BaseLoc")?));
        let Some(picture) = seal.filter(|path| package.has(path)).or(value) else {
            continue;
        };
        let stamp = |element: &Element| {
            Some(Stamp {
                page: element.attribute("PageRef")?.trim().to_owned(),
                area: PageBox::read(element.attribute("Boundary")?)?,
                clip: element.attribute("Clip").and_then(PageBox::read),
                picture: picture.clone(),
            })
        };
        let room = STAMPS_MAX.saturating_sub(found.stamps.len());
        found
            .stamps
            .extend(info.named("StampAnnot").filter_map(stamp).take(room));
    }
    found
}

/// The picture of a stamp, with what the seal says it is (`ofd`, `png` ...).
pub(super) fn picture_of(bytes: &[u8]) -> Option<(String, Vec<u8>)> {
    der::find(bytes, &|values: &[Value<'_>]| match values {
        [kind, picture, width, height, ..]
            if kind.is_text() && picture.is_bytes() && width.is_number() && height.is_number() =>
        {
            let kind = String::from_utf8_lossy(kind.content).to_lowercase();
            Some((kind, picture.content.to_vec()))
        }
        _ => None,
    })
}

fn verdict(
    package: &mut Package,
    signature: &Element,
    bytes: &[u8],
    value: Option<&str>,
    path: &str,
    budget: &mut usize,
) -> Verdict {
    let Some(list) = signature.child("SignedInfo").and_then(|info| info.child("References")) else {
        return Verdict::NotChecked;
    };
    let Some(digest) = digest_of(list.attribute("CheckMethod").unwrap_or_default()) else {
        return Verdict::NotChecked;
    };
    let mut changed = Vec::new();
    for reference in list.named("Reference") {
        let said = reference.attribute("FileRef").unwrap_or_default();
        let Some(expected) = reference.said("CheckValue").and_then(from_base64) else {
            return Verdict::NotChecked;
        };
        let file = resolved(folder_of(path), said);
        let file = file.filter(|file| package.has(file)).or_else(|| resolved("", said));
        let found = match file.as_deref().map(|file| package.bytes(file)) {
            Some(Ok(found)) => found,
            _ if file.as_deref().is_some_and(|file| package.has(file)) => return Verdict::NotChecked,
            _ => {
                changed.push(said.to_owned());
                continue;
            }
        };
        let Some(left) = budget.checked_sub(found.len()) else {
            return Verdict::NotChecked;
        };
        *budget = left;
        if digest(&found) != expected {
            changed.push(said.to_owned());
        }
    }
    if !changed.is_empty() {
        changed.truncate(NAMED_MAX);
        return Verdict::Changed(changed);
    }
    match value
        .and_then(|value| package.bytes(value).ok())
        .and_then(|value| signed_digest(&value))
    {
        Some(signed) if signed == sm3(bytes) || signed == <[u8; 32]>::from(Sha256::digest(bytes)) => Verdict::AsSigned,
        Some(_) => Verdict::ListChanged,
        None => Verdict::NotChecked,
    }
}

/// The digest of the list that an electronic seal signs: the one string of 256 bits among what is signed.
fn signed_digest(value: &[u8]) -> Option<[u8; 32]> {
    let outer = der::values(value);
    let signed = outer.first().map(|outer| der::values(outer.content))?;
    let of_parts = |value: &Value<'_>| {
        let parts = der::values(value.content);
        let mut digests = parts
            .iter()
            .filter_map(|part| part.bits())
            .filter_map(|bits| bits.try_into().ok());
        digests.next()
    };
    signed.first().filter(|first| first.is_sequence()).and_then(of_parts)
}

type DigestOfFile = fn(&[u8]) -> Vec<u8>;

/// How digests of a kind are computed.
fn digest_of(method: &str) -> Option<DigestOfFile> {
    match method.trim().to_uppercase().as_str() {
        "SM3" | "1.2.156.10197.1.401" | "1.2.156.10197.1.401.1" | "1.2.156.10197.1.401.2" => Some(|b| sm3(b).to_vec()),
        "SHA256" | "SHA-256" | "2.16.840.1.101.3.4.2.1" => Some(|b| Sha256::digest(b).to_vec()),
        _ => None,
    }
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0u32, 0);
    for letter in text.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=') {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_read_as_they_are_written() {
        assert_eq!(from_base64("YWJj\nZA==").as_deref(), Some(&b"abcd"[..]));
        assert_eq!(from_base64("a*b"), None);
    }

    #[test]
    fn the_picture_of_a_stamp_is_found_wherever_it_lies() {
        let picture = [&b"\x16\x03png\x04\x02ab\x02\x01\x05\x02\x01\x06"[..]].concat();
        let inner = [&[0x30, picture.len() as u8][..], &picture].concat();
        let outer = [&[0x30, inner.len() as u8 + 3, 2, 1, 4][..], &inner].concat();
        assert_eq!(picture_of(&outer), Some(("png".to_owned(), b"ab".to_vec())));
        assert_eq!(picture_of(&outer[..outer.len() - 4]), None);
    }
}
