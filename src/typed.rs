//! The words of the command line as they are typed, read: which options the help of a command shows, and that the words
//! of a search need no quotes.

use crate::{commands::CommandLine, examples, help};
use clap::{Arg, Command, CommandFactory, FromArgMatches};
use std::ffi::OsString;

/// The options of every command that some commands have no use for: shown in the help of these alone.
const APPLIES_TO: [(&str, &[&str]); 2] = [
    (
        "engines",
        &["setup", "demo", "serve", "ingest", "reread", "doctor", "config"],
    ),
    ("public_url", &["demo", "serve", "users", "config"]),
];
/// What these print depends on no setting.
const WITHOUT_SETTINGS: [&str; 3] = ["completions", "man", "worker"];

/// The whole command line with its examples, in the language of the locale.
pub fn command() -> Command {
    help::spoken(described())
}

/// The whole command line as it is described beside its parts; options that a command has no use for are taken, and not
/// shown.
pub fn described() -> Command {
    let root = CommandLine::command();
    let globals: Vec<Arg> = root
        .get_arguments()
        .filter(|arg| arg.is_global_set())
        .cloned()
        .collect();
    let names: Vec<String> = root
        .get_subcommands()
        .map(|inner| inner.get_name().to_owned())
        .collect();
    let root = names.iter().fold(root, |root, name| {
        root.mut_subcommand(name, |inner| dressed(inner, name, &globals))
    });
    // Of an option that is given twice the last holds, as everywhere else.
    examples::root(root.args_override_self(true))
}

fn dressed(command: Command, path: &str, globals: &[Arg]) -> Command {
    let top = path.split(' ').next().unwrap_or(path);
    let is_shown = |arg: &Arg| {
        let id = arg.get_id().as_str();
        let limited = APPLIES_TO.iter().find(|(of, _)| *of == id);
        !WITHOUT_SETTINGS.contains(&top) && limited.is_none_or(|(_, commands)| commands.contains(&top))
    };
    let is_own = |arg: &Arg| command.get_arguments().any(|own| own.get_id() == arg.get_id());
    let hidden: Vec<Arg> = globals
        .iter()
        .filter(|arg| !is_shown(arg) && !is_own(arg))
        .map(|arg| arg.clone().hide(true))
        .collect();
    let command = examples::of(command.args(hidden), path);
    let names: Vec<String> = command
        .get_subcommands()
        .map(|inner| inner.get_name().to_owned())
        .collect();
    names.iter().fold(command, |command, name| {
        command.mut_subcommand(name, |inner| dressed(inner, &format!("{path} {name}"), globals))
    })
}

/// The command that was meant, as far as its words are known: `dossier customers list`.
pub fn path_of(words: &[OsString]) -> String {
    let root = CommandLine::command();
    let mut command = &root;
    let mut path = "dossier".to_owned();
    for word in words.iter().skip(1) {
        if let Some(inner) = command.find_subcommand(word) {
            path = format!("{path} {}", inner.get_name());
            command = inner;
        }
    }
    path
}

/// Reads the words of the command line.
///
/// # Errors
/// What clap has to say: help that was asked for, or a wrong usage.
pub fn read(words: &[OsString]) -> Result<CommandLine, clap::Error> {
    // Workers start often and have no help.
    let command = match words.get(1).is_some_and(|word| word == "worker") {
        true => CommandLine::command(),
        false => command(),
    };
    let mut matches = command
        .clone()
        .try_get_matches_from(with_excluded_words(words, &command))?;
    CommandLine::from_arg_matches_mut(&mut matches)
}

/// The words of a search with its options before and `--` between them, so that `-word` is a word and no option.
fn with_excluded_words(words: &[OsString], command: &Command) -> Vec<OsString> {
    let Some(search) = command.find_subcommand("search") else {
        return words.to_vec();
    };
    let known: Vec<&Arg> = command.get_arguments().chain(search.get_arguments()).collect();
    let (mut before, mut said) = (Vec::new(), Vec::new());
    let mut rest = words.iter();
    before.extend(rest.next().cloned());
    let mut is_search = false;
    while let Some(word) = rest.next() {
        let text = word.to_string_lossy();
        if text == "--" {
            said.extend(rest.by_ref().cloned());
        } else if let Some(takes_value) = option(&text, &known) {
            before.push(word.clone());
            before.extend(takes_value.then(|| rest.next().cloned()).flatten());
        } else if !is_search {
            if text != "search" {
                return words.to_vec();
            }
            is_search = true;
            before.push(word.clone());
        } else {
            said.push(word.clone());
        }
    }
    if !said.is_empty() {
        before.push("--".into());
    }
    before.extend(said);
    before
}

