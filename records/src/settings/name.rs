//! The names of the settings, their defaults, and the group of the screen in which each stands.

use crate::{Error, Field, Result, Thing};

/// Every setting that an administrator may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SettingName {
    /// What the archive is called on screens and prints.
    ArchiveName,
    /// IANA name of the one time zone of the archive.
    TimeZone,
    /// Language of screens for those who have not chosen and whose browser does not say: `zh-CN` or `en`.
    Language,
    /// Pattern of dossier numbers: `D{year}-{n:06}`, `鸿借字第{n:03}号`.
    DossierNumberPattern,
    /// Regular expression of account numbers (户号) in running text; its first group, if any, is the number.
    AccountNumberPattern,
    /// Regular expression of customer codes in running text; its first group, if any, is the code.
    CustomerNumberPattern,
    /// Regular expression of contract numbers in running text; its first group, if any, is the number.
    ContractNumberPattern,
    /// Identifiers and names of the archive's own organisation, one in a line. They stand on every paper and never link.
    OwnIdentifiers,
    /// How location codes are written.
    LocationProfile,
    /// Whether files that differ in a running number (`A-001.jpg`, `A-002.jpg`) are pages of one document.
    GroupRunningNumbers,
    TakeOutFilesInside,
    /// Micrometres that a page makes a paper thicker, by which places of so many millimetres are full.
    PageThickness,
    /// Security level of a document when neither its kind nor a person states one, 0 to 3.
    SecurityLevelDefault,
    /// Four names of the security levels in Chinese, from 0 to 3, one in a line.
    SecurityLevelNamesZh,
    /// Four names of the security levels in English, from 0 to 3, one in a line.
    SecurityLevelNamesEn,
    /// Whom somebody asks who cannot sign in: a name, a room, a telephone number.
    SignInContact,
    /// Roles whose holders must show a second factor, with commas between them; empty where nobody must.
    SecondFactorRoles,
    /// When a working day ends: `17:30`.
    CloseOfBusiness,
    /// Days without work and weekends with work, one or a span of them in a line.
    ClosedDays,
    /// Days that a loan lasts at most.
    LoanDaysMax,
    /// Days that a loan lasts at most whose slip names its own day.
    LoanSlipDaysMax,
    /// How many sign before a paper is lent: 0, 1 (archive) or 3 (head of the department, archive, executive).
    LoanSteps,
    /// Heads of departments, one in a line: `department=account`.
    LoanHeads,
    /// Accounts that borrow without being asked, one in a line.
    LoanExecutives,
}

/// What a setting is about; screens show the settings of a group together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingGroup {
    Archive,
    Own,
    Numbers,
    Levels,
    Intake,
    Lending,
    SignIn,
}

impl SettingGroup {
    pub const ALL: [SettingGroup; 7] = [
        SettingGroup::Archive,
        SettingGroup::Own,
        SettingGroup::Numbers,
        SettingGroup::Levels,
        SettingGroup::Intake,
        SettingGroup::Lending,
        SettingGroup::SignIn,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            SettingGroup::Archive => "archive",
            SettingGroup::Own => "own",
            SettingGroup::Numbers => "numbers",
            SettingGroup::Levels => "levels",
            SettingGroup::Intake => "intake",
            SettingGroup::Lending => "lending",
            SettingGroup::SignIn => "signing_in",
        }
    }
}

impl SettingName {
    pub const ALL: [SettingName; 24] = [
        SettingName::ArchiveName,
        SettingName::TimeZone,
        SettingName::Language,
        SettingName::OwnIdentifiers,
        SettingName::AccountNumberPattern,
        SettingName::CustomerNumberPattern,
        SettingName::ContractNumberPattern,
        SettingName::DossierNumberPattern,
        SettingName::SecurityLevelDefault,
        SettingName::SecurityLevelNamesZh,
        SettingName::SecurityLevelNamesEn,
        SettingName::LocationProfile,
        SettingName::GroupRunningNumbers,
        SettingName::TakeOutFilesInside,
        SettingName::PageThickness,
        SettingName::CloseOfBusiness,
        SettingName::ClosedDays,
        SettingName::LoanDaysMax,
        SettingName::LoanSlipDaysMax,
        SettingName::LoanSteps,
        SettingName::LoanHeads,
        SettingName::LoanExecutives,
        SettingName::SignInContact,
        SettingName::SecondFactorRoles,
    ];

