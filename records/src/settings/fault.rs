//! A setting that cannot be: a code with arguments, so that each reader is told in their language, beside the field.

use super::SettingName;
use crate::Error;
use vocabulary::Bilingual;

/// A setting that cannot be, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingFault {
    pub name: SettingName,
    pub because: SettingWrong,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingWrong {
    /// There is no setting of that name.
    Unknown,
    TooLong {
        characters_max: usize,
    },
    /// The name of the archive has 1 to 80 characters on one line.
    Name,
    /// No such time zone; the nearest name, where there is one.
    TimeZone {
        near: String,
    },
    Language,
    NumberPattern {
        cause: String,
    },
    /// Not a regular expression.
    Pattern {
        cause: String,
    },
    MatchesNothing,
    MatchesProse {
        sample: String,
        found: String,
    },
    /// It takes numbers of another kind: `credit_code`, `id_number`, `phone`, `date`, `amount`.
    Takes {
        thing: &'static str,
        found: String,
    },
    Collides {
        other: SettingName,
        sample: String,
    },
    /// The check character says that the code is not right.
    CreditCode {
        line: usize,
        code: String,
        /// What the last character would have to be; empty when the form is wrong as well.
        check: String,
    },
    OwnTooShort {
        line: usize,
        text: String,
    },
    OwnTwice {
        line: usize,
        text: String,
    },
    OwnTooMany {
        lines_max: usize,
    },
    LevelNames,
    LevelNameTwice {
        name: String,
    },
    /// The name is the word for another level wherever levels are typed.
    LevelNameMisleads {
        name: String,
        level: i64,
    },
    Level,
    /// 1 to 2,000.
    Micrometres,
    YesOrNo,
    Roles,
    Profile,
    /// No time of day.
    TimeOfDay,
    /// A line of the days without work that is none.
    DayLine {
        line: usize,
        text: String,
    },
    /// No number of days.
    Days {
        most: i64,
    },
    /// Neither 0 nor 1 nor 3.
    LoanSteps,
    /// A line that does not say who heads a department.
    HeadLine {
        line: usize,
        text: String,
    },
}

impl SettingWrong {
    /// A stable word for programs and for the sentences of screens.
    pub fn code(&self) -> &'static str {
        match self {
            SettingWrong::Unknown => "setting_unknown",
            SettingWrong::TooLong { .. } => "too_long",
            SettingWrong::Name => "name",
            SettingWrong::TimeZone { near } if near.is_empty() => "time_zone",
            SettingWrong::TimeZone { .. } => "time_zone_near",
            SettingWrong::Language => "language",
            SettingWrong::NumberPattern { .. } => "number_pattern",
            SettingWrong::Pattern { .. } => "pattern",
            SettingWrong::MatchesNothing => "matches_nothing",
            SettingWrong::MatchesProse { .. } => "matches_everything",
            SettingWrong::Takes { .. } => "takes_other_numbers",
            SettingWrong::Collides { .. } => "patterns_collide",
            SettingWrong::CreditCode { check, .. } if check.is_empty() => "credit_code_form",
            SettingWrong::CreditCode { .. } => "credit_code",
            SettingWrong::OwnTooShort { .. } => "own_too_short",
            SettingWrong::OwnTwice { .. } => "own_twice",
            SettingWrong::OwnTooMany { .. } => "own_too_many",
            SettingWrong::LevelNames => "level_names",
            SettingWrong::LevelNameTwice { .. } => "level_name_twice",
            SettingWrong::LevelNameMisleads { .. } => "level_name_misleads",
            SettingWrong::Level => "level",
            SettingWrong::Micrometres => "micrometres",
            SettingWrong::YesOrNo => "yes_or_no",
            SettingWrong::Roles => "roles",
            SettingWrong::Profile => "profile",
            SettingWrong::TimeOfDay => "time_of_day",
            SettingWrong::DayLine { .. } => "day_line",
            SettingWrong::Days { .. } => "days",
            SettingWrong::LoanSteps => "loan_steps",
            SettingWrong::HeadLine { .. } => "head_line",
        }
    }

    /// What the sentence is filled with, by name.
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            SettingWrong::TooLong { characters_max } => vec![("max", characters_max.to_string())],
            SettingWrong::TimeZone { near } => vec![("near", near.clone())],
            SettingWrong::NumberPattern { cause } | SettingWrong::Pattern { cause } => vec![("cause", cause.clone())],
            SettingWrong::MatchesProse { sample, found } => {
                vec![("sample", sample.clone()), ("found", found.clone())]
            }
            SettingWrong::Takes { thing, found } => vec![("thing", (*thing).to_owned()), ("found", found.clone())],
            SettingWrong::Collides { other, sample } => {
                vec![("other", other.as_str().to_owned()), ("sample", sample.clone())]
            }
            SettingWrong::CreditCode { line, code, check } => vec![
                ("line", line.to_string()),
                ("text", code.clone()),
                ("check", check.clone()),
            ],
            SettingWrong::OwnTooShort { line, text } | SettingWrong::OwnTwice { line, text } => {
                vec![("line", line.to_string()), ("text", text.clone())]
            }
            SettingWrong::OwnTooMany { lines_max } => vec![("max", lines_max.to_string())],
            SettingWrong::LevelNameTwice { name } => vec![("text", name.clone())],
            SettingWrong::LevelNameMisleads { name, level } => {
                vec![("text", name.clone()), ("level", level.to_string())]
            }
            SettingWrong::Unknown
            | SettingWrong::Name
            | SettingWrong::Language
            | SettingWrong::MatchesNothing
            | SettingWrong::LevelNames
            | SettingWrong::Level
            | SettingWrong::Micrometres
            | SettingWrong::YesOrNo
            | SettingWrong::Roles
            | SettingWrong::TimeOfDay
            | SettingWrong::LoanSteps
            | SettingWrong::Profile => Vec::new(),
            SettingWrong::DayLine { line, text } | SettingWrong::HeadLine { line, text } => {
                vec![("line", line.to_string()), ("text", text.clone())]
            }
            SettingWrong::Days { most } => vec![("max", most.to_string())],
        }
    }
}

