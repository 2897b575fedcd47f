//! What a delivery says of a document, as the record compares it with bytes that are there already.

use crate::link::{self, Statements};
use crate::manifest::KnownFacts;
use records::batches::StatedPaper;
use records::documents::{AnnouncedCustomer, AnnouncedPlace, Announcement, DocumentField, Link, Medium, Particulars};
use records::fold;
use records::ids::Fingerprint;
use records::kinds::Kinds;
use records::places::{Location, PlaceUse};

/// Characters of a digest that tell announcements of one document apart.
const DIGEST_CHARACTERS: usize = 16;

/// The stated location of the paper.
#[derive(Clone, Debug, PartialEq)]
pub enum StatedLocation {
    NotStated,
    Known(Location),
    /// The code as written; the archive has no such location.
    Unknown(String),
    /// The code of a location that takes no new paper.
    Retired(String),
}

impl StatedLocation {
    /// What was found under a code that is stated.
    pub fn of(code: &str, found: Option<Location>) -> StatedLocation {
        match found {
            None => StatedLocation::Unknown(code.to_owned()),
            Some(location) if location.state == PlaceUse::Retired => StatedLocation::Retired(location.code),
            Some(location) => StatedLocation::Known(location),
        }
    }

    /// The code; empty when none is stated.
    pub fn code(&self) -> &str {
        match self {
            StatedLocation::NotStated => "",
            StatedLocation::Known(location) => &location.code,
            StatedLocation::Unknown(code) | StatedLocation::Retired(code) => code,
        }
    }
}

/// Everything that people state of a document.
pub fn announcement(
    known: &KnownFacts,
    kinds: &Kinds,
    statements: &Statements,
    location: &StatedLocation,
) -> Announcement {
    let place = match location {
        StatedLocation::NotStated => AnnouncedPlace::NotSaid,
        StatedLocation::Known(location) => AnnouncedPlace::Known {
            uid: location.uid,
            code: location.code.clone(),
        },
        StatedLocation::Retired(code) => AnnouncedPlace::Retired(code.clone()),
        StatedLocation::Unknown(code) => AnnouncedPlace::Unknown(code.clone()),
    };
    let mut said = Announcement {
        customer: customer(statements),
        place,
        fields: fields(known, kinds),
        attributes: as_delivered(known, kinds, location),
        digest: String::new(),
        source: match known.source.file.as_str() {
            "" => String::new(),
            file => format!("{file}:{}", known.source.line),
        },
    };
    said.digest = digest(&said, known, statements);
    said
}

/// The kind that is stated, and is one of the archive.
pub fn stated_kind<'k>(known: &KnownFacts, kinds: &'k Kinds) -> Option<&'k str> {
    match known.kind.as_str() {
        "" => None,
        word => kinds.resolve(word).map(|kind| kind.code.as_str()),
    }
}

/// Attributes as delivered, with what was stated and is not in the archive.
pub fn as_delivered(known: &KnownFacts, kinds: &Kinds, location: &StatedLocation) -> Vec<(String, String)> {
    let mut attributes = known.attributes.clone();
    if !known.kind.is_empty() && stated_kind(known, kinds).is_none() {
        attributes.push(("kind_as_delivered".to_owned(), known.kind.clone()));
    }
    if let StatedLocation::Unknown(_) | StatedLocation::Retired(_) = location {
        attributes.push(("location_as_delivered".to_owned(), location.code().to_owned()));
    }
    attributes
}

fn customer(statements: &Statements) -> AnnouncedCustomer {
    match link::decide(statements, &[], &link::FactOwners::default()) {
        Link::Certain {
            customer_uid,
            basis,
            detail,
        } => AnnouncedCustomer::Certain {
            uid: customer_uid,
            code: code_of(statements, customer_uid),
            basis,
            detail,
        },
        Link::Review {
            reason,
            detail,
            candidates,
        } if !statements.manifest.is_empty() => AnnouncedCustomer::Unclear {
            reason,
            detail,
            candidates,
        },
        Link::Review { .. } => AnnouncedCustomer::NotSaid,
    }
}

