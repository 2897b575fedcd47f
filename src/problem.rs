//! What goes wrong, in the reader's language: a code for programs, what it is, and the next step.

use crate::{
    language::{language, said},
    output::{self, Ending},
    translated::is_chinese,
};
use api_types::problems::CommandProblemJson;
use records::Thing;
use std::{fmt, process::ExitCode};
use vocabulary::Language;

/// A refusal of the command line itself.
#[derive(Debug)]
pub struct CommandRefusal {
    code: &'static str,
    ending: Ending,
    /// What is refused and why.
    said: String,
    /// What to do now.
    next: String,
}

impl fmt::Display for CommandRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let between = match language() {
            Language::English => "; ",
            Language::Chinese => "；",
        };
        write!(f, "{}{between}{}", self.said, self.next)
    }
}

impl std::error::Error for CommandRefusal {}

/// Something that is understood and not done.
pub fn refused(code: &'static str, said: String, next: String) -> anyhow::Error {
    anyhow::Error::new(CommandRefusal {
        code,
        ending: Ending::ProblemFound,
        said,
        next,
    })
}

/// A command that is written wrongly in a way that only its own code can see.
pub fn misused(said: String, next: String) -> anyhow::Error {
    anyhow::Error::new(CommandRefusal {
        code: "wrong_usage",
        ending: Ending::WrongUsage,
        said,
        next,
    })
}

/// Somebody else is at it at this moment.
pub fn busy(said: String, next: String) -> anyhow::Error {
    anyhow::Error::new(CommandRefusal {
        code: "busy",
        ending: Ending::Busy,
        said,
        next,
    })
}

/// What is told of an error, whoever made it.
pub struct Problem {
    pub code: &'static str,
    pub ending: Ending,
    pub message: String,
    pub next_step: String,
}

impl Problem {
    /// The causes of an error one after the other, each once; the refusal of a room in the reader's language.
    pub fn of(cause: &anyhow::Error) -> Self {
        if let Some(refusal) = cause.downcast_ref::<CommandRefusal>() {
            return Self {
                code: refusal.code,
                ending: refusal.ending,
                message: refusal.said.clone(),
                next_step: refusal.next.clone(),
            };
        }
        let (mut all, mut message, mut next) = (String::new(), String::new(), None);
        for part in cause.chain() {
            let part = translated(part).unwrap_or_else(|| part.to_string());
            // thiserror messages often carry their source already.
            if all.contains(&part) {
                continue;
            }
            all.push_str(&part);
            // Rooms write what to do behind the last semicolon.
            match part.rsplit_once("; ").or_else(|| part.rsplit_once('；')) {
                Some((said, to_do)) => {
                    behind(&mut message, said);
                    next.get_or_insert_with(|| to_do.to_owned());
                }
                None => behind(&mut message, &part),
            }
        }
        let next_step = next.or_else(|| cause.chain().find_map(next_step)).unwrap_or_default();
        Self {
            code: cause.chain().find_map(code).unwrap_or("error"),
            ending: Ending::ProblemFound,
            message,
            next_step,
        }
    }

    /// Says it on standard error, as a line of JSON where programs read.
    pub fn tell(self, json: bool) -> ExitCode {
        if json {
            let told = CommandProblemJson {
                code: self.code,
                message: self.message,
                next_step: self.next_step,
                exit_code: self.ending.code(),
            };
            output::complain(&serde_json::to_string(&told).unwrap_or_default());
            return self.ending.into();
        }
        output::complain(&format!("dossier: {}", self.text()));
        self.ending.into()
    }

    /// What happened and what to do, for people.
    pub fn text(&self) -> String {
        let between = match language() {
            _ if self.next_step.is_empty() => "",
            Language::English => "; ",
            Language::Chinese => "；",
        };
        format!("{}{between}{}", self.message, self.next_step)
    }
}

/// A cause behind what it led to; in Chinese the words of a library stand in brackets.
fn behind(text: &mut String, cause: &str) {
    match language() {
        _ if text.is_empty() => text.push_str(cause),
        Language::English => text.push_str(&format!(": {cause}")),
        Language::Chinese if is_chinese(cause) => text.push_str(&format!("：{cause}")),
        Language::Chinese => text.push_str(&format!("（{cause}）")),
    }
}

/// The stable word of an error that has one.
fn code(part: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    let records = part.downcast_ref::<records::Error>().map(records::Error::code);
    let services = part.downcast_ref::<services::Error>().map(services::Error::code);
    let index = part.downcast_ref::<index::Error>().map(index::Error::code);
    let run = part.downcast_ref::<ingest::run::Error>().map(ingest::run::Error::code);
    let unusable = part.downcast_ref::<vocabulary::Unusable>().map(|_| "invalid_value");
    let engines = part
        .downcast_ref::<reading::engines::EngineFault>()
        .map(reading::engines::EngineFault::code);
    let setup = part
        .downcast_ref::<reading::engines::SetupError>()
        .map(reading::engines::SetupError::code);
    let refusal = part.downcast_ref::<CommandRefusal>().map(|refusal| refusal.code);
    refusal
        .or(records)
        .or(services)
        .or(index)
        .or(run)
        .or(unusable)
        .or(engines)
        .or(setup)
}

/// What to do where the room that failed cannot say it.
fn next_step(part: &(dyn std::error::Error + 'static)) -> Option<String> {
    use std::io::ErrorKind;
    if let Some(records::Error::Absent { what, .. }) = part.downcast_ref() {
        let command = listed_by(*what)?;
        return Some(said!("`{command}` shows what there is", "`{command}` 列出现有的"));
    }
    if let Some(records::Error::Database(_)) = part.downcast_ref() {
        return Some(said!(
            "check that the database runs, and do it again",
            "请检查数据库是否在运行，再做一次"
        ));
    }
    match part.downcast_ref::<std::io::Error>()?.kind() {
        ErrorKind::NotFound => Some(said!("check the path", "请核对路径")),
        ErrorKind::PermissionDenied => Some(said!("check who may read and write it", "请检查读写权限")),
        ErrorKind::IsADirectory => Some(said!("name a file", "请指定文件")),
        ErrorKind::InvalidData => Some(said!("save it as UTF-8", "请存成 UTF-8")),
        ErrorKind::StorageFull => Some(said!("make room on that disk", "请腾出磁盘空间")),
        _ => None,
    }
}

/// The command that lists things of a kind.
fn listed_by(what: Thing) -> Option<&'static str> {
    match what {
        Thing::Customer | Thing::Dossier | Thing::NamedCustomer => Some("dossier customers list"),
        Thing::Location | Thing::Place | Thing::Container => Some("dossier locations list"),
        Thing::Document | Thing::Original | Thing::SealedDocument => Some("dossier search"),
        Thing::WithdrawnDocument => Some("dossier documents withdrawn"),
        Thing::Batch => Some("dossier batches"),
        Thing::Kind => Some("dossier kinds list"),
        Thing::Checklist => Some("dossier checklists list"),
        Thing::User => Some("dossier users list"),
        Thing::Token => Some("dossier users tokens"),
        Thing::Grant => Some("dossier grants list"),
        Thing::SecondAct => Some("dossier second list"),
        Thing::Setting => Some("dossier settings list"),
        Thing::Import => Some("dossier imports list"),
        Thing::HistoryLine => Some("dossier history"),
        _ => None,
    }
}

/// What a room says, in Chinese where the locale is; English stands in the error itself.
fn translated(part: &(dyn std::error::Error + 'static)) -> Option<String> {
    match language() {
        Language::English => None,
        Language::Chinese => crate::translated::chinese(part),
    }
}
