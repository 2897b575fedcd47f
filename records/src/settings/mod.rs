//! Settings of the archive: what the database knows of itself, the same for every program that opens it.
//!
//! Settings of a process (paths, ports, workers) are none of these; they belong to `src`. Each setting is a name, a
//! default and a check; the checked whole is [`ArchiveSettings`].

pub(crate) mod recorded;
pub(crate) mod sql;

use crate::{Error, Field, Result, Thing, dossiers::NumberPattern, fold, identity::SecurityLevel};
use regex::Regex;
use std::collections::BTreeMap;

/// Every setting that an administrator may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SettingName {
    /// What the archive is called on screens and prints.
    ArchiveName,
    /// IANA name of the one time zone of the archive.
    TimeZone,
    /// Language of screens for those who have not chosen: `zh-CN` or `en`.
    Language,
    /// Pattern of dossier numbers: `D{year}-{n:06}`, `鸿借字第{n:03}号`.
    DossierNumberPattern,
    /// Regular expression of account numbers (户号) in running text; its first group, if any, is the number.
    AccountNumberPattern,
    /// Regular expression of contract numbers in running text; its first group, if any, is the number.
    ContractNumberPattern,
    /// Identifiers and names of the archive's own organisation, one in a line. They stand on every paper and never link.
    OwnIdentifiers,
    /// How location codes are written.
    LocationProfile,
    /// Whether files that differ in a running number (`A-001.jpg`, `A-002.jpg`) are pages of one document.
    GroupRunningNumbers,
    /// Security level of a document when neither its kind nor a person states one, 0 to 3.
    SecurityLevelDefault,
    /// Four names of the security levels in Chinese, from 0 to 3, one in a line.
    SecurityLevelNamesZh,
    /// Four names of the security levels in English, from 0 to 3, one in a line.
    SecurityLevelNamesEn,
}

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
            _ => Err(Error::invalid(Field::LocationProfile, text, "write segments")),
        }
    }
}

/// All settings, checked and ready for use.
#[derive(Debug, Clone)]
pub struct ArchiveSettings {
    pub archive_name: String,
    pub time_zone: String,
    pub language: String,
    pub dossier_number_pattern: NumberPattern,
    pub account_number_pattern: NumberFinder,
    pub contract_number_pattern: NumberFinder,
    /// Folded (`fold::code`), so that they compare with what was read from paper.
    pub own_identifiers: Vec<String>,
    pub location_profile: LocationProfile,
    pub group_running_numbers: bool,
    pub security_level_default: SecurityLevel,
    pub security_level_names_zh: [String; 4],
    pub security_level_names_en: [String; 4],
    values: BTreeMap<SettingName, String>,
}

/// A regular expression that finds numbers in running text.
#[derive(Debug, Clone)]
pub struct NumberFinder(Option<Regex>);

/// A number that was found, with its place in bytes of the text that was searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundNumber<'t> {
    pub text: &'t str,
    pub start: usize,
    pub end: usize,
}

/// Compiled size of a pattern in bytes; matching is linear in the text whatever the pattern (crate `regex`).
const PATTERN_SIZE_MAX: usize = 1 << 20;
const PATTERN_CHARACTERS_MAX: usize = 500;
const VALUE_CHARACTERS_MAX: usize = 10_000;

impl NumberFinder {
    /// An empty pattern finds nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what the pattern gets wrong.
    pub fn parse(pattern: &str) -> Result<Self> {
        if pattern.is_empty() {
            return Ok(Self(None));
        }
        if pattern.chars().count() > PATTERN_CHARACTERS_MAX {
            return Err(Error::invalid(
                Field::Pattern,
                "(long)",
                format!("it has more than {PATTERN_CHARACTERS_MAX} characters"),
            ));
        }
        let regex = regex::RegexBuilder::new(pattern)
            .size_limit(PATTERN_SIZE_MAX)
            .case_insensitive(true)
            .build()
            .map_err(|cause| Error::invalid(Field::Pattern, pattern, cause.to_string().replace('\n', " ")))?;
        if regex.is_match("") {
            return Err(Error::invalid(
                Field::Pattern,
                pattern,
                "it matches nothing at all, so it would find a number everywhere",
            ));
        }
        Ok(Self(Some(regex)))
    }

