//! The help in Chinese: what stands as English beside each command and option has its Chinese in two tables, and what
//! clap says itself is a short list. A text that is in neither table fails the test below.

/// English and Chinese of one text, one below the other.
macro_rules! pairs {
    ($($english:literal $chinese:literal)+) => { [$(($english, $chinese)),+] };
}

mod arguments;
mod commands;
mod lending;
mod papers;
mod shelves;

use crate::{
    language::language,
    output::{Ending, print},
    problem::Problem,
};
use clap::{Arg, ArgAction, Command, builder::StyledStr};
use std::{io::IsTerminal, process::ExitCode};
use vocabulary::Language;

/// English, and Chinese.
pub type Pair = (&'static str, &'static str);

/// What clap says of itself in a help, in completions and in manual pages; of two the longer first.
const OF_CLAP: [Pair; 19] = pairs! {
    "Print this message or the help of the given subcommand(s)" "显示本帮助，或某个命令的帮助"
    "Print version" "显示版本"
    "Possible values:" "可选的值："
    "[possible values: " "[可选："
    "[default: " "[默认："
    "[env: " "[环境变量："
    ".SH NAME" ".SH 名称"
    ".SH SYNOPSIS" ".SH 用法"
    ".SH DESCRIPTION" ".SH 说明"
    ".SH OPTIONS" ".SH 选项"
    ".SH SUBCOMMANDS" ".SH 命令"
    ".SH VERSION" ".SH 版本"
    ".SH EXTRA" ".SH 补充"
    "Arguments:" "参数："
    "Commands:" "命令："
    "[OPTIONS]" "[选项]"
    "Options:" "选项："
    "Usage: " "用法："
    "Usage:" "用法："
};

fn found(tables: &[&[Pair]], english: &str) -> Option<&'static str> {
    let mut pairs = tables.iter().flat_map(|table| table.iter());
    pairs.find(|(text, _)| *text == english).map(|(_, chinese)| *chinese)
}

fn of_command(english: &StyledStr) -> Option<&'static str> {
    found(&[commands::COMMANDS], &english.to_string())
}

fn of_argument(english: &StyledStr) -> Option<&'static str> {
    found(
        &[
            arguments::ARGUMENTS,
            papers::PAPERS,
            lending::LENDING,
            shelves::ARGUMENTS,
        ],
        &english.to_string(),
    )
}

/// The command line as its help is shown: in the language of the locale.
pub fn spoken(command: Command) -> Command {
    match language() {
        Language::English => command,
        Language::Chinese => chinese(command),
    }
}

fn chinese(command: Command) -> Command {
    let (about, long_about) = (
        command.get_about().and_then(of_command),
        command.get_long_about().and_then(of_command),
    );
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .help("显示帮助；-h 只说要点，--help 说全部")
        .help_heading(None)
        .action(ArgAction::Help);
    let mut command = command.mut_args(argument).disable_help_flag(true).arg(help);
    if let Some(text) = about {
        command = command.about(text);
    }
    if let Some(text) = long_about {
        command = command.long_about(text);
    }
    command.mut_subcommands(chinese)
}

fn argument(arg: Arg) -> Arg {
    let help = arg.get_help().and_then(of_argument);
    let long_help = arg.get_long_help().and_then(of_argument);
    let head = arg.get_help_heading().and_then(|head| found(&[arguments::HEADS], head));
    let mut arg = arg;
    if let Some(text) = help {
        arg = arg.help(text);
    }
    if let Some(text) = long_help {
        arg = arg.long_help(text);
    }
    if let Some(head) = head {
        arg = arg.help_heading(head);
    }
    arg
}

/// A help, a completion or a manual page with clap's own words in the language of the locale.
pub fn with_words_of_clap(text: &str) -> String {
    if language() == Language::English {
        return text.to_owned();
    }
    let mut said = text.to_owned();
    for (english, chinese) in OF_CLAP {
        said = said.replace(english, chinese);
    }
    for (_, head) in arguments::HEADS {
        said = said.replace(&format!("{head}:"), &format!("{head}："));
    }
    said
}