impl std::fmt::Display for SettingWrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SettingWrong::Unknown => f.write_str("there is no such setting; `dossier settings list` names them all"),
            SettingWrong::TooLong { characters_max } => write!(f, "it has more than {characters_max} characters"),
            SettingWrong::Name => f.write_str("a name has 1 to 80 characters on one line"),
            SettingWrong::TimeZone { near } if near.is_empty() => {
                f.write_str("there is no such time zone; write an IANA name such as Asia/Shanghai")
            }
            SettingWrong::TimeZone { near } => write!(f, "there is no such time zone; did you mean {near}?"),
            SettingWrong::Language => f.write_str("write zh-CN or en"),
            SettingWrong::NumberPattern { cause } => write!(f, "{cause}; write for example D{{year}}-{{n:06}}"),
            SettingWrong::Pattern { cause } => write!(f, "it is no regular expression: {cause}"),
            SettingWrong::MatchesNothing => {
                f.write_str("it matches the empty text, so it would find a number everywhere; let at least one character be required")
            }
            SettingWrong::MatchesProse { sample, found } => write!(
                f,
                "in the sentence `{sample}`, which holds no number, it finds `{found}`; put the word before it that stands before such numbers"
            ),
            SettingWrong::Takes { thing, found } => write!(
                f,
                "it also takes numbers of another kind ({thing}: `{found}`); put the word before it that stands before such numbers"
            ),
            SettingWrong::Collides { other, sample } => write!(
                f,
                "in `{sample}` it and {} find the same number; change one of them so that only one does",
                other.as_str()
            ),
            SettingWrong::CreditCode { line, code, check } if check.is_empty() => write!(
                f,
                "line {line}: `{code}` is no credit code (18 characters without I, O, S, V, Z); copy it from the licence again"
            ),
            SettingWrong::CreditCode { line, code, check } => write!(
                f,
                "line {line}: the check character of the credit code `{code}` is wrong; with these 17 before it, it would be {check}; compare it with the licence"
            ),
            SettingWrong::OwnTooShort { line, text } => {
                write!(f, "line {line}: `{text}` is too short to tell anybody by; write the whole name or number")
            }
            SettingWrong::OwnTwice { line, text } => write!(f, "line {line}: `{text}` is listed above already"),
            SettingWrong::OwnTooMany { lines_max } => write!(f, "it has more than {lines_max} lines"),
            SettingWrong::LevelNames => {
                f.write_str("write four names of 1 to 40 characters, from level 0 to level 3, one in a line")
            }
            SettingWrong::LevelNameTwice { name } => write!(f, "`{name}` names two levels; give each its own name"),
            SettingWrong::LevelNameMisleads { name, level } => {
                write!(f, "`{name}` is the word for level {level} in searches and tables; choose another")
            }
            SettingWrong::Level => f.write_str("write 0 to 3, or the word of a level"),
            SettingWrong::Micrometres => f.write_str("write 1 to 2000 micrometres, such as 100"),
            SettingWrong::YesOrNo => f.write_str("write yes or no"),
            SettingWrong::Roles => {
                f.write_str("write some of viewer, archivist, auditor, administrator with commas between them, or nothing")
            }
            SettingWrong::Profile => f.write_str("write segments"),
            SettingWrong::TimeOfDay => f.write_str("write a time of day, such as 17:30"),
            SettingWrong::DayLine { line, text } => write!(
                f,
                "line {line} `{text}` is no day; write 2026-10-01, 2026-10-01..2026-10-07, or + before a weekend on which people work"
            ),
            SettingWrong::Days { most } => write!(f, "write a number of days from 1 to {most}"),
            SettingWrong::LoanSteps => f.write_str("write 0, 1 or 3"),
            SettingWrong::HeadLine { line, text } => {
                write!(f, "line {line} `{text}` names no head; write department=account")
            }
        }
    }
}

impl SettingFault {
    pub fn new(name: SettingName, because: SettingWrong) -> Self {
        Self { name, because }
    }
}

impl From<SettingFault> for Error {
    fn from(fault: SettingFault) -> Self {
        let reason = Bilingual::new(fault.because.to_string(), "这样写不能用");
        Error::invalid(fault.name.field(), "", reason)
    }
}