    /// Numbers in the order of the text: the first group of each match, or the match when the pattern has no group.
    pub fn find<'t>(&self, text: &'t str) -> Vec<FoundNumber<'t>> {
        let Some(regex) = &self.0 else {
            return Vec::new();
        };
        regex
            .captures_iter(text)
            .filter_map(|captures| captures.get(1).or_else(|| captures.get(0)))
            .filter(|found| !found.is_empty())
            .map(|found| FoundNumber {
                text: found.as_str(),
                start: found.start(),
                end: found.end(),
            })
            .collect()
    }
}

impl SettingName {
    pub const ALL: [SettingName; 12] = [
        SettingName::ArchiveName,
        SettingName::TimeZone,
        SettingName::Language,
        SettingName::DossierNumberPattern,
        SettingName::AccountNumberPattern,
        SettingName::ContractNumberPattern,
        SettingName::OwnIdentifiers,
        SettingName::LocationProfile,
        SettingName::GroupRunningNumbers,
        SettingName::SecurityLevelDefault,
        SettingName::SecurityLevelNamesZh,
        SettingName::SecurityLevelNamesEn,
    ];

    pub fn field(self) -> Field {
        match self {
            SettingName::ArchiveName => Field::ArchiveName,
            SettingName::TimeZone => Field::TimeZone,
            SettingName::Language => Field::Language,
            SettingName::DossierNumberPattern => Field::NumberPattern,
            SettingName::AccountNumberPattern => Field::AccountNumberPattern,
            SettingName::ContractNumberPattern => Field::ContractNumberPattern,
            SettingName::OwnIdentifiers => Field::OwnIdentifiers,
            SettingName::LocationProfile => Field::LocationProfile,
            SettingName::GroupRunningNumbers => Field::GroupRunningNumbers,
            SettingName::SecurityLevelDefault => Field::SecurityLevelDefault,
            SettingName::SecurityLevelNamesZh => Field::SecurityLevelNamesZh,
            SettingName::SecurityLevelNamesEn => Field::SecurityLevelNamesEn,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            SettingName::ArchiveName => "archive_name",
            SettingName::TimeZone => "time_zone",
            SettingName::Language => "language",
            SettingName::DossierNumberPattern => "dossier_number_pattern",
            SettingName::AccountNumberPattern => "account_number_pattern",
            SettingName::ContractNumberPattern => "contract_number_pattern",
            SettingName::OwnIdentifiers => "own_identifiers",
            SettingName::LocationProfile => "location_profile",
            SettingName::GroupRunningNumbers => "group_running_numbers",
            SettingName::SecurityLevelDefault => "security_level_default",
            SettingName::SecurityLevelNamesZh => "security_level_names_zh",
            SettingName::SecurityLevelNamesEn => "security_level_names_en",
        }
    }

