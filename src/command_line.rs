//! What every command takes, and how the words of the command line are read: options that may also stand in
//! `dossier.toml` or in the environment. The words of a command stand beside what it does, in `commands/`.

use crate::{commands::CommandLine, examples, listen::ListenAddress};
use clap::{Arg, ArgAction, Args, Command, CommandFactory, FromArgMatches};
use std::{ffi::OsString, path::PathBuf};

/// Options that every command takes. Each may also stand in `dossier.toml`; the environment wins over the file and
/// the command line over both.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Settings of the program")]
pub struct Options {
    /// Folder of the archive: database, vault, index, cache [DOSSIER_DATA]
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// `sqlite` (in the data folder) or postgres://USER:PASSWORD@HOST/NAME [DOSSIER_DATABASE]
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// Folder of the engines (libpdfium, ONNX runtime, OCR models) [DOSSIER_ENGINES]
    #[arg(long, global = true, value_name = "DIR")]
    pub engines: Option<PathBuf>,
    /// Where people reach the archive, such as `https://archive.example.com`; one-time links begin with it
    /// [DOSSIER_PUBLIC_URL]
    #[arg(long, global = true, value_name = "URL")]
    pub public_url: Option<String>,
    /// Settings file [DOSSIER_CONFIG]; `dossier config` says where it is looked for
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to log, such as `info` or `ingest=debug,warn` [DOSSIER_LOG]
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// Log what is done (-v) and every step of it (-vv)
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "log")]
    pub verbose: u8,
    /// Say nothing but results and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Seconds after which a page that is still being decoded counts as failed
    #[arg(long, global = true, value_name = "N", hide = true)]
    pub page_seconds: Option<u64>,
}

/// Where to serve, and how it is protected.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Serving")]
pub struct Serving {
    /// Address to serve at: 127.0.0.1:7878, localhost:7878 or a port alone [DOSSIER_LISTEN]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<ListenAddress>,
    /// Certificate chain (PEM) for HTTPS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM) for HTTPS
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// A proxy in front of the program does HTTPS and sets X-Forwarded-For
    #[arg(long)]
    pub behind_proxy: bool,
}

/// How much of a list is shown.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "How much of the list")]
pub struct Shown {
    /// Show at most so many rows
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = rows)]
    pub limit: usize,
    /// Show every row
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
}

impl Shown {
    /// Rows that are shown at most.
    pub fn most(&self) -> usize {
        if self.all { usize::MAX } else { self.limit }
    }

    /// Leaves as many rows as are to be shown; how many there were.
    pub fn cut<T>(&self, rows: &mut Vec<T>) -> usize {
        let of = rows.len();
        rows.truncate(self.most());
        of
    }
}

fn rows(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(rows) if rows > 0 => Ok(rows),
        _ => Err("write a number from 1 on, or --all".to_owned()),
    }
}

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

/// The whole command line with its examples; options that a command has no use for are taken, and not shown.
pub fn command() -> Command {
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
    examples::root(root)
}

fn dressed(command: Command, path: &str, globals: &[Arg]) -> Command {
    let top = path.split(' ').next().unwrap_or(path);
    let is_shown = |arg: &Arg| {
        let id = arg.get_id().as_str();
        let limited = APPLIES_TO.iter().find(|(of, _)| *of == id);
        !WITHOUT_SETTINGS.contains(&top) && limited.is_none_or(|(_, commands)| commands.contains(&top))
    };
    let hidden = globals
        .iter()
        .filter(|arg| !is_shown(arg))
        .map(|arg| arg.clone().hide(true));
    let command = examples::of(command.args(hidden.collect::<Vec<_>>()), path);
    let names: Vec<String> = command
        .get_subcommands()
        .map(|inner| inner.get_name().to_owned())
        .collect();
    names.iter().fold(command, |command, name| {
        command.mut_subcommand(name, |inner| dressed(inner, &format!("{path} {name}"), globals))
    })
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
            line(&words).expect_err("help is no command").render().to_string()
        };
        assert!(!help(&["locate"]).contains("--engines") && help(&["ingest"]).contains("--engines"));
        assert!(!help(&["batches"]).contains("--public-url") && help(&["users", "add"]).contains("--public-url"));
        assert!(!help(&["completions"]).contains("--data"));
        assert!(line(&["locate", "K1", "--engines", "/x"]).is_ok());
    }
}
