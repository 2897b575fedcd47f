//! Settings of the archive: what the database knows of itself, the same for every program that opens it.
//!
//! Settings of a process (paths, ports, workers) belong to `src`. Each setting is a name, a default and a check; the
//! checked whole is [`ArchiveSettings`]. Callers read them for each use, so that a change takes effect at once.

mod check;
mod fault;
mod finder;
mod name;
mod number_pattern;
pub(crate) mod recorded;
pub(crate) mod sql;

pub use check::checked_together;
pub use fault::{SettingFault, SettingWrong};
pub use finder::{FoundNumber, NumberFinder};
pub use name::{SettingGroup, SettingName};
pub use number_pattern::NumberPattern;
use vocabulary::both;

use crate::{
    Error, Field, Result,
    calendar::Calendar,
    fold,
    identity::{Roles, SecurityLevel},
};
use check::{four_names, micrometres, yes_or_no};
use std::collections::BTreeMap;

/// How location codes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocationProfile {
    /// Segments split at `-`: letters, digits or Han, in natural order (`K1-03-B-05`, `三楼-A柜-02`).
    Segments,
}

impl LocationProfile {
    pub fn as_str(self) -> &'static str {
        match self {
            LocationProfile::Segments => "segments",
        }
    }

    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "segments" => Ok(LocationProfile::Segments),
            _ => Err(Error::invalid(
                Field::LocationProfile,
                text,
                both!("write segments", "请写 segments"),
            )),
        }
    }
}

/// All settings, checked and ready for use.
#[derive(Debug, Clone)]
pub struct ArchiveSettings {
    /// Counts the changes, so that nobody overwrites what somebody else has just changed.
    pub version: i64,
    pub archive_name: String,
    pub time_zone: String,
    pub language: String,
    pub dossier_number_pattern: NumberPattern,
    pub account_number_pattern: NumberFinder,
    pub customer_number_pattern: NumberFinder,
    pub contract_number_pattern: NumberFinder,
    /// Folded (`fold::code`), so that they compare with what was read from paper.
    pub own_identifiers: Vec<String>,
    pub location_profile: LocationProfile,
    pub group_running_numbers: bool,
    /// Papers inside delivered files become documents.
    pub take_out_files_inside: bool,
    /// Micrometres of a page of paper.
    pub page_thickness_um: i64,
    pub security_level_default: SecurityLevel,
    pub security_level_names_zh: [String; 4],
    pub security_level_names_en: [String; 4],
    /// Empty where nobody has been named.
    pub sign_in_contact: String,
    /// Whoever holds one of them must show a second factor.
    pub second_factor_roles: Roles,
    /// When people work.
    pub calendar: Calendar,
    pub loan_days_max: i64,
    pub loan_slip_days_max: i64,
    /// 0, 1 or 3.
    pub loan_steps: i64,
    /// Departments with the account of their head, both folded.
    pub loan_heads: Vec<(String, String)>,
    /// Folded names of accounts.
    pub loan_executives: Vec<String>,
    values: BTreeMap<SettingName, String>,
}

/// What a setting finds in a text that somebody tries it on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialHit {
    pub by: SettingName,
    pub text: String,
    /// Bytes of the text.
    pub start: usize,
    pub end: usize,
}