    /// The patterns by which numbers are found on pages.
    pub const FINDERS: [SettingName; 3] = [
        SettingName::AccountNumberPattern,
        SettingName::CustomerNumberPattern,
        SettingName::ContractNumberPattern,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            SettingName::ArchiveName => "archive_name",
            SettingName::TimeZone => "time_zone",
            SettingName::Language => "language",
            SettingName::DossierNumberPattern => "dossier_number_pattern",
            SettingName::AccountNumberPattern => "account_number_pattern",
            SettingName::CustomerNumberPattern => "customer_number_pattern",
            SettingName::ContractNumberPattern => "contract_number_pattern",
            SettingName::OwnIdentifiers => "own_identifiers",
            SettingName::LocationProfile => "location_profile",
            SettingName::GroupRunningNumbers => "group_running_numbers",
            SettingName::TakeOutFilesInside => "take_out_files_inside",
            SettingName::PageThickness => "page_thickness_um",
            SettingName::SecurityLevelDefault => "security_level_default",
            SettingName::SecurityLevelNamesZh => "security_level_names_zh",
            SettingName::SecurityLevelNamesEn => "security_level_names_en",
            SettingName::SignInContact => "sign_in_contact",
            SettingName::SecondFactorRoles => "second_factor_roles",
            SettingName::CloseOfBusiness => "close_of_business",
            SettingName::ClosedDays => "closed_days",
            SettingName::LoanDaysMax => "loan_days_max",
            SettingName::LoanSlipDaysMax => "loan_slip_days_max",
            SettingName::LoanSteps => "loan_steps",
            SettingName::LoanHeads => "loan_heads",
            SettingName::LoanExecutives => "loan_executives",
        }
    }

    /// What an error about it names.
    pub fn field(self) -> Field {
        match self {
            SettingName::ArchiveName => Field::ArchiveName,
            SettingName::TimeZone => Field::TimeZone,
            SettingName::Language => Field::Language,
            SettingName::DossierNumberPattern => Field::NumberPattern,
            SettingName::AccountNumberPattern => Field::AccountNumberPattern,
            SettingName::CustomerNumberPattern => Field::CustomerNumberPattern,
            SettingName::ContractNumberPattern => Field::ContractNumberPattern,
            SettingName::OwnIdentifiers => Field::OwnIdentifiers,
            SettingName::LocationProfile => Field::LocationProfile,
            SettingName::GroupRunningNumbers => Field::GroupRunningNumbers,
            SettingName::TakeOutFilesInside => Field::TakeOutFilesInside,
            SettingName::PageThickness => Field::PageThickness,
            SettingName::SecurityLevelDefault => Field::SecurityLevelDefault,
            SettingName::SecurityLevelNamesZh => Field::SecurityLevelNamesZh,
            SettingName::SecurityLevelNamesEn => Field::SecurityLevelNamesEn,
            SettingName::SignInContact => Field::SignInContact,
            SettingName::SecondFactorRoles => Field::SecondFactorRoles,
            SettingName::CloseOfBusiness => Field::CloseOfBusiness,
            SettingName::ClosedDays => Field::ClosedDays,
            SettingName::LoanDaysMax => Field::LoanDaysMax,
            SettingName::LoanSlipDaysMax => Field::LoanSlipDaysMax,
            SettingName::LoanSteps => Field::LoanSteps,
            SettingName::LoanHeads => Field::LoanHeads,
            SettingName::LoanExecutives => Field::LoanExecutives,
        }
    }

    pub fn group(self) -> SettingGroup {
        match self {
            SettingName::ArchiveName | SettingName::TimeZone | SettingName::Language => SettingGroup::Archive,
            SettingName::OwnIdentifiers => SettingGroup::Own,
            SettingName::AccountNumberPattern
            | SettingName::CustomerNumberPattern
            | SettingName::ContractNumberPattern
            | SettingName::DossierNumberPattern => SettingGroup::Numbers,
            SettingName::SecurityLevelDefault
            | SettingName::SecurityLevelNamesZh
            | SettingName::SecurityLevelNamesEn => SettingGroup::Levels,
            SettingName::LocationProfile
            | SettingName::GroupRunningNumbers
            | SettingName::TakeOutFilesInside
            | SettingName::PageThickness => SettingGroup::Intake,
            SettingName::CloseOfBusiness
            | SettingName::ClosedDays
            | SettingName::LoanDaysMax
            | SettingName::LoanSlipDaysMax
            | SettingName::LoanSteps
            | SettingName::LoanHeads
            | SettingName::LoanExecutives => SettingGroup::Lending,
            SettingName::SignInContact | SettingName::SecondFactorRoles => SettingGroup::SignIn,
        }
    }

    /// # Errors
    /// [`Error::Absent`] for a word that is no setting.
    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|name| name.as_str() == text.trim())
            .ok_or_else(|| Error::absent(Thing::Setting, text))
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
            SettingName::CustomerNumberPattern => {
                r"(?:客\s*户\s*(?:编\s*号|编\s*码|代\s*码|号)|customer\s*(?:code|no\.?|number|id))\s*[:：]?\s*([0-9A-Za-z][0-9A-Za-z\-/.]{1,31})"
            }
            SettingName::ContractNumberPattern => {
                r"(?:合同|协议)\s*(?:书\s*)?(?:编\s*)?号(?:码)?\s*[:：]?\s*([0-9A-Za-z\p{Han}〔〕\[\]()（）]{1,20}(?:[-—–/][0-9A-Za-z]{1,20}){1,5}号?|[0-9A-Za-z]{5,30})"
            }
            SettingName::OwnIdentifiers
            | SettingName::SignInContact
            | SettingName::SecondFactorRoles
            | SettingName::ClosedDays
            | SettingName::LoanHeads
            | SettingName::LoanExecutives => "",
            SettingName::CloseOfBusiness => "17:30",
            SettingName::LoanDaysMax => "3",
            SettingName::LoanSlipDaysMax => "30",
            SettingName::LoanSteps => "0",
            SettingName::LocationProfile => "segments",
            SettingName::GroupRunningNumbers => "0",
            SettingName::TakeOutFilesInside => "1",
            SettingName::PageThickness => "100",
            SettingName::SecurityLevelDefault => "1",
            SettingName::SecurityLevelNamesZh => "公开\n内部\n秘密\n机密",
            SettingName::SecurityLevelNamesEn => "public\ninternal\nconfidential\nsecret",
        }
    }
}
