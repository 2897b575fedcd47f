//! The description of the API: checked in, so that a change of it is seen and meant; each shape under a name of its own.

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};
use utoipa_axum::router::OpenApiRouter;
use vocabulary::{LISTS, List};

/// Set to any value, the snapshot is written anew: `DOSSIER_RENEW=1 cargo test -p web --test calls openapi`.
const RENEW: &str = "DOSSIER_RENEW";

#[test]
fn the_description_is_the_one_checked_in() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let routes: OpenApiRouter<web::Web> = web::api::routes(web::api::SUBJECTS);
    let (_, description) = routes.split_for_parts();
    let mut now = serde_json::to_string_pretty(&description).expect("plain data");
    now.push('\n');
    if renews() {
        fs::write(&file, &now).expect("the snapshot is written");
    }
    let known = fs::read_to_string(&file).unwrap_or_default();
    let differs = known.lines().zip(now.lines()).position(|(known, now)| known != now);
    assert!(
        known == now,
        "the API is not the one that web/openapi.json describes, first at line {}. Fields may be added and never renamed. \
         Is the change meant? `{RENEW}=1 cargo test -p web --test calls openapi` writes the file anew; commit it with the change.",
        differs.unwrap_or_else(|| known.lines().count().min(now.lines().count())) + 1
    );
}

/// Whether snapshots are to be written anew.
pub fn renews() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test reads whether it is to write its snapshot anew"
    )]
    std::env::var_os(RENEW).is_some()
}

/// Closed lists that no request and no answer holds a code of.
const NOT_SENT: [(&str, &str); 8] = [
    ("DateFault", "is told in the sentence of a refusal"),
    ("GrantState", "a grant is told by its phase"),
    ("KindFlag", "the flags of a kind are letters side by side in one text"),
    ("JobState", "an order to read again counts its jobs"),
    ("PlaceKind", "a row of the ledger names the place by its code"),
    (
        "Seal",
        "what is on a paper is written freely; the list offers words for it",
    ),
    ("SheetFault", "is an argument of what is wrong with a line of a table"),
    ("StatedField", "is an argument of what was noted of a file"),
];

/// Every closed list that the API takes or gives is an enumeration of exactly its codes.
#[test]
fn closed_lists_are_enumerations_of_their_codes() {
    let described = description();
    let not_sent: BTreeMap<_, _> = NOT_SENT.into_iter().collect();
    for (name, list) in LISTS.iter().filter(|(_, list)| !list.open) {
        let enumerations = enumerations(&described, list);
        assert_eq!(
            enumerations.is_empty(),
            not_sent.contains_key(name),
            "{name}: either a field has `schema_with = code::<{name}>`, or NOT_SENT says why none has"
        );
        let codes: BTreeSet<String> = list.codes().map(str::to_owned).collect();
        for (place, words) in enumerations {
            assert_eq!(words, codes, "{name} at {place}");
        }
    }
}

/// A field whose words are of a list says so by its schema and not in prose.
#[test]
fn no_string_lists_its_words_in_prose() {
    assert_eq!(prose(&description()), Vec::<String>::new());
    let planted = serde_json::json!({"a": {"type": "string", "description": "`paper`, `digital` or `film`."}});
    assert_eq!(prose(&planted), ["/a: Medium"]);
}

fn description() -> Value {
    let routes: OpenApiRouter<web::Web> = web::api::routes(web::api::SUBJECTS);
    let (_, description) = routes.split_for_parts();
    serde_json::to_value(&description).expect("plain data")
}