impl ArchiveSettings {
    /// Puts the stored values together; a setting that is not stored has its default.
    ///
    /// # Errors
    /// [`Error::Invalid`] names a stored value that is not usable.
    pub fn new(version: i64, stored: impl IntoIterator<Item = (SettingName, String)>) -> Result<Self> {
        let mut values: BTreeMap<_, _> = SettingName::ALL
            .into_iter()
            .map(|name| (name, name.default_value().to_owned()))
            .collect();
        values.extend(stored);
        let value = |name: SettingName| values.get(&name).map_or("", String::as_str);
        let wrong = |name: SettingName| move |because| Error::from(SettingFault::new(name, because));
        let names = |name: SettingName| four_names(value(name)).map_err(wrong(name));
        let flag = |name: SettingName| yes_or_no(value(name)).ok_or_else(|| wrong(name)(SettingWrong::YesOrNo));
        let number = |name: SettingName| {
            let read = value(name).trim().parse::<i64>();
            read.map_err(|_| wrong(name)(SettingWrong::Days { most: check::DAYS_MAX }))
        };
        Ok(Self {
            version,
            archive_name: value(SettingName::ArchiveName).to_owned(),
            time_zone: value(SettingName::TimeZone).to_owned(),
            language: value(SettingName::Language).to_owned(),
            dossier_number_pattern: NumberPattern::parse(value(SettingName::DossierNumberPattern))?,
            account_number_pattern: NumberFinder::parse(value(SettingName::AccountNumberPattern))?,
            customer_number_pattern: NumberFinder::parse(value(SettingName::CustomerNumberPattern))?,
            contract_number_pattern: NumberFinder::parse(value(SettingName::ContractNumberPattern))?,
            own_identifiers: value(SettingName::OwnIdentifiers)
                .lines()
                .map(fold::code)
                .filter(|line| !line.is_empty())
                .collect(),
            location_profile: LocationProfile::parse(value(SettingName::LocationProfile))?,
            group_running_numbers: flag(SettingName::GroupRunningNumbers)?,
            take_out_files_inside: flag(SettingName::TakeOutFilesInside)?,
            page_thickness_um: micrometres(value(SettingName::PageThickness))
                .ok_or_else(|| wrong(SettingName::PageThickness)(SettingWrong::Micrometres))?,
            security_level_default: SecurityLevel::parse(value(SettingName::SecurityLevelDefault))?,
            security_level_names_zh: names(SettingName::SecurityLevelNamesZh)?,
            security_level_names_en: names(SettingName::SecurityLevelNamesEn)?,
            sign_in_contact: value(SettingName::SignInContact).to_owned(),
            second_factor_roles: Roles::parse(value(SettingName::SecondFactorRoles))?,
            calendar: Calendar::of(
                value(SettingName::TimeZone),
                value(SettingName::CloseOfBusiness),
                value(SettingName::ClosedDays),
            ),
            loan_days_max: number(SettingName::LoanDaysMax)?,
            loan_slip_days_max: number(SettingName::LoanSlipDaysMax)?,
            loan_steps: number(SettingName::LoanSteps)?,
            loan_heads: value(SettingName::LoanHeads)
                .lines()
                .filter_map(check::head_line)
                .collect(),
            loan_executives: value(SettingName::LoanExecutives)
                .lines()
                .map(fold::name)
                .filter(|line| !line.is_empty())
                .collect(),
            values,
        })
    }

    /// The value of a setting as it is stored, for the view that changes it.
    pub fn value(&self, name: SettingName) -> &str {
        self.values.get(&name).map_or("", String::as_str)
    }

    /// The name of a security level in a language of the screens; anything but `en` is Chinese.
    pub fn security_level_name(&self, level: SecurityLevel, language: &str) -> &str {
        let names = if language.starts_with("en") {
            &self.security_level_names_en
        } else {
            &self.security_level_names_zh
        };
        usize::try_from(level.number())
            .ok()
            .and_then(|at| names.get(at))
            .map_or("", String::as_str)
    }

    /// Whether a number or name from a paper is the archive's own, so that it says nothing about the customer.
    pub fn is_own(&self, text: &str) -> bool {
        let folded = fold::code(text);
        self.own_identifiers.contains(&folded)
    }

    /// The pattern of a setting that finds numbers.
    pub fn finder(&self, name: SettingName) -> Option<&NumberFinder> {
        match name {
            SettingName::AccountNumberPattern => Some(&self.account_number_pattern),
            SettingName::CustomerNumberPattern => Some(&self.customer_number_pattern),
            SettingName::ContractNumberPattern => Some(&self.contract_number_pattern),
            _ => None,
        }
    }

    /// These settings with changes over them, as they would be if they were stored.
    ///
    /// # Errors
    /// Every fault of the changes.
    pub fn with(&self, changes: &[(SettingName, String)]) -> Result<Self, Vec<SettingFault>> {
        let checked = checked_together(self, changes)?;
        let first = checked.first().map(|(name, _)| *name);
        let values = self.values.clone().into_iter().chain(checked);
        Self::new(self.version, values).map_err(|cause| {
            let because = SettingWrong::Pattern {
                cause: cause.to_string(),
            };
            vec![SettingFault::new(first.unwrap_or(SettingName::ArchiveName), because)]
        })
    }

    /// What the patterns and the own identifiers find in a text, in the order of the text.
    pub fn trial(&self, text: &str) -> Vec<TrialHit> {
        let mut hits = Vec::new();
        for name in SettingName::FINDERS {
            let found = self.finder(name).map(|finder| finder.find(text)).unwrap_or_default();
            hits.extend(found.into_iter().map(|number| TrialHit {
                by: if self.is_own(number.text) {
                    SettingName::OwnIdentifiers
                } else {
                    name
                },
                text: number.text.to_owned(),
                start: number.start,
                end: number.end,
            }));
        }
        for own in self.value(SettingName::OwnIdentifiers).lines().map(str::trim) {
            let found = text.match_indices(own).filter(|_| !own.is_empty());
            hits.extend(found.map(|(start, own)| TrialHit {
                by: SettingName::OwnIdentifiers,
                text: own.to_owned(),
                start,
                end: start + own.len(),
            }));
        }
        hits.sort_by_key(|hit| (hit.start, hit.end, hit.by));
        hits.dedup();
        hits
    }
}

#[cfg(test)]
mod tests;
