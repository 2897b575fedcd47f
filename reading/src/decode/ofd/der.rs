//! As much of ASN.1 DER as electronic seals need: values within values, never beyond the bytes that are there.

/// Values on one level, and levels.
const VALUES_MAX: usize = 1_000;
const DEPTH_MAX: usize = 12;

/// A value by its tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'b> {
    tag: u8,
    pub content: &'b [u8],
}

impl<'b> Value<'b> {
    pub fn is_sequence(&self) -> bool {
        self.tag == 0x30
    }

    pub fn is_number(&self) -> bool {
        self.tag == 0x02
    }

    pub fn is_bytes(&self) -> bool {
        self.tag == 0x04
    }

    /// A string of letters of any kind.
    pub fn is_text(&self) -> bool {
        matches!(self.tag, 0x0C | 0x13 | 0x16)
    }

    /// The bytes of a string of bits that has no odd ones.
    pub fn bits(&self) -> Option<&'b [u8]> {
        match self.content.split_first() {
            Some((0, bytes)) if self.tag == 0x03 => Some(bytes),
            _ => None,
        }
    }
}

/// The values that follow each other in the bytes, as far as they are whole.
pub(super) fn values(mut bytes: &[u8]) -> Vec<Value<'_>> {
    let mut found = Vec::new();
    while let Some((value, rest)) = first(bytes).filter(|_| found.len() < VALUES_MAX) {
        found.push(value);
        bytes = rest;
    }
    found
}

/// What `wanted` makes of the values of a sequence, of the first one of which it makes something.
pub(super) fn find<T>(bytes: &[u8], wanted: &dyn Fn(&[Value<'_>]) -> Option<T>) -> Option<T> {
    find_within(bytes, wanted, 0)
}

fn find_within<T>(bytes: &[u8], wanted: &dyn Fn(&[Value<'_>]) -> Option<T>, depth: usize) -> Option<T> {
    let values = values(bytes);
    if let Some(found) = wanted(&values) {
        return Some(found);
    }
    if depth >= DEPTH_MAX {
        return None;
    }
    // Constructed values have values in them.
    let mut inner = values.iter().filter(|value| value.tag & 0x20 != 0);
    inner.find_map(|value| find_within(value.content, wanted, depth + 1))
}

fn first(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    let (tag, length) = (*bytes.first()?, *bytes.get(1)?);
    let (length, from) = if length < 0x80 {
        (usize::from(length), 2)
    } else {
        let count = usize::from(length & 0x7F);
        let digits = bytes.get(2..2 + count).filter(|_| (1..=4).contains(&count))?;
        let length = digits.iter().fold(0usize, |all, digit| all << 8 | usize::from(*digit));
        (length, 2 + count)
    };
    let end = from.checked_add(length)?;
    let content = bytes.get(from..end)?;
    Some((Value { tag, content }, &bytes[end..]))
}