/// Where a list is enumerated, with its words. Beside codes a place may know a word for none.
fn enumerations(described: &Value, list: &List) -> Vec<(String, BTreeSet<String>)> {
    let about = format!("{} {}", list.what, list.what_chinese);
    let numbers: BTreeSet<String> = list
        .words
        .iter()
        .flat_map(|word| word.also)
        .map(|word| (*word).to_owned())
        .collect();
    let mut found = Vec::new();
    visit(described, "", &mut |place, value| {
        if value["description"] != about.as_str() {
            return;
        }
        let codes: BTreeSet<String> = list.codes().map(str::to_owned).collect();
        let mut words: BTreeSet<String> = match (&value["enum"], value["pattern"].as_str()) {
            (Value::Array(words), _) => words.iter().filter_map(word_of).collect(),
            (_, Some(pattern)) => pattern
                .split(['^', '(', ')', '|', ',', '*', '$'])
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
            _ => BTreeSet::new(),
        };
        words.retain(|word| codes.contains(word) || !["", api_types::NO_ORIGINAL].contains(&word.as_str()));
        match words == numbers {
            true => found.push((place.to_owned(), codes)),
            false => found.push((place.to_owned(), words)),
        }
    });
    found
}

fn word_of(value: &Value) -> Option<String> {
    match value {
        Value::String(word) => Some(word.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Strings whose description names two codes of one list.
fn prose(described: &Value) -> Vec<String> {
    let mut found = Vec::new();
    visit(described, "", &mut |place, value| {
        let (Some("string"), Some(text)) = (value["type"].as_str(), value["description"].as_str()) else {
            return;
        };
        let quoted: BTreeSet<&str> = text.split('`').skip(1).step_by(2).collect();
        let named = |list: &List| list.codes().filter(|code| quoted.contains(code)).count() > 1;
        let closed = LISTS.iter().filter(|(_, list)| !list.open);
        if let Some((name, _)) = closed.filter(|_| value["enum"].is_null()).find(|(_, list)| named(list)) {
            found.push(format!("{place}: {name}"));
        }
    });
    found
}

fn visit(value: &Value, place: &str, see: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => {
            see(place, value);
            for (name, inner) in fields {
                visit(inner, &format!("{place}/{name}"), see);
            }
        }
        Value::Array(items) => {
            for (at, inner) in items.iter().enumerate() {
                visit(inner, &format!("{place}/{at}"), see);
            }
        }
        _ => {}
    }
}

/// OpenAPI knows a shape by the name of its type alone, wherever that is defined; of two with one name the last wins
/// without a word, and one endpoint is described with the other's body.
#[test]
fn every_schema_has_a_name_of_its_own() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let house = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for folder in ["api_types/src", "web/src"] {
        for (file, text) in sources(&house.join(folder)) {
            for name in schemas(&text) {
                places.entry(name).or_default().push(file.clone());
            }
        }
    }
    assert!(places.len() > 40, "only {} schemas were found", places.len());
    let twice: Vec<_> = places.iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(twice.is_empty(), "give each a name of its own: {twice:?}");
}

#[test]
fn schemas_are_found() {
    let text = "#[derive(Debug, ToSchema)]\n#[serde(deny_unknown_fields)]\n/// Words.\npub(super) struct One {\n}\n\
                #[derive(Debug)]\nstruct Two;\n#[derive(\n    ToSchema,\n    Debug\n)]\nenum Three {}\n";
    assert_eq!(schemas(text), ["One", "Three"]);
}

/// Names of the types that derive a schema.
fn schemas(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for piece in text.split("#[derive(").skip(1) {
        let Some((derived, rest)) = piece.split_once(")]") else {
            continue;
        };
        if !derived.contains("ToSchema") {
            continue;
        }
        let mut words = rest.split_whitespace();
        let kind = words.find(|word| ["struct", "enum"].contains(word));
        if let (Some(_), Some(name)) = (kind, words.next()) {
            names.push(name.split(['<', '(', ';', '{']).next().unwrap_or_default().to_owned());
        }
    }
    names
}

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("folder exists") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).expect("UTF-8")));
        }
    }
    found
}

