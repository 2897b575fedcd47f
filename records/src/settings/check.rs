//! What a setting may be. What is wrong with one is a code with arguments, so that each reader is told in their
//! language, beside the field.

use super::{
    ArchiveSettings, LocationProfile, SettingName,
    finder::{NumberFinder, PATTERN_CHARACTERS_MAX, one_line},
};
use crate::{
    Error, SecurityLevel,
    dossiers::NumberPattern,
    fold,
    parties::check_digits::{credit_check_character, is_credit_code, is_id_number},
};
use std::collections::BTreeMap;

const VALUE_CHARACTERS_MAX: usize = 10_000;
const NAME_CHARACTERS_MAX: usize = 80;
const LEVEL_NAME_CHARACTERS_MAX: usize = 40;
const OWN_LINES_MAX: usize = 200;

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
    YesOrNo,
    Profile,
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
            SettingWrong::YesOrNo => "yes_or_no",
            SettingWrong::Profile => "profile",
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
            | SettingWrong::YesOrNo
            | SettingWrong::Profile => Vec::new(),
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
            SettingWrong::YesOrNo => f.write_str("write yes or no"),
            SettingWrong::Profile => f.write_str("write segments"),
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
        Error::invalid(fault.name.field(), "", fault.because.to_string())
    }
}

impl SettingName {
    /// The value as it is stored, when it is one that this setting may have by itself.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn checked(self, value: &str) -> Result<String, SettingWrong> {
        let value = fold::storable(value.trim()).replace("\r\n", "\n");
        if value.chars().count() > VALUE_CHARACTERS_MAX {
            return Err(SettingWrong::TooLong {
                characters_max: VALUE_CHARACTERS_MAX,
            });
        }
        match self {
            SettingName::ArchiveName => {
                let fits = (1..=NAME_CHARACTERS_MAX).contains(&value.chars().count());
                match fits && !value.contains(char::is_control) {
                    true => Ok(value),
                    false => Err(SettingWrong::Name),
                }
            }
            SettingName::TimeZone => time_zone(&value),
            SettingName::Language => match value.as_str() {
                "zh-CN" | "en" => Ok(value),
                _ => Err(SettingWrong::Language),
            },
            SettingName::DossierNumberPattern => match NumberPattern::parse(&value) {
                Ok(_) => Ok(value),
                Err(cause) => Err(SettingWrong::NumberPattern { cause: reason(cause) }),
            },
            SettingName::AccountNumberPattern
            | SettingName::CustomerNumberPattern
            | SettingName::ContractNumberPattern => finder(value),
            SettingName::OwnIdentifiers => own(&value),
            SettingName::LocationProfile => match LocationProfile::parse(&value) {
                Ok(profile) => Ok(profile.as_str().to_owned()),
                Err(_) => Err(SettingWrong::Profile),
            },
            SettingName::GroupRunningNumbers => match yes_or_no(&value) {
                Some(yes) => Ok(i64::from(yes).to_string()),
                None => Err(SettingWrong::YesOrNo),
            },
            SettingName::SecurityLevelDefault => match SecurityLevel::parse(&value) {
                Ok(level) => Ok(level.number().to_string()),
                Err(_) => Err(SettingWrong::Level),
            },
            SettingName::SecurityLevelNamesZh | SettingName::SecurityLevelNamesEn => level_names(&value),
        }
    }
}

/// The changes as they would be stored, checked each by itself and against the others and what is stored.
///
/// # Errors
/// Every fault, in the order of the settings; nothing may be stored then.
pub fn checked_together(
    stored: &ArchiveSettings,
    changes: &[(SettingName, String)],
) -> Result<Vec<(SettingName, String)>, Vec<SettingFault>> {
    let mut faults = Vec::new();
    let mut checked: BTreeMap<SettingName, String> = BTreeMap::new();
    for (name, value) in changes {
        match name.checked(value) {
            Ok(value) => drop(checked.insert(*name, value)),
            Err(because) => faults.push(SettingFault::new(*name, because)),
        }
    }
    checked.retain(|name, value| stored.value(*name) != value.as_str());
    faults.extend(collisions(stored, &checked));
    if faults.is_empty() {
        Ok(checked.into_iter().collect())
    } else {
        faults.sort_by_key(|fault| fault.name);
        Err(faults)
    }
}

/// Contract numbers must be told from the numbers of customers. The account number and the code of a customer are
/// looked up in the same register, so that these two may find the same number unless they are the same pattern.
fn collisions(stored: &ArchiveSettings, changed: &BTreeMap<SettingName, String>) -> Vec<SettingFault> {
    use SettingName::{AccountNumberPattern, ContractNumberPattern, CustomerNumberPattern};
    let value = |name: SettingName| changed.get(&name).map_or_else(|| stored.value(name), String::as_str);
    let mut faults = Vec::new();
    for (one, other) in [
        (AccountNumberPattern, ContractNumberPattern),
        (CustomerNumberPattern, ContractNumberPattern),
        (AccountNumberPattern, CustomerNumberPattern),
    ] {
        let at = match (changed.contains_key(&one), changed.contains_key(&other)) {
            (false, false) => continue,
            (true, _) => (one, other),
            (false, true) => (other, one),
        };
        let (Ok(first), Ok(second)) = (NumberFinder::parse(value(at.0)), NumberFinder::parse(value(at.1))) else {
            continue;
        };
        if other != ContractNumberPattern && value(one) != value(other) {
            continue;
        }
        if let Some(sample) = first.collides_with(&second) {
            let other = at.1;
            faults.push(SettingFault::new(at.0, SettingWrong::Collides { other, sample }));
        }
    }
    faults
}

