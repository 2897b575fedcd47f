//! What people announce of bytes that are in the archive already, weighed against the document made from them.
//!
//! What the document does not have yet is filled; what it has from its pages follows what people say of it, as in a first
//! delivery; what people have said before is contradicted by nobody silently; the security level only rises.

use super::{Candidate, DocumentDraft, DocumentField, DocumentState, LinkBasis};
use crate::fold;
use vocabulary::{
    Medium, Reason, StatedField,
    detail::{Detail, DetailCode},
};

/// Everything that is announced of one document.
#[derive(Debug, Clone, Default)]
pub struct Announcement {
    pub customer: AnnouncedCustomer,
    pub place: AnnouncedPlace,
    /// As people write them.
    pub fields: Vec<(DocumentField, String)>,
    /// Columns that the archive does not know.
    pub attributes: Vec<(String, String)>,
    /// Stands for all of it: the same announcement again says nothing new, whatever has become of the document since.
    pub digest: String,
    /// Where it stands, for the history.
    pub source: String,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub enum AnnouncedCustomer {
    #[default]
    NotSaid,
    Certain {
        uid: i64,
        code: String,
        basis: LinkBasis,
        detail: Detail,
    },
    /// Somebody whom the archive does not know, or several.
    Unclear {
        reason: String,
        detail: Detail,
        candidates: Vec<Candidate>,
    },
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AnnouncedPlace {
    #[default]
    NotSaid,
    Known {
        uid: i64,
        code: String,
    },
    /// The archive has no such place.
    Unknown(String),
    /// It takes no new paper.
    Retired(String),
}

/// What comes of an announcement.
#[derive(Debug, Clone, PartialEq)]
pub enum Announced {
    /// It fits: what was filled, and what was noted beside it.
    Fits { filled: Vec<Detail>, noted: Vec<Detail> },
    /// It contradicts the document; nothing was written, a person has to decide.
    Differs {
        document_id: String,
        customer_code: String,
        differences: Vec<Detail>,
        /// It names another customer.
        other_customer: bool,
    },
}

impl Announcement {
    /// Whether anything is said at all.
    pub fn is_empty(&self) -> bool {
        self.customer == AnnouncedCustomer::NotSaid
            && self.place == AnnouncedPlace::NotSaid
            && self.fields.is_empty()
            && self.attributes.is_empty()
    }

    /// What of it holds for each of the documents that a file was cut into. What can be true of one only is kept as it was
    /// delivered.
    #[must_use]
    pub(crate) fn of_stack(&self) -> Announcement {
        use DocumentField::{Date, Number, PagesDeclared, Title};
        let of_one = |(field, _): &(DocumentField, String)| matches!(field, Title | Number | Date | PagesDeclared);
        let (of_one, fields): (Vec<_>, Vec<_>) = self.fields.iter().cloned().partition(of_one);
        let delivered = of_one.into_iter().filter(|(field, _)| *field != PagesDeclared);
        let mut said = Announcement { fields, ..self.clone() };
        said.attributes
            .extend(delivered.map(|(field, text)| (format!("{}_as_delivered", field.as_str()), text)));
        said
    }

    /// The fields, as the record keeps which of a document were stated.
    pub fn stated(&self) -> String {
        let words: Vec<&str> = self.fields.iter().map(|(field, _)| field.as_str()).collect();
        words.join(" ")
    }
}

/// The place and the paper of a document, as far as an announcement is about them.
#[derive(Debug, Clone, Default)]
pub(crate) struct HeldPaper {
    pub place_uid: Option<i64>,
    pub place_code: String,
    /// Why it cannot be put at the announced place, if it cannot.
    pub cannot: Option<Detail>,
    /// It once stood at the announced place.
    pub stood_there: bool,
}

/// A document as an announcement meets it.
#[derive(Debug, Clone)]
pub(crate) struct HeldDocument {
    pub uid: i64,
    pub id: String,
    pub state: DocumentState,
    pub review_reason: String,
    pub customer_uid: i64,
    pub customer_code: String,
    pub draft: DocumentDraft,
    /// Words of fields that people have stated when it was delivered.
    pub stated: String,
    /// Digests of the announcements that it knows.
    pub announced: String,
    /// A person has described it.
    pub is_described: bool,
    pub paper: HeldPaper,
}

/// What is to be written of a document.
#[derive(Debug, Clone)]
pub(crate) struct Weighed {
    pub draft: DocumentDraft,
    pub changed: Vec<DocumentField>,
    pub attributes: Option<Vec<(String, String)>>,
    pub link: bool,
    pub place: Option<i64>,
    pub filled: Vec<Detail>,
    pub noted: Vec<Detail>,
    pub differences: Vec<Detail>,
    pub other_customer: bool,
}

impl HeldDocument {
    pub fn knows(&self, digest: &str) -> bool {
        !digest.is_empty() && self.announced.split(' ').any(|known| known == digest)
    }

    /// Compares it with what is announced.
    pub fn weigh(&self, said: &Announcement) -> Weighed {
        let mut weighed = Weighed {
            draft: self.draft.clone(),
            changed: Vec::new(),
            attributes: None,
            link: false,
            place: None,
            filled: Vec::new(),
            noted: Vec::new(),
            differences: Vec::new(),
            other_customer: false,
        };
        self.weigh_customer(said, &mut weighed);
        self.weigh_place(said, &mut weighed);
        for (field, text) in &said.fields {
            self.weigh_field(*field, text, &mut weighed);
        }
        self.weigh_attributes(&said.attributes, &mut weighed);
        weighed
    }

    fn weigh_customer(&self, said: &Announcement, weighed: &mut Weighed) {
        match &said.customer {
            AnnouncedCustomer::NotSaid => {}
            AnnouncedCustomer::Unclear { detail, .. } if self.state == DocumentState::InReview => {
                weighed.noted.push(detail.clone());
            }
            AnnouncedCustomer::Unclear { detail, .. } => {
                weighed.differences.push(detail.clone());
                weighed.other_customer = true;
            }
            AnnouncedCustomer::Certain { uid, .. } if self.customer_uid == *uid => {}
            AnnouncedCustomer::Certain { code, .. } if self.state == DocumentState::InReview => {
                if self.waits_for_customer(said) {
                    weighed.link = true;
                    weighed.filled.push(used(StatedField::Customer, code));
                }
            }
            AnnouncedCustomer::Certain { .. } => {
                let difference = DetailCode::SameScanOtherCustomer
                    .with(self.id.as_str())
                    .with(self.customer_code.as_str());
                weighed.differences.push(difference);
                weighed.other_customer = true;
            }
        }
    }

    /// Whether naming the customer answers the question for which it waits.
    fn waits_for_customer(&self, said: &Announcement) -> bool {
        match Reason::from_code(&self.review_reason) {
            // Whose it is was known; its place is what it waits for.
            Some(Reason::LocationUnknown | Reason::LocationRetired) => {
                matches!(said.place, AnnouncedPlace::Known { .. })
            }
            Some(Reason::SameScanOtherCustomer | Reason::AnnouncedOtherwise) => false,
            _ => true,
        }
    }

    fn weigh_place(&self, said: &Announcement, weighed: &mut Weighed) {
        match &said.place {
            AnnouncedPlace::NotSaid => {}
            AnnouncedPlace::Unknown(code) => {
                weighed.noted.push(DetailCode::LocationUnknown.with(code.as_str()));
            }
            // Paper that stands there since it was in use may stay.
            AnnouncedPlace::Retired(code) if fold::code(&self.paper.place_code) == fold::code(code) => {}
            AnnouncedPlace::Retired(code) => {
                weighed.noted.push(DetailCode::LocationRetired.with(code.as_str()));
            }
            AnnouncedPlace::Known { uid, code } => {
                if self.paper.place_uid == Some(*uid) || (self.paper.stood_there && self.announced.is_empty()) {
                    return;
                }
                if self.paper.place_uid.is_some() {
                    let difference = self.differs(StatedField::Place, code, &self.paper.place_code);
                    weighed.differences.push(difference);
                    return;
                }
                if let Some(cannot) = &self.paper.cannot {
                    let difference = DetailCode::AnnouncedPlaceCannot
                        .with(code.as_str())
                        .with(cannot.clone());
                    weighed.differences.push(difference);
                    return;
                }
                weighed.place = Some(*uid);
                weighed.filled.push(used(StatedField::Place, code));
                if self.draft.particulars.medium == Medium::Digital
                    && !said.fields.iter().any(|(field, _)| *field == DocumentField::Medium)
                {
                    weighed.draft.particulars.medium = Medium::Paper;
                    weighed.changed.push(DocumentField::Medium);
                }
            }
        }
    }

    fn weigh_field(&self, field: DocumentField, text: &str, weighed: &mut Weighed) {
        let mut said = self.draft.clone();
        if said.set(field, text).is_err() {
            return;
        }
        let (announced, held) = (said.text(field), self.draft.text(field));
        if announced.is_empty() || same(field, &announced, &held) {
            return;
        }
        let stated = StatedField::from_code(field.as_str()).unwrap_or(StatedField::Attribute);
        if field == DocumentField::SecurityLevel {
            if said.security_level < self.draft.security_level {
                let kept = DetailCode::AnnouncedLevelKept
                    .with(said.security_level.number())
                    .with(self.draft.security_level.number());
                weighed.noted.push(kept);
                return;
            }
        } else {
            let was_put_away = field == DocumentField::Medium
                && said.particulars.medium == Medium::Digital
                && self.paper.place_uid.is_some();
            let is_open =
                held.is_empty() || !(self.is_described || self.stated.split(' ').any(|word| word == field.as_str()));
            if !is_open || was_put_away {
                weighed.differences.push(self.differs(stated, &announced, &held));
                return;
            }
        }
        // It was read just now.
        let _ = weighed.draft.set(field, text);
        weighed.changed.push(field);
        weighed.filled.push(used(stated, &announced));
    }

    fn weigh_attributes(&self, said: &[(String, String)], weighed: &mut Weighed) {
        let mut attributes = self.draft.attributes.clone();
        for (name, value) in said {
            match attributes.iter().find(|(known, _)| known == name) {
                Some((_, held)) if held == value => {}
                Some((_, held)) => {
                    let (announced, held) = (format!("{name}: {value}"), format!("{name}: {held}"));
                    let difference = self.differs(StatedField::Attribute, &announced, &held);
                    weighed.differences.push(difference);
                }
                None => {
                    attributes.push((name.clone(), value.clone()));
                    let filled = used(StatedField::Attribute, &format!("{name}: {value}"));
                    weighed.filled.push(filled);
                }
            }
        }
        if attributes.len() != self.draft.attributes.len() {
            weighed.attributes = Some(attributes);
        }
    }

    fn differs(&self, field: StatedField, announced: &str, held: &str) -> Detail {
        DetailCode::AnnouncedDiffers
            .with(field.as_str())
            .with(announced)
            .with(held)
            .with(self.id.as_str())
    }
}

fn used(field: StatedField, value: &str) -> Detail {
    DetailCode::AnnouncedUsed.with(field.as_str()).with(value)
}

fn same(field: DocumentField, one: &str, other: &str) -> bool {
    match field {
        DocumentField::Title => fold::name(one) == fold::name(other),
        DocumentField::Number => fold::code(one) == fold::code(other),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PartialDate, Result, SecurityLevel, documents::CopyState};

    fn held() -> HeldDocument {
        HeldDocument {
            uid: 1,
            id: "D".to_owned(),
            state: DocumentState::Filed,
            review_reason: String::new(),
            customer_uid: 7,
            customer_code: "KH-7".to_owned(),
            draft: DocumentDraft {
                kind: "contract".to_owned(),
                title: "扫描0001".to_owned(),
                number: String::new(),
                date: PartialDate::default(),
                validity: Default::default(),
                pages_declared: None,
                copy_state: CopyState::Unknown,
                security_level: SecurityLevel::Internal,
                department: String::new(),
                site: String::new(),
                particulars: Default::default(),
                attributes: vec![("片区".to_owned(), "东".to_owned())],
                why: String::new(),
            },
            stated: String::new(),
            announced: String::new(),
            is_described: false,
            paper: HeldPaper::default(),
        }
    }

    fn codes(details: &[Detail]) -> Vec<&str> {
        details.iter().map(|detail| detail.code.as_str()).collect()
    }

    fn said(fields: &[(DocumentField, &str)]) -> Announcement {
        Announcement {
            fields: fields
                .iter()
                .map(|(field, text)| (*field, (*text).to_owned()))
                .collect(),
            ..Announcement::default()
        }
    }

    #[test]
    fn what_people_say_fills_and_wins_over_what_was_read() {
        let said = said(&[
            (DocumentField::Title, "服务协议"),
            (DocumentField::Number, "HT-1"),
            (DocumentField::SecurityLevel, "2"),
        ]);
        let weighed = held().weigh(&said);
        assert_eq!(codes(&weighed.filled), ["announced_used"; 3]);
        assert_eq!(
            (weighed.draft.title.as_str(), weighed.draft.number.as_str()),
            ("服务协议", "HT-1")
        );
        assert!(weighed.differences.is_empty());
        assert_eq!(said.stated(), "title number security_level");
    }

    #[test]
    fn what_people_have_said_before_is_contradicted_aloud() {
        let mut document = held();
        document.stated = "title".to_owned();
        let weighed = document.weigh(&said(&[(DocumentField::Title, "服务协议")]));
        assert_eq!(codes(&weighed.differences), ["announced_differs"]);
        assert_eq!(weighed.draft.title, "扫描0001");
        let mut described = held();
        described.is_described = true;
        let weighed = described.weigh(&said(&[
            (DocumentField::Title, "服务协议"),
            (DocumentField::Number, "HT-1"),
        ]));
        assert_eq!(
            (weighed.differences.len(), weighed.filled.len()),
            (1, 1),
            "an empty field is filled all the same"
        );
    }

    #[test]
    fn what_one_document_may_be_called_is_said_of_none_of_a_stack() {
        let said = said(&[
            (DocumentField::Title, "一摞合同"),
            (DocumentField::PagesDeclared, "9"),
            (DocumentField::Department, "法务部"),
        ]);
        let weighed = held().weigh(&said.of_stack());
        assert_eq!(
            (
                weighed.draft.title.as_str(),
                weighed.draft.department.as_str(),
                weighed.draft.pages_declared
            ),
            ("扫描0001", "法务部", None)
        );
        let kept = weighed.attributes.expect("a further attribute");
        assert!(kept.contains(&("title_as_delivered".to_owned(), "一摞合同".to_owned())));
    }

    #[test]
    fn no_paper_is_brought_to_a_place_out_of_use() {
        let said = Announcement {
            place: AnnouncedPlace::Retired("A-1".to_owned()),
            ..Announcement::default()
        };
        let weighed = held().weigh(&said);
        assert_eq!((weighed.place, codes(&weighed.noted)), (None, vec!["location_retired"]));
        let mut shelved = held();
        shelved.paper.place_uid = Some(3);
        shelved.paper.place_code = "A-1".to_owned();
        assert!(shelved.weigh(&said).noted.is_empty());
    }

    #[test]
    fn a_level_only_rises() {
        let weighed = held().weigh(&said(&[(DocumentField::SecurityLevel, "0")]));
        assert_eq!(codes(&weighed.noted), ["announced_level_kept"]);
        assert!(weighed.filled.is_empty() && weighed.differences.is_empty());
    }

    #[test]
    fn a_place_is_brought_once_and_no_paper_is_moved() {
        let at = |uid, code: &str| Announcement {
            place: AnnouncedPlace::Known {
                uid,
                code: code.to_owned(),
            },
            ..Announcement::default()
        };
        let weighed = held().weigh(&at(3, "A-1"));
        assert_eq!(
            (weighed.place, codes(&weighed.filled)),
            (Some(3), vec!["announced_used"])
        );
        let mut shelved = held();
        shelved.paper.place_uid = Some(3);
        shelved.paper.place_code = "A-1".to_owned();
        assert!(shelved.weigh(&at(3, "A-1")).filled.is_empty());
        assert_eq!(codes(&shelved.weigh(&at(4, "A-2")).differences), ["announced_differs"]);
    }

    #[test]
    fn the_customer_settles_a_review_and_another_one_asks() {
        let certain = |uid| Announcement {
            customer: AnnouncedCustomer::Certain {
                uid,
                code: format!("KH-{uid}"),
                basis: LinkBasis::Manifest,
                detail: DetailCode::NamedOnCommandLine.alone(),
            },
            ..Announcement::default()
        };
        let mut waiting = held();
        waiting.state = DocumentState::InReview;
        waiting.customer_uid = 0;
        assert!(waiting.weigh(&certain(7)).link);
        let weighed = held().weigh(&certain(8));
        assert!(weighed.other_customer && !weighed.link);
        let same = held().weigh(&certain(7));
        assert!(same.differences.is_empty() && same.filled.is_empty());
    }

    #[test]
    fn further_columns_are_kept() {
        let said = Announcement {
            attributes: vec![
                ("备注".to_owned(), "甲".to_owned()),
                ("片区".to_owned(), "西".to_owned()),
            ],
            ..Announcement::default()
        };
        let weighed = held().weigh(&said);
        assert_eq!((weighed.filled.len(), weighed.differences.len()), (1, 1));
        assert_eq!(weighed.attributes.map(|kept| kept.len()), Some(2));
    }

    #[test]
    fn every_field_of_a_document_can_be_named() -> Result<()> {
        for field in DocumentField::ALL {
            assert!(StatedField::from_code(field.as_str()).is_some(), "{}", field.as_str());
        }
        Ok(())
    }
}
