//! What several lines say of one document: lines of manifests in upper folders and in its own, lines of its folders, and
//! a line for each of its files. The nearest line speaks first, the others fill what it leaves open; nothing is lost, and
//! where two say different things a person decides.

use super::known::{Contradiction, KnownFacts};
use records::batches::StatedPaper;
use records::documents::Particulars;
use records::{PartialDate, fold};
use vocabulary::StatedField;
use vocabulary::detail::DetailCode;

/// How a further line speaks of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaks {
    /// Of this very document.
    OfIt,
    /// Of one of its files, or of a folder with more in it: a title or number there is not the one of the document.
    OfPart,
    /// In general, in the same list that has a line for the file: that line takes precedence.
    InGeneral,
}

/// Where a line stands, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LinePlace {
    pub manifest: String,
    pub line: u64,
}

/// What was put together so far.
pub(super) struct Told<'k> {
    pub known: KnownFacts,
    /// The line that speaks first.
    first: LinePlace,
    /// Whether two words mean one kind.
    same_kind: &'k dyn Fn(&str, &str) -> bool,
}

/// One further line while it is taken up.
struct Further<'t, 'k> {
    told: &'t mut Told<'k>,
    place: LinePlace,
    is_general: bool,
}

impl<'k> Told<'k> {
    pub fn new(known: KnownFacts, first: LinePlace, same_kind: &'k dyn Fn(&str, &str) -> bool) -> Told<'k> {
        Told {
            known,
            first,
            same_kind,
        }
    }

    /// Takes up what a further line says.
    pub fn add(&mut self, known: &KnownFacts, speaks: Speaks, place: LinePlace) {
        let mut said = match speaks {
            Speaks::OfIt => known.clone(),
            Speaks::OfPart | Speaks::InGeneral => known.clone().of_stack(),
        };
        let same_kind = self.same_kind;
        let mut further = Further {
            told: self,
            place,
            is_general: speaks == Speaks::InGeneral,
        };
        further.customers(&said);
        let texts: [(StatedField, TextOf, SameText<'_>); 7] = [
            (StatedField::Title, |known| &mut known.title, &|one, other| {
                fold::name(one) == fold::name(other)
            }),
            (StatedField::Number, |known| &mut known.number, &same_code),
            (StatedField::Kind, |known| &mut known.kind, same_kind),
            (StatedField::Place, |known| &mut known.location_code, &same_code),
            (StatedField::Department, |known| &mut known.department, &same_text),
            (StatedField::Site, |known| &mut known.site, &same_text),
            (
                StatedField::Customer,
                |known| &mut known.customer_name,
                &|one, other| fold::name(one) == fold::name(other),
            ),
        ];
        for (field, of, same) in texts {
            let value = std::mem::take(of(&mut said));
            further.text(field, of, value, same);
        }
        further.others(&said);
        further.particulars(&said.particulars);
        further.attributes(said.attributes, speaks);
    }
}

type TextOf = fn(&mut KnownFacts) -> &mut String;
type SameText<'s> = &'s dyn Fn(&str, &str) -> bool;

fn same_code(one: &str, other: &str) -> bool {
    fold::code(one) == fold::code(other)
}

fn same_text(one: &str, other: &str) -> bool {
    one == other
}

impl Further<'_, '_> {
    fn contradicts(&mut self, field: StatedField, kept: &str, other: &str) {
        if self.is_general {
            return;
        }
        let at = |place: &LinePlace| format!("{}:{}", place.manifest, place.line);
        let detail = DetailCode::ManifestLinesDiffer
            .with(field.as_str())
            .with(at(&self.told.first))
            .with(kept)
            .with(at(&self.place))
            .with(other);
        self.told.known.contradictions.push(Contradiction {
            manifest: self.place.manifest.clone(),
            line: self.place.line,
            field,
            detail,
        });
    }

    /// Customers of all lines are named; with more than one, linking asks a person.
    fn customers(&mut self, said: &KnownFacts) {
        let codes = &self.told.known.customer_codes;
        if self.is_general && !codes.is_empty() {
            return;
        }
        let is_new = |code: &&String| codes.iter().all(|known| !same_code(known, code));
        let new: Vec<String> = said.customer_codes.iter().filter(is_new).cloned().collect();
        if !codes.is_empty() && !new.is_empty() {
            let (kept, other) = (codes.join(", "), new.join(", "));
            self.contradicts(StatedField::Customer, &kept, &other);
        }
        self.told.known.customer_codes.extend(new);
    }

    fn text(&mut self, field: StatedField, of: TextOf, value: String, same: SameText<'_>) {
        let held = of(&mut self.told.known);
        if held.is_empty() {
            *held = value;
        } else if !value.is_empty() && !same(held, &value) {
            let kept = held.clone();
            self.contradicts(field, &kept, &value);
        }
    }

    /// A value that is not a text; `unsaid` is what stands where nothing was stated.
    fn value<T: PartialEq + Clone>(
        &mut self,
        field: StatedField,
        held: fn(&mut KnownFacts) -> &mut T,
        value: &T,
        unsaid: &T,
        shown: fn(&T) -> String,
    ) {
        let place = held(&mut self.told.known);
        if value == unsaid || place == value {
            return;
        }
        if place == unsaid {
            place.clone_from(value);
            return;
        }
        let kept = shown(place);
        self.contradicts(field, &kept, &shown(value));
    }

    fn others(&mut self, said: &KnownFacts) {
        let text = |date: &PartialDate| date.as_str().to_owned();
        self.value(
            StatedField::Date,
            |known| &mut known.date,
            &said.date,
            &PartialDate::default(),
            text,
        );
        let number = |number: &Option<i64>| number.map_or_else(String::new, |number| number.to_string());
        self.value(
            StatedField::PagesDeclared,
            |known| &mut known.page_count,
            &said.page_count,
            &None,
            number,
        );
        let paper = |paper: &StatedPaper| match paper {
            StatedPaper::Is(state) => state.as_str().to_owned(),
            StatedPaper::None => "digital".to_owned(),
            StatedPaper::NotStated => String::new(),
        };
        self.value(
            StatedField::CopyState,
            |known| &mut known.paper,
            &said.paper,
            &StatedPaper::NotStated,
            paper,
        );
        let former = self.told.known.security_level;
        let level =
            |level: &Option<records::SecurityLevel>| level.map_or_else(String::new, |level| level.number().to_string());
        self.value(
            StatedField::SecurityLevel,
            |known| &mut known.security_level,
            &said.security_level,
            &None,
            level,
        );
        // A document shown to too few people can be corrected; one shown to too many cannot.
        self.told.known.security_level = former.max(said.security_level);
    }

    fn particulars(&mut self, said: &Particulars) {
        let usual = Particulars::default();
        let text = |text: &String| text.clone();
        self.value(
            StatedField::Medium,
            |k| &mut k.particulars.medium,
            &said.medium,
            &usual.medium,
            |m| m.as_str().to_owned(),
        );
        self.value(
            StatedField::Copies,
            |k| &mut k.particulars.copies,
            &said.copies,
            &usual.copies,
            i64::to_string,
        );
        self.value(
            StatedField::Counterpart,
            |k| &mut k.particulars.counterpart,
            &said.counterpart,
            &None,
            |said| said.map_or_else(String::new, |said| said.as_str().to_owned()),
        );
        self.value(
            StatedField::Seals,
            |k| &mut k.particulars.seals,
            &said.seals,
            &usual.seals,
            |seals| seals.join("; "),
        );
        self.value(
            StatedField::FormCode,
            |k| &mut k.particulars.form_code,
            &said.form_code,
            &usual.form_code,
            text,
        );
        self.value(
            StatedField::RetentionClass,
            |k| &mut k.particulars.retention_class,
            &said.retention_class,
            &usual.retention_class,
            text,
        );
    }

    fn attributes(&mut self, attributes: Vec<(String, String)>, speaks: Speaks) {
        for (name, value) in attributes {
            let known = &mut self.told.known.attributes;
            match known.iter_mut().find(|(held, _)| *held == name) {
                None => known.push((name, value)),
                Some((_, held)) if *held == value => {}
                // Files of one document may each say their own.
                Some((_, held)) if speaks == Speaks::OfPart => {
                    if !held.split("; ").any(|part| part == value) {
                        *held = format!("{held}; {value}");
                    }
                }
                Some((_, held)) => {
                    let kept = held.clone();
                    self.contradicts(
                        StatedField::Attribute,
                        &format!("{name} {kept}"),
                        &format!("{name} {value}"),
                    );
                }
            }
        }
    }
}