fn time_zone(value: &str) -> Result<String, SettingWrong> {
    match jiff::tz::TimeZone::get(value) {
        Ok(zone) => Ok(zone.iana_name().unwrap_or(value).to_owned()),
        Err(_) => {
            let wanted = fold::name(value).replace(' ', "_");
            let last = |name: &str| fold::name(name.rsplit('/').next().unwrap_or(name));
            let near = match wanted.as_str() {
                "" => None,
                "beijing" | "北京" | "上海" | "中国" | "北京时间" => Some("Asia/Shanghai".to_owned()),
                "乌鲁木齐" => Some("Asia/Urumqi".to_owned()),
                _ => jiff::tz::db()
                    .available()
                    .map(|name| name.as_str().to_owned())
                    .find(|name| last(name) == last(&wanted)),
            };
            Err(SettingWrong::TimeZone {
                near: near.unwrap_or_default(),
            })
        }
    }
}

fn finder(pattern: String) -> Result<String, SettingWrong> {
    let characters_max = PATTERN_CHARACTERS_MAX;
    if pattern.chars().count() > characters_max {
        return Err(SettingWrong::TooLong { characters_max });
    }
    if let Ok(regex) = regex::Regex::new(&pattern)
        && !pattern.is_empty()
        && regex.is_match("")
    {
        return Err(SettingWrong::MatchesNothing);
    }
    let finder = NumberFinder::parse(&pattern).map_err(|cause| SettingWrong::Pattern { cause: reason(cause) })?;
    if let Some((sample, found)) = finder.found_in_prose() {
        return Err(SettingWrong::MatchesProse {
            sample: sample.to_owned(),
            found: found.to_owned(),
        });
    }
    if let Some((thing, found)) = finder.takes() {
        return Err(SettingWrong::Takes {
            thing,
            found: found.to_owned(),
        });
    }
    Ok(pattern)
}

/// Names and numbers of the own organisation. A line that can only be a credit code or an ID number must prove itself.
fn own(value: &str) -> Result<String, SettingWrong> {
    let mut kept: Vec<(String, String)> = Vec::new();
    for (at, text) in value.lines().map(str::trim).enumerate() {
        let (line, folded) = (at + 1, fold::code(text));
        if text.is_empty() {
            continue;
        }
        if folded.chars().count() < 2 || folded.bytes().all(|byte| byte.is_ascii_digit()) && folded.len() < 5 {
            let text = text.to_owned();
            return Err(SettingWrong::OwnTooShort { line, text });
        }
        let is_code = matches!(folded.len(), 17..=19)
            && folded.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && (folded.len() == 18 || folded.bytes().any(|byte| byte.is_ascii_alphabetic()));
        if is_code && !is_credit_code(&folded) && !is_id_number(&folded) {
            return Err(SettingWrong::CreditCode {
                line,
                check: credit_check_character(&folded).map(String::from).unwrap_or_default(),
                code: text.to_owned(),
            });
        }
        if kept.iter().any(|(_, known)| *known == folded) {
            let text = text.to_owned();
            return Err(SettingWrong::OwnTwice { line, text });
        }
        kept.push((text.to_owned(), folded));
    }
    if kept.len() > OWN_LINES_MAX {
        return Err(SettingWrong::OwnTooMany {
            lines_max: OWN_LINES_MAX,
        });
    }
    let lines: Vec<_> = kept.into_iter().map(|(text, _)| text).collect();
    Ok(lines.join("\n"))
}

pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    match fold::name(text).as_str() {
        "1" | "true" | "yes" | "on" | "是" => Some(true),
        "0" | "false" | "no" | "off" | "否" | "" => Some(false),
        _ => None,
    }
}

/// Four names, whatever they are.
pub(super) fn four_names(text: &str) -> Result<[String; 4], SettingWrong> {
    let names: Vec<String> = text
        .split(['\n', ';', '；'])
        .map(|word| word.trim().to_owned())
        .collect();
    let fits = |word: &String| (1..=LEVEL_NAME_CHARACTERS_MAX).contains(&word.chars().count());
    if !names.iter().all(fits) {
        return Err(SettingWrong::LevelNames);
    }
    names.try_into().map_err(|_| SettingWrong::LevelNames)
}

/// Four names that mislead nobody: all different, and none the word for another level.
fn level_names(text: &str) -> Result<String, SettingWrong> {
    let names = four_names(text)?;
    for (level, name) in (0..).zip(&names) {
        if names
            .iter()
            .filter(|other| fold::name(other) == fold::name(name))
            .count()
            > 1
        {
            return Err(SettingWrong::LevelNameTwice { name: name.clone() });
        }
        if let Ok(known) = SecurityLevel::parse(name)
            && known.number() != level
        {
            return Err(SettingWrong::LevelNameMisleads {
                name: name.clone(),
                level: known.number(),
            });
        }
    }
    Ok(names.join("\n"))
}

fn reason(cause: Error) -> String {
    match cause {
        Error::Invalid { reason, .. } => one_line(&reason),
        other => other.to_string(),
    }
}
