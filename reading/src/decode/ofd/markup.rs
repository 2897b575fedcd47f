//! The descriptions inside an OFD (XML) as trees within bounds. Entities of a file's own are not replaced.

use encoding_rs::{Encoding, UTF_8};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

/// Elements of one file. A page of 100,000 characters, each an object of its own, has 300,000.
const ELEMENTS_MAX: usize = 600_000;
/// How deep elements lie in each other.
const DEPTH_MAX: usize = 64;
/// Bytes in which a file says its encoding.
const DECLARATION_BYTES: usize = 200;

/// An element without the prefix of its name.
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    pub name: String,
    attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    /// The text directly in it.
    pub text: String,
}

impl Element {
    /// The root of a file. What is wrong with it is said in the words of the library.
    pub fn read(bytes: &[u8]) -> Result<Element, String> {
        let text = decoded(bytes);
        let mut reader = Reader::from_str(&text);
        let mut open: Vec<Element> = vec![Element::default()];
        let mut elements = 0;
        loop {
            let event = reader.read_event().map_err(|error| error.to_string())?;
            match event {
                Event::Start(start) => {
                    elements += 1;
                    open.push(begun(&start));
                }
                Event::Empty(start) => {
                    elements += 1;
                    if let Some(parent) = open.last_mut() {
                        parent.children.push(begun(&start));
                    }
                }
                Event::End(_) => close(&mut open),
                Event::Text(text) => add_text(&mut open, &text),
                Event::CData(text) => add_text(&mut open, &text),
                Event::GeneralRef(name) => {
                    let char = name.resolve_char_ref().ok().flatten();
                    match char {
                        Some(char) => add_text(&mut open, char.encode_utf8(&mut [0; 4])),
                        None => add_text(&mut open, predefined(&name)),
                    }
                }
                Event::Eof => break,
                _ => {}
            }
            if elements > ELEMENTS_MAX || open.len() > DEPTH_MAX {
                return Err(format!("more than {ELEMENTS_MAX} elements or {DEPTH_MAX} levels"));
            }
        }
        if open.len() != 1 {
            return Err("it ends early".to_owned());
        }
        let root = open.pop().and_then(|mut outer| outer.children.pop());
        root.ok_or_else(|| "it has no element".to_owned())
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        number(self.attribute(name)?)
    }

    /// Whether an attribute says yes; `otherwise` where it is not there.
    pub fn is(&self, name: &str, otherwise: bool) -> bool {
        match self.attribute(name).map(str::trim) {
            Some("true" | "True" | "TRUE" | "1") => true,
            Some("false" | "False" | "FALSE" | "0") => false,
            _ => otherwise,
        }
    }

    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    pub fn named<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of a child, without the blanks around it; none where there is none.
    pub fn said(&self, name: &str) -> Option<&str> {
        let text = self.child(name)?.text.trim();
        (!text.is_empty()).then_some(text)
    }
}

/// A number that is one.
pub(super) fn number(text: &str) -> Option<f64> {
    let value: f64 = text.trim().parse().ok()?;
    value.is_finite().then_some(value)
}

fn begun(start: &BytesStart<'_>) -> Element {
    let local = |name: &str| name.rsplit_once(':').map_or(name, |(_, local)| local).to_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes().with_checks(false).flatten() {
        let value = unescape(&attribute.value).map_or_else(|_| attribute.value.to_string(), |value| value.into_owned());
        attributes.push((local(attribute.key.0), value));
    }
    Element {
        name: local(start.name().0),
        attributes,
        ..Element::default()
    }
}

fn close(open: &mut Vec<Element>) {
    let done = open.pop();
    match (open.last_mut(), done) {
        (Some(parent), Some(done)) => parent.children.push(done),
        (None, Some(outer)) => open.push(outer),
        (_, None) => {}
    }
}

fn add_text(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn predefined(name: &str) -> &'static str {
    match name {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}

/// The text of a file in the encoding that it says it has.
fn decoded(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION_BYTES)]);
    let stated = head.split_once("encoding=").map(|(_, rest)| rest);
    let label = stated.and_then(|rest| rest.get(1..)?.split(['"', '\'']).next());
    let encoding = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    // A mark at the beginning decides, whatever is stated.
    encoding.unwrap_or(UTF_8).decode(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_without_prefixes_and_with_their_characters() {
        let text = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x \"yyyy\">]><o:A B='1 &amp; 2'><o:C>a&lt;b&#x7532;&x;</o:C><C/></o:A>";
        let root = Element::read(text.as_bytes()).expect("read");
        assert_eq!((root.name.as_str(), root.attribute("B")), ("A", Some("1 & 2")));
        assert_eq!(root.said("C"), Some("a<b甲"));
        assert_eq!(root.named("C").count(), 2);
        let chinese = encoding_rs::GB18030
            .encode("<?xml version=\"1.0\" encoding=\"GBK\"?><a>甲方</a>")
            .0;
        assert_eq!(Element::read(&chinese).expect("read").text, "甲方");
    }

    #[test]
    fn what_is_too_deep_or_ends_early_is_refused() {
        assert!(Element::read("<a>".repeat(100).as_bytes()).is_err());
        assert!(Element::read(b"<a><b></a>").is_err());
        assert!(Element::read(b"<a><b></b>").is_err());
        assert!(Element::read(b"").is_err());
    }
}