    /// # Errors
    /// [`Error::Absent`] for a word that is no setting.
    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|name| name.as_str() == text.trim())
            .ok_or_else(|| Error::Absent {
                what: Thing::Setting,
                id: text.to_owned(),
            })
    }

    /// What a new archive begins with.
    pub fn default_value(self) -> &'static str {
        match self {
            SettingName::ArchiveName => "客户档案室",
            SettingName::TimeZone => "Asia/Shanghai",
            SettingName::Language => "zh-CN",
            SettingName::DossierNumberPattern => "D{year}-{n:06}",
            SettingName::AccountNumberPattern => {
                r"(?:户\s*号|用户编号|客户编号|account\s*(?:no\.?|number))\s*[:：]?\s*([0-9]{6,16})"
            }
            SettingName::ContractNumberPattern => {
                r"(?:合同|协议)\s*(?:书\s*)?(?:编\s*)?号(?:码)?\s*[:：]?\s*([0-9A-Za-z\p{Han}〔〕\[\]()（）]{1,20}(?:[-—–/][0-9A-Za-z]{1,20}){1,5}号?|[0-9A-Za-z]{5,30})"
            }
            SettingName::OwnIdentifiers => "",
            SettingName::LocationProfile => "segments",
            SettingName::GroupRunningNumbers => "0",
            SettingName::SecurityLevelDefault => "1",
            SettingName::SecurityLevelNamesZh => "公开\n内部\n秘密级（企业）\n机密级（企业）",
            SettingName::SecurityLevelNamesEn => "Public\nInternal\nConfidential (company)\nSecret (company)",
        }
    }

    /// The value as it is stored, when it is one that this setting may have.
    ///
    /// # Errors
    /// [`Error::Invalid`] says what is wrong with it.
    pub fn checked(self, value: &str) -> Result<String> {
        let value = fold::storable(value.trim());
        if value.chars().count() > VALUE_CHARACTERS_MAX {
            return Err(Error::invalid(
                self.field(),
                "(long)",
                format!("it has more than {VALUE_CHARACTERS_MAX} characters"),
            ));
        }
        match self {
            SettingName::ArchiveName => {
                if value.is_empty() || value.chars().count() > 80 || value.contains(char::is_control) {
                    return Err(Error::invalid(
                        self.field(),
                        value,
                        "a name has 1 to 80 characters on one line",
                    ));
                }
            }
            SettingName::TimeZone => {
                jiff::tz::TimeZone::get(&value)
                    .map_err(|_| Error::invalid(self.field(), &value, "write an IANA name such as Asia/Shanghai"))?;
            }
            SettingName::Language => {
                if !matches!(value.as_str(), "zh-CN" | "en") {
                    return Err(Error::invalid(self.field(), value, "write zh-CN or en"));
                }
            }
            SettingName::DossierNumberPattern => {
                NumberPattern::parse(&value)?;
            }
            SettingName::AccountNumberPattern | SettingName::ContractNumberPattern => {
                NumberFinder::parse(&value)?;
            }
            SettingName::OwnIdentifiers => {
                let lines: Vec<_> = value.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                return Ok(lines.join("\n"));
            }
            SettingName::LocationProfile => {
                LocationProfile::parse(&value)?;
            }
            SettingName::GroupRunningNumbers => {
                return Ok(i64::from(yes_or_no(self, &value)?).to_string());
            }
            SettingName::SecurityLevelDefault => {
                return Ok(SecurityLevel::parse(&value)?.number().to_string());
            }
            SettingName::SecurityLevelNamesZh | SettingName::SecurityLevelNamesEn => {
                return Ok(four_names(self, &value)?.join("\n"));
            }
        }
        Ok(value)
    }
}

