//! What a setting may be, by itself and beside the others.

use super::{
    ArchiveSettings, LocationProfile, NumberPattern, SettingFault, SettingName, SettingWrong,
    finder::{NumberFinder, PATTERN_CHARACTERS_MAX, one_line},
};
use crate::{
    Error, Roles, SecurityLevel,
    calendar::{DayLineFault, stated_days, time_of_day},
    fold,
};
use std::collections::BTreeMap;
use vocabulary::check_digits::{credit_check_character, is_credit_code, is_id_number};

const VALUE_CHARACTERS_MAX: usize = 10_000;
const NAME_CHARACTERS_MAX: usize = 80;
const CONTACT_CHARACTERS_MAX: usize = 120;
const LEVEL_NAME_CHARACTERS_MAX: usize = 40;
const OWN_LINES_MAX: usize = 200;
pub(super) const DAYS_MAX: i64 = 366;

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
            SettingName::SecondFactorRoles => match Roles::parse(&value) {
                Ok(roles) => Ok(roles.to_string()),
                Err(_) => Err(SettingWrong::Roles),
            },
            SettingName::SignInContact => {
                let fits = value.chars().count() <= CONTACT_CHARACTERS_MAX && !value.contains(char::is_control);
                match fits {
                    true => Ok(value),
                    false => Err(SettingWrong::TooLong {
                        characters_max: CONTACT_CHARACTERS_MAX,
                    }),
                }
            }
            SettingName::CloseOfBusiness
            | SettingName::ClosedDays
            | SettingName::LoanDaysMax
            | SettingName::LoanSlipDaysMax
            | SettingName::LoanSteps
            | SettingName::LoanHeads
            | SettingName::LoanExecutives => self.of_lending(value),
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
            SettingName::GroupRunningNumbers | SettingName::TakeOutFilesInside => match yes_or_no(&value) {
                Some(yes) => Ok(i64::from(yes).to_string()),
                None => Err(SettingWrong::YesOrNo),
            },
            SettingName::PageThickness => match micrometres(&value) {
                Some(micrometres) => Ok(micrometres.to_string()),
                None => Err(SettingWrong::Micrometres),
            },
            SettingName::SecurityLevelDefault => match SecurityLevel::parse(&value) {
                Ok(level) => Ok(level.number().to_string()),
                Err(_) => Err(SettingWrong::Level),
            },
            SettingName::SecurityLevelNamesZh | SettingName::SecurityLevelNamesEn => level_names(&value),
        }
    }

    fn of_lending(self, value: String) -> Result<String, SettingWrong> {
        match self {
            SettingName::CloseOfBusiness => match time_of_day(&value) {
                Some(time) => Ok(time.strftime("%H:%M").to_string()),
                None => Err(SettingWrong::TimeOfDay),
            },
            SettingName::ClosedDays => match stated_days(&value) {
                Ok(_) => Ok(value),
                Err(DayLineFault { line, text }) => Err(SettingWrong::DayLine { line, text }),
            },
            SettingName::LoanDaysMax | SettingName::LoanSlipDaysMax => match fold::half_width(&value).parse() {
                Ok(days @ 1..=DAYS_MAX) => Ok(days.to_string()),
                _ => Err(SettingWrong::Days { most: DAYS_MAX }),
            },
            SettingName::LoanSteps => match fold::half_width(&value).as_str() {
                steps @ ("0" | "1" | "3") => Ok(steps.to_owned()),
                _ => Err(SettingWrong::LoanSteps),
            },
            SettingName::LoanHeads => heads(&value),
            SettingName::LoanExecutives => Ok(lines_of(&value)),
            _ => Ok(value),
        }
    }
}

/// `department=account`, both folded.
pub(super) fn head_line(line: &str) -> Option<(String, String)> {
    let plain = fold::half_width(line);
    let (department, account) = plain.split_once('=')?;
    let (department, account) = (fold::name(department), fold::name(account));
    (!department.is_empty() && !account.is_empty()).then_some((department, account))
}

fn heads(value: &str) -> Result<String, SettingWrong> {
    let faulty = |(_, text): &(usize, &str)| !text.trim().is_empty() && head_line(text).is_none();
    match (1..).zip(value.lines()).find(faulty) {
        Some((line, text)) => Err(SettingWrong::HeadLine {
            line,
            text: text.trim().to_owned(),
        }),
        None => Ok(lines_of(value)),
    }
}

/// What stands in the lines, without empty ones.
fn lines_of(value: &str) -> String {
    let lines = value.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
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

/// Names and numbers of the own organisation. A line with the form of a credit code or an ID number must have the
/// right check character.
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

/// How thick a page can be.
pub(super) fn micrometres(text: &str) -> Option<i64> {
    let micrometres = fold::code(text).parse().ok()?;
    (1..=2_000).contains(&micrometres).then_some(micrometres)
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

/// Four unambiguous names: all different, and none the word of another level.
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
        Error::Invalid { reason, .. } => one_line(&reason.to_string()),
        other => other.to_string(),
    }
}