/// Whether a word is an option, and then whether its value is the next word. A long one that nobody knows is an option
/// all the same, so that it is refused.
fn option(word: &str, known: &[&Arg]) -> Option<bool> {
    if let Some(long) = word.strip_prefix("--") {
        let name = long.split('=').next().unwrap_or(long);
        let arg = known.iter().find(|arg| arg.get_long() == Some(name));
        return Some(!long.contains('=') && arg.is_some_and(|arg| arg.get_action().takes_values()));
    }
    let shorts = word.strip_prefix('-').filter(|shorts| !shorts.is_empty())?;
    let is_known = |c: char| matches!(c, 'h' | 'V') || known.iter().any(|arg| arg.get_short() == Some(c));
    shorts.chars().all(is_known).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands;

    fn line(words: &[&str]) -> Result<CommandLine, clap::Error> {
        let words: Vec<OsString> = ["dossier"].iter().chain(words).map(OsString::from).collect();
        read(&words)
    }

    #[test]
    fn words_of_a_search_need_no_quotes() {
        let check = |words: &[&str], query: &[&str], json: bool, limit: usize| {
            let line = line(words).unwrap_or_else(|error| panic!("{words:?}: {error}"));
            match line.command {
                commands::Command::Search {
                    query: read,
                    shown,
                    json: is_json,
                } => {
                    let read: Vec<&str> = read.iter().map(String::as_str).collect();
                    assert_eq!((read.as_slice(), is_json, shown.limit), (query, json, limit));
                }
                _ => panic!("{words:?} is no search"),
            }
        };
        check(&["search", "设备", "采购"], &["设备", "采购"], false, 50);
        check(&["search", "设备", "-草稿", "--json"], &["设备", "-草稿"], true, 50);
        check(
            &["search", "-草稿", "设备", "--limit", "7"],
            &["-草稿", "设备"],
            false,
            7,
        );
        check(&["--data", "/x", "search", "--limit=7", "a", "-q"], &["a"], false, 7);
        check(&["search", "--", "--json"], &["--json"], false, 50);
        assert!(line(&["search", "设备", "--jsn"]).is_err());
        assert!(line(&["search"]).is_err());
    }

    fn each(command: &Command, path: &str, look: &mut dyn FnMut(&Command, &str)) {
        look(command, path);
        for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
            each(inner, format!("{path} {}", inner.get_name()).trim(), look);
        }
    }

    #[test]
    fn the_command_that_is_meant_is_found() {
        let path = |words: &[&str]| path_of(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(
            path(&["x", "--data", "D", "customers", "list", "--limit", "many"]),
            "dossier customers list"
        );
        assert_eq!(path(&["x", "frobnicate"]), "dossier");
    }

    #[test]
    fn every_command_and_argument_is_described() {
        command().debug_assert();
        let mut missing = Vec::new();
        each(&command(), "", &mut |command, path| {
            if command.get_about().is_none() {
                missing.push(path.to_owned());
            }
            for arg in command
                .get_arguments()
                .filter(|arg| !arg.is_hide_set() && arg.get_help().is_none())
            {
                missing.push(format!("{path} {}", arg.get_id()));
            }
        });
        assert_eq!(missing, Vec::<String>::new());
    }

    /// Options without any use for a command are not in its help, and taken all the same.
    #[test]
    fn help_shows_what_applies() {
        let help = |path: &[&str]| {
            let mut words = path.to_vec();
            words.push("--help");
            line(&words)
                .err()
                .map_or_else(String::new, |help| help.render().to_string())
        };
        assert!(!help(&["locate"]).contains("--engines") && help(&["ingest"]).contains("--engines"));
        assert!(!help(&["batches"]).contains("--public-url") && help(&["users", "add"]).contains("--public-url"));
        assert!(!help(&["completions"]).contains("--data"));
        assert!(line(&["locate", "K1", "--engines", "/x"]).is_ok());
    }

    /// As a shell parts a line; `#` and `>` end it.
    fn words(line: &str) -> Vec<OsString> {
        let (mut words, mut word, mut is_quoted) = (Vec::new(), String::new(), false);
        for c in line.split(" > ").next().unwrap_or(line).chars() {
            match c {
                '\'' => is_quoted = !is_quoted,
                ' ' if !is_quoted => words.push(std::mem::take(&mut word).into()),
                c => word.push(c),
            }
        }
        words.push(word.into());
        words
    }

    #[test]
    fn every_example_can_be_typed() {
        for example in examples::EXAMPLES {
            let read = read(&words(example));
            assert!(
                read.is_ok(),
                "{example}: {}",
                read.err().map_or_else(String::new, |e| e.to_string())
            );
        }
    }

    #[test]
    fn every_command_has_an_example() {
        let mut missing = Vec::new();
        each(&command(), "", &mut |_, path| {
            if !path.is_empty() && !examples::EXAMPLES.iter().any(|example| examples::is_of(example, path)) {
                missing.push(path.to_owned());
            }
        });
        assert_eq!(missing, Vec::<String>::new());
    }
}