impl ArchiveSettings {
    /// Puts the stored values together; a setting that is not stored has its default.
    ///
    /// # Errors
    /// [`Error::Invalid`] names a stored value that is not usable.
    pub fn new(stored: impl IntoIterator<Item = (SettingName, String)>) -> Result<Self> {
        let mut values: BTreeMap<_, _> = SettingName::ALL
            .into_iter()
            .map(|name| (name, name.default_value().to_owned()))
            .collect();
        values.extend(stored);
        let value = |name: SettingName| values.get(&name).map_or("", String::as_str);
        Ok(Self {
            archive_name: value(SettingName::ArchiveName).to_owned(),
            time_zone: value(SettingName::TimeZone).to_owned(),
            language: value(SettingName::Language).to_owned(),
            dossier_number_pattern: NumberPattern::parse(value(SettingName::DossierNumberPattern))?,
            account_number_pattern: NumberFinder::parse(value(SettingName::AccountNumberPattern))?,
            contract_number_pattern: NumberFinder::parse(value(SettingName::ContractNumberPattern))?,
            own_identifiers: value(SettingName::OwnIdentifiers)
                .lines()
                .map(fold::code)
                .filter(|line| !line.is_empty())
                .collect(),
            location_profile: LocationProfile::parse(value(SettingName::LocationProfile))?,
            group_running_numbers: yes_or_no(
                SettingName::GroupRunningNumbers,
                value(SettingName::GroupRunningNumbers),
            )?,
            security_level_default: SecurityLevel::parse(value(SettingName::SecurityLevelDefault))?,
            security_level_names_zh: four_names(
                SettingName::SecurityLevelNamesZh,
                value(SettingName::SecurityLevelNamesZh),
            )?,
            security_level_names_en: four_names(
                SettingName::SecurityLevelNamesEn,
                value(SettingName::SecurityLevelNamesEn),
            )?,
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
}

fn yes_or_no(name: SettingName, text: &str) -> Result<bool> {
    match fold::name(text).as_str() {
        "1" | "true" | "yes" | "on" | "是" => Ok(true),
        "0" | "false" | "no" | "off" | "否" | "" => Ok(false),
        _ => Err(Error::invalid(name.field(), text, "write yes or no")),
    }
}

fn four_names(name: SettingName, text: &str) -> Result<[String; 4]> {
    let names: Vec<String> = text
        .split(['\n', ';', '；'])
        .map(|word| word.trim().to_owned())
        .collect();
    let wrong = || {
        Error::invalid(
            name.field(),
            text,
            "write four names of 1 to 20 characters, from level 0 to level 3, one in a line",
        )
    };
    if names.iter().any(|word| word.is_empty() || word.chars().count() > 20) {
        return Err(wrong());
    }
    names.try_into().map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_usable() -> Result<()> {
        for name in SettingName::ALL {
            assert_eq!(SettingName::parse(name.as_str())?, name);
            assert_eq!(
                name.checked(name.default_value())?,
                name.default_value(),
                "{}",
                name.as_str()
            );
        }
        let settings = ArchiveSettings::new([])?;
        assert_eq!(
            settings.security_level_name(SecurityLevel::Confidential, "zh-CN"),
            "秘密级（企业）"
        );
        assert_eq!(settings.security_level_name(SecurityLevel::PUBLIC, "en"), "Public");
        Ok(())
    }

    #[test]
    fn values_are_checked() {
        let check = |name: SettingName, value: &str, expected: Option<&str>| {
            assert_eq!(name.checked(value).ok().as_deref(), expected, "{value}");
        };
        check(SettingName::TimeZone, "Asia/Shanghai", Some("Asia/Shanghai"));
        check(SettingName::TimeZone, "Mars/Olympus", None);
        check(
            SettingName::DossierNumberPattern,
            "鸿借字第{n:03}号",
            Some("鸿借字第{n:03}号"),
        );
        check(SettingName::DossierNumberPattern, "没有号码", None);
        check(SettingName::AccountNumberPattern, "([0-9", None);
        check(SettingName::AccountNumberPattern, "[0-9]*", None);
        check(SettingName::AccountNumberPattern, "", Some(""));
        check(SettingName::GroupRunningNumbers, "是", Some("1"));
        check(SettingName::GroupRunningNumbers, "maybe", None);
        check(SettingName::SecurityLevelDefault, "秘密", Some("2"));
        check(
            SettingName::SecurityLevelNamesZh,
            "一；二；三；四",
            Some("一\n二\n三\n四"),
        );
        check(SettingName::SecurityLevelNamesZh, "一；二；三", None);
        check(
            SettingName::OwnIdentifiers,
            " 91330100MA27 \n\n  0571-1234567\n",
            Some("91330100MA27\n0571-1234567"),
        );
        check(SettingName::ArchiveName, "", None);
    }

    #[test]
    fn numbers_are_found() -> Result<()> {
        let settings = ArchiveSettings::new([])?;
        let check = |finder: &NumberFinder, text: &str, expected: &[&str]| {
            let found: Vec<_> = finder.find(text).into_iter().map(|number| number.text).collect();
            assert_eq!(found, expected, "{text}");
        };
        let account = &settings.account_number_pattern;
        check(account, "户号：0512009930", &["0512009930"]);
        check(account, "户 号 3301000012345 户名 王小明", &["3301000012345"]);
        check(account, "电费按户号单独计量，乙方", &[]);
        check(account, "Account No. 12345678", &["12345678"]);
        let contract = &settings.contract_number_pattern;
        check(contract, "合同编号：HT-2024-0117", &["HT-2024-0117"]);
        check(contract, "合同编号：HT-JS-202106-1597 签订日期", &["HT-JS-202106-1597"]);
        check(contract, "合同编号: ZL-2023-0042\n甲方", &["ZL-2023-0042"]);
        check(contract, "本合同编号由甲方填写", &[]);
        check(&NumberFinder::parse("")?, "合同编号：HT-2024-0117", &[]);
        let found = contract.find("合同编号：HT-2024-0117");
        assert_eq!(found.first().map(|number| (number.start, number.end)), Some((15, 27)));
        Ok(())
    }

    #[test]
    fn own_identifiers_are_folded() -> Result<()> {
        let settings = ArchiveSettings::new([(SettingName::OwnIdentifiers, "91330100ma27x\n某某供电公司".to_owned())])?;
        assert!(settings.is_own("９１３３０１００MA27X"));
        assert!(settings.is_own("某某 供电公司"));
        assert!(!settings.is_own("别的公司"));
        Ok(())
    }
}
