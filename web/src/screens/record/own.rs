//! The fields that the archive has added to a document itself, and one that is being added.

use super::{FieldGroup, RecordField};
use crate::{
    http::{error::Result, who::Fields},
    screens::parts,
    text::Text,
};
use records::documents::DocumentDraft;

/// How these fields are named in the form.
const OWN: &str = "own:";
const NEW_NAME: &str = "own_name";
const NEW_VALUE: &str = "own_value";

/// What was typed into them.
#[derive(Default)]
pub(super) struct OwnTyped {
    typed: Vec<(String, String)>,
    pub new: (String, String),
    faulty: Vec<String>,
}

impl OwnTyped {
    /// Takes them into the draft; those that the form does not send stay as they are.
    pub fn read(fields: &mut Fields, draft: &mut DocumentDraft) -> Result<Self> {
        let names: Vec<String> = draft.attributes.iter().map(|(name, _)| name.clone()).collect();
        let mut own = Self::default();
        for name in names {
            if let Some(text) = fields.maybe(&format!("{OWN}{name}"))? {
                own.take(draft, name, text);
            }
        }
        own.new = (fields.text(NEW_NAME)?, fields.text(NEW_VALUE)?);
        let (name, value) = own.new.clone();
        if !value.trim().is_empty() && draft.set_attribute(&name, &value).is_err() {
            own.faulty.push(String::new());
        }
        Ok(own)
    }

    fn take(&mut self, draft: &mut DocumentDraft, name: String, text: String) {
        if draft.set_attribute(&name, &text).is_err() {
            self.faulty.push(name.clone());
        }
        self.typed.push((name, text));
    }

    pub fn is_sound(&self) -> bool {
        self.faulty.is_empty()
    }

    pub fn new_fault(&self, t: Text) -> String {
        match self.faulty.iter().any(String::is_empty) {
            true => t.say("field-fault-own"),
            false => String::new(),
        }
    }
}

/// One field for each that stands in the record; an empty one goes.
pub(super) fn group(t: Text, now: &DocumentDraft, own: &OwnTyped, conflict: bool) -> FieldGroup {
    let fields = now.attributes.iter().map(|(name, stands)| {
        let typed = own.typed.iter().find(|(known, _)| known == name);
        let value = typed.map_or(stands, |(_, text)| text).clone();
        RecordField {
            now: match conflict && value != *stands {
                true => t.with("record-now", "value", stands),
                false => String::new(),
            },
            fault: match own.faulty.contains(name) {
                true => t.say("field-fault-other"),
                false => String::new(),
            },
            name: format!("{OWN}{name}"),
            label: parts::further_field(t, name),
            value,
            ..RecordField::default()
        }
    });
    FieldGroup {
        label: t.say("record-group-own"),
        fields: fields.collect(),
    }
}
