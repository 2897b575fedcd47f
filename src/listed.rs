//! Closed lists on the command line: `--help` names the codes, a word in either language is understood, and a wrong word
//! is refused in the words of the list.

use crate::language::language;
use clap::{
    Arg, Command, Error,
    builder::{PossibleValue, TypedValueParser},
};
use records::Roles;
use std::ffi::OsStr;
use vocabulary::{ClosedList, Language, LinkBasis, List, Role, Unusable};

/// Reads a value of a list and tells clap which there are.
#[derive(Clone)]
pub struct ListParser<T> {
    list: List,
    read: fn(&str) -> Result<T, Unusable>,
}

/// One value of a list.
pub fn listed<L: ClosedList>() -> ListParser<L> {
    ListParser {
        list: L::LIST,
        read: L::parse,
    }
}

/// The code of one value, or the empty text, which empties the field.
pub fn listed_or_empty<L: ClosedList>() -> ListParser<String> {
    ListParser {
        list: L::LIST,
        read: |text| match text.trim() {
            "" => Ok(String::new()),
            text => L::parse(text).map(|value| value.as_str().to_owned()),
        },
    }
}

/// Roles with commas between them.
pub fn roles() -> ListParser<Roles> {
    ListParser {
        list: Role::LIST,
        read: |text| {
            let words = text.split([',', '，', '、', ';', ' ']).filter(|word| !word.is_empty());
            let roles = words
                .map(Role::parse)
                .try_fold(Roles::default(), |roles, role| Ok(roles.with(role?)))?;
            match roles.is_empty() {
                true => Err(Unusable::new(Role::LIST.what, text, Role::LIST.choices_said())),
                false => Ok(roles),
            }
        },
    }
}

/// The name of a customer; where there is none because a person has said that the paper is nobody's, that.
pub fn customer_said(name: String, basis: &str) -> String {
    match (name.as_str(), LinkBasis::from_code(basis)) {
        ("", Some(LinkBasis::Nobody)) => LinkBasis::Nobody.name(language()).to_owned(),
        _ => name,
    }
}

/// A code as tables show it: its word where the locale is Chinese, the code itself where it is not or is no word of the
/// list.
pub fn word<L: ClosedList>(code: &str) -> String {
    match (language(), L::from_code(code)) {
        (Language::Chinese, Some(value)) => value.name(Language::Chinese).to_owned(),
        _ => code.to_owned(),
    }
}

/// Codes with commas between them, as tables show them.
pub fn words<L: ClosedList>(codes: &str) -> String {
    let shown: Vec<String> = codes.split(',').map(word::<L>).collect();
    match language() {
        Language::Chinese => shown.join("、"),
        Language::English => shown.join(","),
    }
}