/// What every operation must have, so that programs can be written against the description alone.
#[test]
fn every_operation_is_described_whole() {
    let described = description();
    let tags: BTreeSet<&str> = described["tags"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|tag| tag["name"].as_str())
        .collect();
    let mut names = BTreeSet::new();
    for (place, operation) in operations(&described) {
        let name = operation["operationId"].as_str().unwrap_or_default();
        assert!(
            !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'),
            "{place}: `{name}` is no name of a method"
        );
        assert!(
            names.insert(name.to_owned()),
            "{place}: {name} is the name of another operation"
        );
        let tag = operation["tags"][0].as_str().unwrap_or_default();
        assert!(tags.contains(tag), "{place}: tag `{tag}` has no description");
        assert!(operation["summary"].is_string(), "{place} says nothing of what it does");
        let secured = operation["security"].as_array().map_or(0, Vec::len);
        assert_eq!(secured, 2, "{place}: a token or a session");
        let responses = operation["responses"].as_object().expect("an operation answers");
        for status in ["401", "500", "503"] {
            assert!(responses.contains_key(status), "{place} can answer {status}");
        }
        if !place.starts_with("GET ") {
            assert!(
                responses.contains_key("403"),
                "{place}: a token that may only read is refused"
            );
        }
        for (status, response) in responses {
            check_response(&described, &place, status, response);
        }
    }
    assert!(names.len() > 70, "only {} operations were found", names.len());
}

fn check_response(described: &Value, place: &str, status: &str, response: &Value) {
    let response = match response["$ref"].as_str() {
        Some(address) => described
            .pointer(address.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{place}: {address} leads nowhere")),
        None => response,
    };
    let said = response["description"].as_str().unwrap_or_default();
    assert!(!said.is_empty(), "{place}: {status} says nothing");
    if status >= "400" && status != "416" {
        let problem = &response["content"]["application/problem+json"]["schema"]["$ref"];
        assert_eq!(problem, "#/components/schemas/ProblemDetails", "{place}: {status}");
    }
}

fn operations(described: &Value) -> Vec<(String, &Value)> {
    let paths = described["paths"].as_object().into_iter().flatten();
    let all = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    });
    all.collect()
}

/// The one shape of every list, in its order.
const LIST: [&str; 3] = ["items", "total", "next"];

/// What of a description is a list of another shape: an answer that is a bare array, an operation that lists and does not
/// answer in the one shape, or a query that goes on in another way than by `after`.
fn other_lists(described: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for (place, operation) in operations(described) {
        let name = operation["operationId"].as_str().unwrap_or_default();
        let answers = operation["responses"].as_object().into_iter().flatten();
        for (_, answer) in answers.filter(|(status, _)| status.starts_with('2')) {
            let schema = &answer["content"]["application/json"]["schema"];
            if schema["type"] == "array" {
                wrong.push(format!("{place} answers with a bare array"));
            }
            let shape = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next());
            let fields = &described["components"]["schemas"][shape.unwrap_or_default()]["properties"];
            if name.starts_with("list_") && LIST.iter().any(|field| fields[field].is_null()) {
                wrong.push(format!("{place} lists and answers without {}", LIST.join(", ")));
            }
        }
        let asked = operation["parameters"].as_array().into_iter().flatten();
        let asked: Vec<&str> = asked.filter_map(|asked| asked["name"].as_str()).collect();
        if name.starts_with("list_") && asked.iter().any(|asked| ["skip", "before", "offset"].contains(asked)) {
            wrong.push(format!("{place} goes on otherwise than by `after`"));
        }
    }
    wrong
}

#[test]
fn every_list_has_the_one_shape() {
    assert_eq!(other_lists(&description()), Vec::<String>::new());
}

#[test]
fn lists_of_another_shape_are_seen() {
    let planted = serde_json::json!({ "paths": { "/a": { "get": {
        "operationId": "list_a",
        "parameters": [{ "name": "skip" }],
        "responses": { "200": { "content": { "application/json": { "schema": { "type": "array" } } } } },
    } } } });
    let seen = other_lists(&planted);
    assert_eq!(seen.len(), 3, "{seen:?}");
}