/// Prints a help or the version that was asked for. A reader that went away is no error, a full device is one.
pub fn tell(asked: &clap::Error, json: bool) -> ExitCode {
    match print(&text(asked)) {
        Ok(()) => Ending::Fine.into(),
        Err(cause) => Problem::of(&cause).tell(json),
    }
}

fn text(asked: &clap::Error) -> String {
    let text = asked.render();
    let is_plain = !std::io::stdout().is_terminal() || std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty());
    let text = match is_plain {
        true => text.to_string(),
        false => text.ansi().to_string(),
    };
    match language() {
        Language::English => text,
        Language::Chinese => with_words_of_clap(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed;
    use std::collections::BTreeSet;

    /// What is said in the language of the locale where it stands.
    const SAID_IN_PLACE: [&str; 1] = ["role"];

    fn texts(command: &Command, of_commands: &mut BTreeSet<String>, of_arguments: &mut BTreeSet<String>) {
        let own = [command.get_about(), command.get_long_about()];
        of_commands.extend(own.into_iter().flatten().map(ToString::to_string));
        for arg in command.get_arguments() {
            if !SAID_IN_PLACE.contains(&arg.get_id().as_str()) {
                let own = [arg.get_help(), arg.get_long_help()];
                of_arguments.extend(own.into_iter().flatten().map(ToString::to_string));
            }
        }
        for inner in command.get_subcommands() {
            texts(inner, of_commands, of_arguments);
        }
    }

    fn check(said: &BTreeSet<String>, table: &[Pair], what: &str) {
        let known: BTreeSet<String> = table.iter().map(|(english, _)| (*english).to_owned()).collect();
        let missing: Vec<_> = said.difference(&known).collect();
        assert!(missing.is_empty(), "{what} without Chinese: {missing:#?}");
        let stale: Vec<_> = known.difference(said).collect();
        assert!(stale.is_empty(), "{what} that nothing says: {stale:#?}");
        assert_eq!(known.len(), table.len(), "{what}: a text stands twice");
        let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        for (english, chinese) in table {
            let is_a_list_of_values = !english.contains(|c: char| c.is_ascii_lowercase());
            assert!(
                chinese.contains(is_han) || is_a_list_of_values || english.starts_with("2024"),
                "{english}"
            );
        }
    }

    /// A command or an argument that is new has its Chinese in the tables.
    #[test]
    fn every_help_has_its_chinese() {
        let (mut of_commands, mut of_arguments) = (BTreeSet::new(), BTreeSet::new());
        texts(&typed::described(), &mut of_commands, &mut of_arguments);
        check(&of_commands, commands::COMMANDS, "commands");
        check(
            &of_arguments,
            &[
                arguments::ARGUMENTS,
                papers::PAPERS,
                lending::LENDING,
                shelves::ARGUMENTS,
            ]
            .concat(),
            "arguments",
        );
    }

    #[test]
    fn every_head_has_its_chinese() {
        fn heads(command: &Command, found: &mut BTreeSet<String>) {
            found.extend(
                command
                    .get_arguments()
                    .filter_map(|arg| arg.get_help_heading().map(str::to_owned)),
            );
            command.get_subcommands().for_each(|inner| heads(inner, found));
        }
        let mut said = BTreeSet::new();
        heads(&typed::described(), &mut said);
        check(&said, arguments::HEADS, "heads");
    }

    #[test]
    fn the_chinese_command_line_is_the_same_one() {
        let command = chinese(typed::described());
        command.clone().debug_assert();
        let help = command
            .clone()
            .try_get_matches_from(["dossier", "users", "add", "--help"]);
        let help = help.map_or_else(|help| help.render().to_string(), |_| String::new());
        assert!(
            help.contains("显示帮助") && help.contains("此人可看的最高密级"),
            "{help}"
        );
        assert!(
            command
                .try_get_matches_from(["dossier", "users", "help", "add"])
                .is_err()
        );
    }
}
