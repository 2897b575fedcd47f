//! Chips and facets: both write the query language, so that what narrows a search can be read, typed and kept.

use super::SearchAddress;
use crate::text::Text;
use index::{Facets, QueryField};
use records::{documents::DocumentState, kinds::Kinds};

/// A part of the query as it was understood.
#[derive(Debug, Clone)]
pub struct FilterChip {
    pub field: String,
    pub text: String,
    pub without: String,
    pub wrong: bool,
}

#[derive(Debug, Clone)]
pub struct Facet {
    pub label: String,
    pub values: Vec<FacetValue>,
}

#[derive(Debug, Clone)]
pub struct FacetValue {
    pub url: String,
    pub label: String,
    /// `12`, or `12+` where counting stopped.
    pub count: String,
    pub chosen: bool,
}

const FACET_VALUES_MAX: usize = 12;

pub fn chip_of(t: Text, chip: index::QueryChip, asked: &SearchAddress) -> FilterChip {
    let field = chip.field.map(|field| field_name(t, field)).unwrap_or_default();
    let shown = match chip.field {
        Some(_) => value_of(&chip.text).to_owned(),
        None => chip.text.trim_start_matches(['-', '－', '−']).to_owned(),
    };
    let refuses = if chip.negated { "-" } else { "" };
    FilterChip {
        field: format!("{refuses}{field}"),
        text: shown,
        without: asked.with(&chip.without, 0),
        wrong: false,
    }
}

fn field_name(t: Text, field: QueryField) -> &'static str {
    if t.is_chinese() {
        field.chinese()
    } else {
        field.english()
    }
}

/// What a condition says after its colon, without quotes.
fn value_of(written: &str) -> &str {
    written
        .split_once([':', '：'])
        .map_or(written, |(_, value)| value)
        .trim_matches(['"', '“', '”'])
}

/// A condition as a person who reads this language would type it.
pub fn write_filter(t: Text, field: QueryField, value: &str) -> String {
    if t.is_chinese() {
        index::grammar::write_filter_in_chinese(field, value)
    } else {
        index::grammar::write_filter(field, value)
    }
}

pub fn facets_of(
    t: Text,
    found: &Facets,
    counted_to_the_end: bool,
    kinds: &Kinds,
    query: &index::Query,
    asked: &SearchAddress,
) -> Vec<Facet> {
    let writer = FacetWriter {
        t,
        asked,
        kinds,
        chips: query.chips(),
        more: if counted_to_the_end { "" } else { "+" },
    };
    // The state facet counts documents in review too; the word "filed" would only say that the others are not.
    let originals: Vec<_> = found
        .state
        .iter()
        .filter(|(state, _)| state != DocumentState::Filed.as_str())
        .cloned()
        .collect();
    let words = found.keywords.iter().map(|(word, values)| {
        let column = word.line().column;
        // A facet in which every document says the same narrows nothing.
        let tells_apart = values.iter().filter(|(value, _)| !value.is_empty()).count() > 1
            || writer
                .chips
                .iter()
                .any(|chip| chip.field == Some(QueryField::Keyword(*word)));
        let values = if tells_apart { values.as_slice() } else { &[] };
        writer.facet(
            &format!("facet-{column}"),
            QueryField::Keyword(*word),
            values,
            &|value| t.word(column, value),
        )
    });
    [
        writer.facet("facet-kind", QueryField::Kind, &found.kind, &|code| {
            kinds.name(code, t.lang()).to_owned()
        }),
        writer.facet("facet-state", QueryField::State, &originals, &|state| {
            t.word("state", state)
        }),
        writer.facet("facet-year", QueryField::Date, &found.year, &str::to_owned),
        writer.facet("facet-reading", QueryField::Reading, &found.reading, &|flag| {
            t.word("reading", flag)
        }),
    ]
    .into_iter()
    .chain(words)
    .flatten()
    .collect()
}

/// Writes what a facet offers into the query of the person who reads it.
struct FacetWriter<'a> {
    t: Text,
    asked: &'a SearchAddress,
    kinds: &'a Kinds,
    chips: Vec<index::QueryChip>,
    /// Behind each count where counting stopped.
    more: &'static str,
}

impl FacetWriter<'_> {
    fn facet(
        &self,
        label: &str,
        field: QueryField,
        values: &[(String, usize)],
        name: &dyn Fn(&str) -> String,
    ) -> Option<Facet> {
        let values: Vec<_> = values
            .iter()
            .filter(|(value, _)| !value.is_empty())
            .take(FACET_VALUES_MAX)
            .map(|(value, count)| self.value(field, value, *count, name(value)))
            .collect();
        (!values.is_empty()).then(|| Facet {
            label: self.t.say(label),
            values,
        })
    }

    fn value(&self, field: QueryField, value: &str, count: usize, label: String) -> FacetValue {
        let chosen = self.chips.iter().find(|chip| {
            let said = value_of(&chip.text);
            let same = said == value || (said == label && self.means(field, &label, value));
            !chip.negated && chip.field == Some(field) && same
        });
        let url = match chosen {
            Some(chip) => self.asked.with(&chip.without, 0),
            // People read the query, so it says what the facet says, where that means the same.
            None if self.means(field, &label, value) => self.asked.narrowed(self.t, field, &label),
            None => self.asked.narrowed(self.t, field, value),
        };
        FacetValue {
            url,
            label,
            count: format!("{}{}", self.t.number(count), self.more),
            chosen: chosen.is_some(),
        }
    }

    /// Whether a query that says the label finds what has the value. `合同` is a kind, and the word for all contracts.
    fn means(&self, field: QueryField, label: &str, value: &str) -> bool {
        match field {
            QueryField::Kind => index::kinds::parse_kinds(self.kinds, label) == [value],
            QueryField::Keyword(word) => (word.line().parse)(label) == [value],
            QueryField::Reading => index::fields::parse_readings(label)
                .iter()
                .any(|flag| flag.as_str() == value),
            _ => index::fields::parse_states(label) == [value],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn filters_are_written_in_the_language_of_the_reader() {
        let check = |language, value: &str, expected: &str| {
            assert_eq!(write_filter(Text(language), QueryField::Kind, value), expected);
        };
        check(Language::Chinese, "合同", "类型:合同");
        check(Language::English, "contract", "kind:contract");
        check(Language::English, "id card copy", "kind:\"id card copy\"");
        assert_eq!(value_of("类型：\"年审 资料\""), "年审 资料");
    }
}
