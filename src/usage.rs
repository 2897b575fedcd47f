//! A command that is written wrongly: what is wrong, which words there are, and where the help is.

use crate::{
    help,
    language::{language, said},
    output::Ending,
    problem::Problem,
    translated::of_value,
};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::process::ExitCode;
use vocabulary::Language;

/// Prints what clap has to say: help on standard output, a wrong usage on standard error.
pub fn tell(said: &clap::Error, path: &str, json: bool) -> ExitCode {
    if !said.use_stderr() {
        return help::tell(said, json);
    }
    if !json && language() == Language::English {
        let _ = said.print();
        return Ending::WrongUsage.into();
    }
    problem(said, path).tell(json)
}

fn problem(said: &clap::Error, path: &str) -> Problem {
    Problem {
        code: "wrong_usage",
        ending: Ending::WrongUsage,
        message: message(said),
        next_step: next_step(said, path),
    }
}

/// The words of an error of one kind; one word or several.
fn words(said: &clap::Error, kind: ContextKind) -> Option<String> {
    match said.get(kind)? {
        ContextValue::String(word) => Some(word.clone()),
        ContextValue::Strings(words) => Some(words.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

fn message(said: &clap::Error) -> String {
    if language() == Language::English {
        let text = said.render().to_string();
        let first = text.lines().take_while(|line| !line.trim().is_empty());
        let first: Vec<&str> = first.map(str::trim).collect();
        return first.join(" ").trim_start_matches("error: ").to_owned();
    }
    let argument = words(said, ContextKind::InvalidArg).unwrap_or_default();
    let value = words(said, ContextKind::InvalidValue).unwrap_or_default();
    match said.kind() {
        ErrorKind::UnknownArgument => format!("没有选项“{argument}”"),
        ErrorKind::InvalidSubcommand => {
            let command = words(said, ContextKind::InvalidSubcommand).unwrap_or_default();
            format!("没有命令“{command}”")
        }
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "缺少命令".to_owned(),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 缺少值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let reason =
                std::error::Error::source(said).map_or_else(String::new, |cause| format!("：{}", of_value(cause)));
            format!("{argument} 不能是“{value}”{reason}")
        }
        ErrorKind::ArgumentConflict => {
            let other = words(said, ContextKind::PriorArg).unwrap_or_default();
            format!("{argument} 不能与 {other} 同用")
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{argument} 的值的个数不对")
        }
        ErrorKind::InvalidUtf8 => "参数不是 UTF-8 文字".to_owned(),
        _ => "命令写得不对".to_owned(),
    }
}

/// What may be written instead, and where all of it stands.
fn next_step(said: &clap::Error, path: &str) -> String {
    let valid = [
        ContextKind::ValidValue,
        ContextKind::ValidSubcommand,
        ContextKind::SuggestedSubcommand,
    ]
    .into_iter()
    .chain([ContextKind::SuggestedArg, ContextKind::SuggestedValue])
    .find_map(|kind| words(said, kind));
    let help = format!("{path} --help");
    match valid {
        Some(valid) => said!(
            "write one of {valid}; `{help}` says more",
            "可以写 {valid}；详见 `{help}`"
        ),
        None => said!("see `{help}`", "请看 `{help}`"),
    }
}
