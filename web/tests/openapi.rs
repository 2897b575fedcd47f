//! The description of the API: checked in, so that a change of it is seen and meant; each shape under a name of its own.

use std::{collections::BTreeMap, fs, path::Path};
use utoipa_axum::router::OpenApiRouter;

/// Set to any value, the snapshot is written anew: `DOSSIER_RENEW=1 cargo test -p web --test calls openapi`.
const RENEW: &str = "DOSSIER_RENEW";

#[test]
fn the_description_is_the_one_checked_in() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let routes: OpenApiRouter<web::Web> = web::api::routes(web::api::SUBJECTS);
    let (_, description) = routes.split_for_parts();
    let mut now = serde_json::to_string_pretty(&description).expect("plain data");
    now.push('\n');
    #[expect(
        clippy::disallowed_methods,
        reason = "a test reads whether it is to write its snapshot anew"
    )]
    let renew = std::env::var_os(RENEW).is_some();
    if renew {
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
