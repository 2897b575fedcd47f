//! Closed lists in the description of the API: the codes of `vocabulary`, so that a program that is written against the
//! description knows every word, and a new word changes the description. Open lists stay strings.
//!
//! A field says `#[schema(schema_with = code::<Medium>)]`, a parameter `#[param(schema_with = code::<Medium>)]`.

use records::permission::sealing::SealedThing;
use utoipa::openapi::{
    ArrayBuilder, ObjectBuilder, RefOr, Schema,
    schema::{SchemaType, Type},
};
use vocabulary::{ClosedList, detail::DetailCode};

/// One of the codes of a list.
pub fn code<L: ClosedList>() -> RefOr<Schema> {
    one_of::<L>(&[], false)
}

/// One of the codes, or the empty text for none.
pub fn code_or_empty<L: ClosedList>() -> RefOr<Schema> {
    one_of::<L>(&[""], false)
}

/// One of the codes, or `null` for none.
pub fn code_or_null<L: ClosedList>() -> RefOr<Schema> {
    one_of::<L>(&[], true)
}

/// Some of the codes.
pub fn codes<L: ClosedList>() -> RefOr<Schema> {
    ArrayBuilder::new().items(code::<L>()).into()
}

/// The state of an original, or the word for a document without paper.
pub fn original_state_code() -> RefOr<Schema> {
    one_of::<vocabulary::OriginalState>(&[crate::NO_ORIGINAL], false)
}

/// Codes with commas between them.
pub fn codes_with_commas<L: ClosedList>() -> RefOr<Schema> {
    with_commas::<L>(SchemaType::new(Type::String))
}

/// The same where nothing may be said.
pub fn codes_with_commas_or_null<L: ClosedList>() -> RefOr<Schema> {
    with_commas::<L>(SchemaType::from_iter([Type::String, Type::Null]))
}

fn with_commas<L: ClosedList>(schema_type: SchemaType) -> RefOr<Schema> {
    let any = L::LIST.codes().collect::<Vec<_>>().join("|");
    ObjectBuilder::new()
        .schema_type(schema_type)
        .pattern(Some(format!("^({any})(,({any}))*$")))
        .description(about::<L>())
        .into()
}

/// The number of a security level.
pub fn level_number() -> RefOr<Schema> {
    let numbers = vocabulary::SecurityLevel::all().iter().map(|level| level.number());
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::Integer))
        .enum_values(Some(numbers))
        .description(about::<vocabulary::SecurityLevel>())
        .into()
}

/// The code of a detail.
pub fn detail_code() -> RefOr<Schema> {
    let codes = DetailCode::ALL.iter().map(|code| code.as_str());
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .enum_values(Some(codes))
        .into()
}

/// What is sealed.
pub fn sealed_thing() -> RefOr<Schema> {
    one_of_these([SealedThing::Document, SealedThing::Dossier].map(SealedThing::as_str))
}

fn one_of_these<const N: usize>(words: [&'static str; N]) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .enum_values(Some(words))
        .into()
}

fn one_of<L: ClosedList>(besides: &[&'static str], or_null: bool) -> RefOr<Schema> {
    let kind = match or_null {
        true => SchemaType::from_iter([Type::String, Type::Null]),
        false => SchemaType::new(Type::String),
    };
    let codes = L::LIST
        .codes()
        .chain(besides.iter().copied())
        .map(serde_json::Value::from);
    let null = or_null.then_some(serde_json::Value::Null);
    ObjectBuilder::new()
        .schema_type(kind)
        .enum_values(Some(codes.chain(null)))
        .description(about::<L>())
        .into()
}

/// What the list is of, for those who read the description.
fn about<L: ClosedList>() -> Option<String> {
    Some(format!("{} {}", L::LIST.what, L::LIST.what_chinese))
}