fn code_of(statements: &Statements, uid: i64) -> String {
    let named = statements.manifest.iter().filter_map(|(_, customer)| customer.as_ref());
    let sheet = statements.sheet.iter().filter_map(|(_, customer)| customer.as_ref());
    let folder = statements.folder.iter().map(|(_, customer)| customer);
    named
        .chain(sheet)
        .chain(&statements.command_line)
        .chain(folder)
        .find(|customer| customer.uid == uid)
        .map_or_else(String::new, |customer| customer.code.clone())
}

/// The fields of the document that are stated.
fn fields(known: &KnownFacts, kinds: &Kinds) -> Vec<(DocumentField, String)> {
    use DocumentField as Field;
    let usual = Particulars::default();
    let more = &known.particulars;
    let medium = match known.paper {
        StatedPaper::None => Medium::Digital.as_str(),
        _ if more.medium != usual.medium => more.medium.as_str(),
        _ => "",
    };
    let copy_state = match known.paper {
        StatedPaper::Is(state) => state.as_str(),
        StatedPaper::NotStated | StatedPaper::None => "",
    };
    let copies = if more.copies == usual.copies {
        String::new()
    } else {
        more.copies.to_string()
    };
    let all = [
        (Field::Title, known.title.clone()),
        (Field::Kind, stated_kind(known, kinds).unwrap_or_default().to_owned()),
        (Field::Number, known.number.clone()),
        (Field::Date, known.date.as_str().to_owned()),
        (
            Field::PagesDeclared,
            known.page_count.map_or_else(String::new, |n| n.to_string()),
        ),
        (Field::Medium, medium.to_owned()),
        (Field::CopyState, copy_state.to_owned()),
        (Field::VerifiedBy, more.verified_by.clone()),
        (Field::VerifiedOn, more.verified_on.as_str().to_owned()),
        (
            Field::Counterpart,
            more.counterpart.map_or("", |said| said.as_str()).to_owned(),
        ),
        (Field::Copies, copies),
        (Field::Seals, more.seals.join("; ")),
        (Field::FormCode, more.form_code.clone()),
        (
            Field::SecurityLevel,
            known
                .security_level
                .map_or_else(String::new, |level| level.number().to_string()),
        ),
        (Field::Department, known.department.clone()),
        (Field::Site, known.site.clone()),
        (Field::RetentionClass, more.retention_class.clone()),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// Stands for all that is said, wherever it is written; empty when nothing is.
fn digest(said: &Announcement, known: &KnownFacts, statements: &Statements) -> String {
    if said.is_empty() {
        return String::new();
    }
    let mut parts: Vec<String> = known.customer_codes.iter().map(|code| fold::code(code)).collect();
    parts.push(fold::name(&known.customer_name));
    if let AnnouncedCustomer::Certain { code, .. } = &said.customer {
        parts.push(fold::code(code));
    }
    parts.push(
        statements
            .command_line
            .as_ref()
            .map_or_else(String::new, |customer| fold::code(&customer.code)),
    );
    parts.push(match &said.place {
        AnnouncedPlace::NotSaid => String::new(),
        AnnouncedPlace::Known { code, .. } | AnnouncedPlace::Unknown(code) | AnnouncedPlace::Retired(code) => {
            fold::code(code)
        }
    });
    parts.extend(
        said.fields
            .iter()
            .map(|(field, text)| format!("{}={text}", field.as_str())),
    );
    parts.extend(said.attributes.iter().map(|(name, value)| format!("{name}={value}")));
    let mut digest = Fingerprint::of(parts.join("\u{1f}").as_bytes()).hex();
    digest.truncate(DIGEST_CHARACTERS);
    digest
}
