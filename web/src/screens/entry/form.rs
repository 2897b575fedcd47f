//! The form of one record of a register, made from the fields of the register.

use super::{EntryField, EntryView};
use crate::{
    http::{address, error::Result, images, who::Seat},
    screens::{correcting::way_back::WayBack, imports::label, parts::Choice, shell::Here},
    state::Web,
    text::Text,
};
use records::{
    audit::{AuditAction, AuditObject, EventDraft},
    customers::{CUSTOMER_FIELDS, fields::CustomerFieldStorage},
    imports::{Register, Standing, fields::ATTRIBUTE},
    registers::fields_of,
};
use vocabulary::List;

/// What a form is about.
#[derive(Clone, Copy)]
pub(super) struct EntryForm {
    pub register: Register,
    pub here: Here,
    pub title_new: &'static str,
    pub title_change: &'static str,
    /// Where all records are, and one of them.
    pub list: &'static str,
    pub own_address: fn(&str) -> String,
}

pub(super) const CUSTOMER: EntryForm = EntryForm {
    register: Register::Customers,
    here: Here("customers"),
    title_new: "customer-add",
    title_change: "customer-change",
    list: "/customers",
    own_address: address::customer,
};

pub(super) const PLACE: EntryForm = EntryForm {
    register: Register::Locations,
    here: Here("locations"),
    title_new: "location-add",
    title_change: "location-change",
    list: "/locations",
    own_address: address::location,
};

/// The fields of a form in their order: those of the register, then what the archive has added to this record.
pub(super) fn names(register: Register, standing: Option<&Standing>) -> Vec<String> {
    let mut names: Vec<String> = fields_of(register)
        .iter()
        .map(|field| field.name().to_owned())
        .collect();
    let attributes = standing.iter().flat_map(|standing| standing.values.attributes.keys());
    names.extend(attributes.map(|name| format!("{ATTRIBUTE}{name}")));
    names
}

pub(super) fn is_masked(register: Register, name: &str) -> bool {
    register == Register::Customers
        && CUSTOMER_FIELDS.iter().any(|field| {
            field.name() == name
                && matches!(field.storage, CustomerFieldStorage::Identifier(kind) if kind.is_personal())
        })
}

pub(super) async fn blank(web: &Web, seat: &Seat, about: EntryForm, standing: Option<Standing>) -> Result<EntryView> {
    let t = seat.t;
    let fields = names(about.register, standing.as_ref())
        .into_iter()
        .map(|name| entry_field(t, about.register, name, standing.as_ref()))
        .collect();
    let (url, back, is_new) = match &standing {
        None => (format!("{}/new", about.list), about.list.to_owned(), true),
        Some(standing) => {
            let back = (about.own_address)(&standing.code);
            (format!("{back}/edit"), back, false)
        }
    };
    Ok(EntryView {
        t,
        shell: web.shell(seat, about.here).await?,
        title: t.say(if is_new { about.title_new } else { about.title_change }),
        url,
        back,
        is_new,
        version: standing.as_ref().map_or(0, |standing| standing.version),
        fields,
        why: String::new(),
        doubles: Vec::new(),
        fault: String::new(),
        review: String::new(),
        picture: None,
    })
}

impl EntryView {
    /// Lays the document in review, for which this is added, beside the form; looking at it is an event of the trail.
    pub(super) async fn beside(&mut self, web: &Web, seat: &Seat, review: &str) -> Result<()> {
        if review.is_empty() {
            return Ok(());
        }
        let Some(document) = web.archive.document(&seat.asker, review).await? else {
            return Ok(());
        };
        let id = &document.row.id;
        let event = EventDraft::new(AuditAction::DocumentViewed, AuditObject::Document, id.as_str());
        web.archive.note_read(&seat.asker, event.detail("in=review")).await?;
        self.back = WayBack::Review.address(id, "", "");
        self.review = id.to_string();
        self.picture = document.pages.first().map(|page| {
            let (image, srcset, _) = images::page_addresses(id, page);
            (image, srcset)
        });
        Ok(())
    }
}

fn entry_field(t: Text, register: Register, name: String, standing: Option<&Standing>) -> EntryField {
    let fields = fields_of(register);
    let shown = standing.map_or_else(String::new, |standing| standing.values.named(&fields, &name).to_owned());
    let (value, kept) = match is_masked(register, &name) {
        true => (String::new(), shown),
        false => (shown, String::new()),
    };
    let field = fields.iter().find(|field| field.name() == name);
    let (required, words) = field.map_or((false, None), |field| (field.column.required, field.words));
    EntryField {
        label: label(t, register, &name),
        required,
        choices: choices(t, words, &value),
        value,
        kept,
        name,
        now: String::new(),
        wrong: String::new(),
    }
}

/// The words of the field's list in the reader's language, and the one of the archive's own that stands there. While
/// nothing is chosen, the record takes what is usual.
fn choices(t: Text, words: Option<List>, chosen: &str) -> Vec<Choice> {
    let Some(list) = words else {
        return Vec::new();
    };
    let usual = chosen.is_empty().then(|| Choice {
        value: String::new(),
        label: t.say("entry-usual"),
        chosen: true,
    });
    let at = list.position(chosen).ok();
    let known = list.words.iter().enumerate().map(|(index, word)| Choice {
        value: word.code.to_owned(),
        label: word.name(t.0).to_owned(),
        chosen: at == Some(index),
    });
    let own = (at.is_none() && !chosen.is_empty()).then(|| Choice {
        value: chosen.to_owned(),
        label: chosen.to_owned(),
        chosen: true,
    });
    usual.into_iter().chain(known).chain(own).collect()
}
