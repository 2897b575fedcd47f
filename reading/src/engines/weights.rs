//! The weights of a network that are denormal numbers: too small for the usual form of a number, and on many processors
//! some hundred times slower to multiply. The engine takes them for zero; here they are counted, so that whoever sets up
//! or looks after a machine is told.
//!
//! Walks an ONNX file (protocol buffers) field by field and knows only the few on the way to the weights.

use super::Engines;
use super::wheels::{DETECTION, ORIENTATION, RECOGNITION, SECOND};
use std::io;

/// Graphs within graphs are no deeper in files that are pinned.
const DEPTH_MAX: usize = 6;
/// `TensorProto.DataType.FLOAT`.
const FLOAT: u64 = 1;

/// The weights of one network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TinyWeights {
    pub file: &'static str,
    pub tiny: u64,
    pub weights: u64,
}

impl Engines {
    /// Counts the denormal weights of every network that is there (30 MB to read, some 20 ms).
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn tiny_weights(&self) -> io::Result<Vec<TinyWeights>> {
        let there = |file: &&str| self.folder.join(file).is_file();
        let networks = [DETECTION, RECOGNITION, ORIENTATION, SECOND].into_iter().filter(there);
        networks
            .map(|file| {
                let bytes = std::fs::read(self.folder.join(file))?;
                let mut count = WeightCount::default();
                count.model(&bytes);
                Ok(TinyWeights {
                    file,
                    tiny: count.tiny,
                    weights: count.weights,
                })
            })
            .collect()
    }
}

/// What an ONNX model says of itself under this name (`metadata_props`).
pub(crate) fn model_text(model: &[u8], name: &str) -> Option<String> {
    let entries = MessageFields(model).filter_map(|(field, part)| match (field, part) {
        (14, MessageValue::Bytes(entry)) => Some(entry),
        _ => None,
    });
    let text = |entry, wanted| {
        MessageFields(entry).find_map(|(field, part)| match part {
            MessageValue::Bytes(text) if field == wanted => Some(text),
            _ => None,
        })
    };
    let mut named = entries.filter(|entry| text(entry, 1) == Some(name.as_bytes()));
    named
        .find_map(|entry| text(entry, 2))
        .and_then(|text| String::from_utf8(text.to_vec()).ok())
}

#[derive(Default)]
struct WeightCount {
    tiny: u64,
    weights: u64,
}

impl WeightCount {
    fn model(&mut self, bytes: &[u8]) {
        for (field, part) in MessageFields(bytes) {
            if let (7, MessageValue::Bytes(graph)) = (field, part) {
                self.graph(graph, 0);
            }
        }
    }

    fn graph(&mut self, bytes: &[u8], depth: usize) {
        for (field, part) in MessageFields(bytes) {
            match (field, part) {
                (1, MessageValue::Bytes(node)) => self.node(node, depth),
                (5, MessageValue::Bytes(tensor)) => self.tensor(tensor),
                _ => {}
            }
        }
    }

    /// A node may have its weights as an attribute, or a graph of its own.
    fn node(&mut self, bytes: &[u8], depth: usize) {
        let attributes = MessageFields(bytes).filter(|(field, _)| *field == 5);
        for (_, attribute) in attributes {
            let MessageValue::Bytes(attribute) = attribute else {
                continue;
            };
            for (field, part) in MessageFields(attribute) {
                match (field, part) {
                    (5, MessageValue::Bytes(tensor)) => self.tensor(tensor),
                    (6, MessageValue::Bytes(graph)) if depth < DEPTH_MAX => self.graph(graph, depth + 1),
                    _ => {}
                }
            }
        }
    }

    fn tensor(&mut self, bytes: &[u8]) {
        let is_float = |(field, part)| matches!((field, part), (2, MessageValue::Number(FLOAT)));
        if !MessageFields(bytes).any(is_float) {
            return;
        }
        for (field, part) in MessageFields(bytes) {
            // Numbers as they lie in memory, or as a packed list: the same bytes.
            if let (4 | 9, MessageValue::Bytes(raw)) = (field, part) {
                let (numbers, _) = raw.as_chunks::<4>();
                let numbers = numbers.iter().map(|number| f32::from_le_bytes(*number));
                self.weights += numbers.len() as u64;
                self.tiny += numbers.filter(|number| number.is_subnormal()).count() as u64;
            }
        }
    }
}

/// What a field holds.
enum MessageValue<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// A number of fixed size, which no field on the way is.
    Fixed,
}

/// The fields of a message, up to its end or to what is none.
struct MessageFields<'a>(&'a [u8]);

impl<'a> Iterator for MessageFields<'a> {
    type Item = (u64, MessageValue<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = self.number()?;
        let part = match key & 7 {
            0 => MessageValue::Number(self.number()?),
            1 => self.take(8).map(|_| MessageValue::Fixed)?,
            2 => {
                let length = usize::try_from(self.number()?).ok()?;
                MessageValue::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| MessageValue::Fixed)?,
            _ => return None,
        };
        Some((key >> 3, part))
    }
}

impl<'a> MessageFields<'a> {
    /// Seven bits in each byte, the lowest first.
    fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = *self.take(1)?.first()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, bytes.len() as u8], bytes].concat()
    }

    #[test]
    fn weights_are_found_as_initialisers_and_as_attributes() {
        let numbers: Vec<u8> = [1.0f32, 1e-40, 0.0, -1e-44]
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect();
        let tensor = [vec![2 << 3, 1], field(9, &numbers)].concat();
        let whole_numbers = [vec![2 << 3, 7], field(9, &numbers)].concat();
        let constant = field(5, &field(5, &tensor));
        let graph = [field(1, &constant), field(5, &tensor), field(5, &whole_numbers)].concat();
        let mut count = WeightCount::default();
        count.model(&[vec![1 << 3, 8], field(7, &graph)].concat());
        assert_eq!((count.tiny, count.weights), (4, 8));
    }

    #[test]
    fn what_a_model_says_of_itself_is_found_by_name() {
        let entry = |name: &[u8], text: &[u8]| field(14, &[field(1, name), field(2, text)].concat());
        let model = [entry(b"author", b"x"), entry(b"character", "甲\n乙".as_bytes())].concat();
        assert_eq!(model_text(&model, "character").as_deref(), Some("甲\n乙"));
        assert_eq!(model_text(&model, "licence"), None);
    }

    #[test]
    fn what_is_no_network_has_no_weights() {
        let mut count = WeightCount::default();
        count.model(&[0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1, 2]);
        count.model(&[0xFF; 40]);
        assert_eq!((count.tiny, count.weights), (0, 0));
    }
}