/// The words of an open list, for help: others are taken too.
pub fn words_of(list: List) -> String {
    list.codes().collect::<Vec<_>>().join(", ")
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for ListParser<T> {
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        let read = self.read;
        let reason = |wrong: Unusable| wrong.reason.text(language()).to_owned();
        (move |text: &str| read(text).map_err(reason)).parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let value = |word: &vocabulary::Word| PossibleValue::new(word.code).help(word.name(Language::Chinese));
        Some(Box::new(self.list.words.iter().map(value)))
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::CommandLine;
    use clap::{Arg, Command, CommandFactory, Parser};
    use std::collections::BTreeSet;
    use vocabulary::{
        CopyState, Counterpart, KeepingKind, KeepingOccasion, List, LoanClass, LoanList, LoanUse, Medium, RecordList,
        ReturnCondition, Role, Scope, SecurityLevel, StocktakeResolution, StocktakeVerdict,
    };

    /// Every option that takes a word of a closed list: how it is called, which list, and whether none may be said.
    const TAKEN: [(&[&str], &str, List, bool); 21] = [
        (
            &["checks", "order", "x", "--occasion", "water"],
            "kind",
            KeepingKind::LIST,
            false,
        ),
        (&["checks", "order", "x"], "occasion", KeepingOccasion::LIST, false),
        (&["checks", "record", "x"], "kind", KeepingKind::LIST, false),
        (&["checks", "record", "x"], "occasion", KeepingOccasion::LIST, false),
        (&["correct", "D-1"], "medium", Medium::LIST, true),
        (&["correct", "D-1"], "copy_state", CopyState::LIST, true),
        (&["correct", "D-1"], "counterpart", Counterpart::LIST, true),
        (&["correct", "D-1"], "security_level", SecurityLevel::LIST, true),
        (&["export"], "list", RecordList::LIST, false),
        (&["loans", "list"], "state", LoanList::LIST, false),
        (
            &["loans", "ask", "D-1", "--borrower", "x", "--purpose", "x"],
            "class",
            LoanClass::LIST,
            false,
        ),
        (
            &["loans", "ask", "D-1", "--borrower", "x", "--purpose", "x"],
            "place_of_use",
            LoanUse::LIST,
            false,
        ),
        (&["loans", "return", "D-1"], "condition", ReturnCondition::LIST, false),
        (&["stocktake", "show", "x"], "verdict", StocktakeVerdict::LIST, false),
        (&["stocktake", "settle", "x"], "verdict", StocktakeVerdict::LIST, false),
        (
            &["stocktake", "settle", "x"],
            "resolved",
            StocktakeResolution::LIST,
            false,
        ),
        (&["users", "add", "lin"], "roles", Role::LIST, false),
        (&["users", "add", "lin"], "clearance", SecurityLevel::LIST, false),
        (&["users", "change", "lin"], "roles", Role::LIST, false),
        (&["users", "change", "lin"], "clearance", SecurityLevel::LIST, false),
        (&["users", "token", "lin", "--label", "x"], "scope", Scope::LIST, false),
    ];

    fn argument(words: &[&str], id: &str) -> Arg {
        let mut command = CommandLine::command();
        for word in words {
            match command.find_subcommand(word) {
                Some(inner) => command = inner.clone(),
                None => break,
            }
        }
        let found = command.get_arguments().find(|arg| arg.get_id() == id);
        found.unwrap_or_else(|| panic!("{words:?} has no {id}")).clone()
    }

    fn refusal(words: &[&str], id: &str, value: &str) -> Option<String> {
        // What is no option of `export` stands first, and the file that it needs behind.
        let option = argument(words, id).get_long().map(|long| format!("--{long}"));
        let behind: &[&str] = if option.is_none() { &["-o", "x.csv"] } else { &[] };
        let line = ["dossier"].iter().chain(words).copied();
        let line: Vec<&str> = line
            .chain(option.as_deref())
            .chain([value])
            .chain(behind.iter().copied())
            .collect();
        CommandLine::try_parse_from(line).err().map(|error| error.to_string())
    }

    #[test]
    fn options_take_exactly_the_words_of_their_list() {
        for (words, id, list, or_none) in TAKEN {
            let named: Vec<String> = argument(words, id)
                .get_possible_values()
                .iter()
                .map(|value| value.get_name().to_owned())
                .collect();
            assert_eq!(named, list.codes().collect::<Vec<_>>(), "{words:?} {id}");
            for spelling in list.words.iter().flat_map(|word| word.spellings()) {
                assert_eq!(refusal(words, id, spelling), None, "{words:?} {id} {spelling}");
            }
            let said = refusal(words, id, "moonshine").expect("no word of any list");
            for code in list.codes() {
                assert!(said.contains(code), "{words:?} {id}: {said}");
            }
            assert_eq!(refusal(words, id, "").is_none(), or_none, "{words:?} {id}");
        }
    }

    /// A new option whose words are of a list is in the table above.
    #[test]
    fn the_table_names_every_option_of_a_list() {
        fn collect(command: &Command, path: &str, found: &mut BTreeSet<String>) {
            for arg in command.get_arguments() {
                let values = arg.get_possible_values();
                if values.iter().any(|value| value.get_help().is_some()) {
                    found.insert(format!("{path} {}", arg.get_id()));
                }
            }
            for inner in command.get_subcommands() {
                collect(inner, &format!("{path} {}", inner.get_name()), found);
            }
        }
        let mut found = BTreeSet::new();
        collect(&CommandLine::command(), "", &mut found);
        let table: BTreeSet<String> = TAKEN
            .iter()
            .map(|(words, id, ..)| {
                let is_command = |word: &&&str| !word.starts_with('-') && !["D-1", "lin", "water", "x"].contains(*word);
                let words: Vec<&str> = words.iter().filter(is_command).copied().collect();
                format!(" {} {id}", words.join(" "))
            })
            .collect();
        assert_eq!(found, table);
    }
}
