//! Parties: the people and organisations behind customers, their identifiers and their dated roles.
//!
//! An identifier with a check digit is *valid* when the digit fits. That proves that it was read or typed right and
//! nothing more: this module knows no register and does not know whether the person or company exists.

use vocabulary::both;
pub use vocabulary::check_digits;
pub(crate) mod recorded;
pub(crate) mod sql;

pub use vocabulary::{IdentifierKind, PartyKind, PartyRoleKind};

use crate::{Error, Field, PartialDate, Result, fold, ids::PartyId, privacy};

/// An identifier as a key, by which it is found however it is written: a phone by the digits of the number that is
/// dialled within the country, without extension; an ID number of 15 digits by the 18 that became of it.
pub fn folded(kind: IdentifierKind, value: &str) -> String {
    let code = fold::code(value);
    let own = match kind {
        IdentifierKind::Phone => dialled(&code),
        IdentifierKind::IdNumber => check_digits::id_number_of_old(&code),
        IdentifierKind::CreditCode | IdentifierKind::BankAccount | IdentifierKind::Other => None,
    };
    own.unwrap_or(code)
}

/// The digits of a phone number as it is dialled within the country; nothing of what is none.
fn dialled(code: &str) -> Option<String> {
    let number = code.split(['转', '轉', '#', 'X', 'E']).next()?;
    let from_abroad = number.trim_start_matches('(').starts_with('+') || number.starts_with("0086");
    let groups: Vec<&str> = number
        .split(['-', '(', ')', '+'])
        .filter(|group| !group.is_empty())
        .collect();
    let is_digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    if groups.is_empty() || !groups.iter().all(is_digits) {
        return None;
    }
    // Behind a whole land line, a third group is the extension.
    let is_line = |groups: &[&str]| groups[0].len() <= 4 && groups[0].starts_with('0') && groups[1].len() >= 7;
    let groups = match groups.as_slice() {
        [_, _, _] if is_line(&groups) => &groups[..2],
        all => all,
    };
    let digits = groups.concat();
    let national = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
    let national = national.filter(|rest| rest.len() >= 10);
    let national = match national {
        // The area code is written without its zero behind the code of the country.
        Some(rest) if from_abroad && !rest.starts_with(['0', '1']) => format!("0{rest}"),
        Some(rest) => rest.to_owned(),
        None => digits,
    };
    (national.len() >= 7).then_some(national)
}

/// Whether the check digit (or, where there is none, the form) fits. Takes the folded value ([`folded`]).
pub fn is_valid(kind: IdentifierKind, folded: &str) -> bool {
    match kind {
        IdentifierKind::CreditCode => check_digits::is_credit_code(folded),
        IdentifierKind::IdNumber => check_digits::is_id_number(folded),
        IdentifierKind::Phone => is_phone(folded),
        IdentifierKind::BankAccount => {
            (8..=30).contains(&folded.len()) && folded.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        }
        IdentifierKind::Other => !folded.is_empty(),
    }
}

/// What is wrong with a value that is not valid, for the person who typed it.
pub fn what_is_wrong(kind: IdentifierKind) -> &'static str {
    match kind {
        IdentifierKind::CreditCode => {
            "a credit code has 18 characters and its check character must fit (GB 32100); compare it with the licence"
        }
        IdentifierKind::IdNumber => {
            "an ID number has 18 characters and its check digit must fit (GB 11643), or 15 digits if it is from before 1999; \
             compare it with the card"
        }
        IdentifierKind::Phone => "a phone number has 7 to 16 digits",
        IdentifierKind::BankAccount => "a bank account has 8 to 30 digits",
        IdentifierKind::Other => "the value is missing",
    }
}

/// The value with its middle hidden where it is personal; as it is otherwise.
pub fn masked(kind: IdentifierKind, value: &str) -> String {
    match kind {
        IdentifierKind::IdNumber => privacy::mask_id_number(value),
        IdentifierKind::Phone => privacy::mask_phone(value),
        IdentifierKind::BankAccount => privacy::mask_bank_account(value),
        IdentifierKind::CreditCode => value.to_owned(),
        // Nobody knows what stands in a free identifier, so what looks personal in it is hidden.
        IdentifierKind::Other => privacy::mask_personal_numbers(value),
    }
}

/// The field that people fill in with such an identifier.
pub fn field_of(kind: IdentifierKind) -> Field {
    match kind {
        IdentifierKind::CreditCode => Field::CreditCode,
        IdentifierKind::IdNumber => Field::IdNumber,
        IdentifierKind::Phone => Field::Phone,
        IdentifierKind::BankAccount => Field::BankAccount,
        IdentifierKind::Other => Field::Identifier,
    }
}

/// Mobile (11 digits from 13 to 19, +86 allowed) or land line (area code, 7 or 8 digits, extension).
fn is_phone(folded: &str) -> bool {
    let plain: String = folded.chars().filter(|c| !matches!(c, '-' | '(' | ')' | '+')).collect();
    let national = plain
        .strip_prefix("0086")
        .or_else(|| plain.strip_prefix("86"))
        .filter(|rest| rest.len() >= 10);
    let national = national.unwrap_or(&plain);
    national.bytes().all(|b| b.is_ascii_digit()) && (7..=16).contains(&national.len())
}

/// An identifier of a party as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    pub kind: IdentifierKind,
    /// As it was written, half width.
    pub value: String,
    pub valid: bool,
}

impl Identifier {
    /// # Errors
    /// [`Error::Invalid`] when it is empty, too long or, for a kind with a check digit, when the digit does not fit.
    pub fn parse(kind: IdentifierKind, text: &str) -> Result<Self> {
        let value = fold::half_width(text.trim());
        let folded = folded(kind, &value);
        if folded.is_empty() || folded.chars().count() > 64 {
            return Err(Error::invalid(
                field_of(kind),
                text,
                both!("an identifier has 1 to 64 characters", "证件号码有 1 到 64 个字符"),
            ));
        }
        if kind.is_strong() && !is_valid(kind, &folded) {
            return Err(Error::invalid(
                field_of(kind),
                masked(kind, text),
                both!(
                    "its check digit does not fit; compare it with the paper",
                    "校验位不符；请与原件核对"
                ),
            ));
        }
        Ok(Self {
            kind,
            valid: is_valid(kind, &folded),
            value,
        })
    }
}

#[derive(Debug, Clone)]
pub struct Party {
    pub id: PartyId,
    pub kind: PartyKind,
    pub name: String,
    pub identifiers: Vec<Identifier>,
    pub version: i64,
}

/// A dated role of a party towards a customer. A change of holder (过户) ends one and begins another, while number,
/// shelf and scans stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyRole {
    pub party: PartyId,
    pub role: PartyRoleKind,
    /// Empty when it was so from the beginning.
    pub begins_on: PartialDate,
    /// Empty while it lasts. The day itself no longer counts.
    pub ends_on: PartialDate,
}

impl PartyRole {
    /// # Errors
    /// [`Error::Invalid`] when it would end before it begins.
    pub fn new(party: PartyId, role: PartyRoleKind, begins_on: PartialDate, ends_on: PartialDate) -> Result<Self> {
        if !ends_on.is_empty() && ends_on.sort_key() < begins_on.sort_key() {
            return Err(Error::invalid(
                Field::PartyRole,
                ends_on.as_str(),
                both!(
                    "it ends before it begins on {begins_on}",
                    "它的终止早于起始日 {begins_on}"
                ),
            ));
        }
        Ok(Self {
            party,
            role,
            begins_on,
            ends_on,
        })
    }

    pub fn holds_on(&self, day: &PartialDate) -> bool {
        self.begins_on.sort_key() <= day.sort_key()
            && (self.ends_on.is_empty() || day.sort_key() < self.ends_on.sort_key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_however_they_are_written() {
        let check = |kind, text: &str, expected: &str| assert_eq!(folded(kind, text), expected, "{text}");
        for text in [
            "13900003030",
            "+86 139 0000 3030",
            "０086-139-0000-3030",
            "139-0000-3030",
            "8613900003030",
        ] {
            check(IdentifierKind::Phone, text, "13900003030");
        }
        for text in [
            "0755-83550118",
            "(0755) 83550118",
            "0755-83550118转802",
            "0755-83550118-802",
            "+86 755 83550118",
            "075583550118 ext. 802",
        ] {
            check(IdentifierKind::Phone, text, "075583550118");
        }
        check(IdentifierKind::Phone, "400-820-8820", "4008208820");
        check(IdentifierKind::Phone, "86350118", "86350118");
        check(IdentifierKind::Phone, "内线 12", "内线12");
        check(IdentifierKind::IdNumber, "510107850312123", "510107198503121231");
        check(IdentifierKind::IdNumber, "510107851312123", "510107851312123");
        check(IdentifierKind::CreditCode, "9111 0000-1", "91110000-1");
    }

    #[test]
    fn identifiers_parse() {
        let check =
            |kind, text: &str, expected: bool| assert_eq!(Identifier::parse(kind, text).is_ok(), expected, "{text}");
        check(IdentifierKind::IdNumber, "１１０１０１ 19900307 781X", false);
        check(IdentifierKind::IdNumber, "11010519491231002x", true);
        check(IdentifierKind::CreditCode, "9111 0000 8021 00433b", true);
        check(IdentifierKind::CreditCode, "911100008021004339", false);
        check(IdentifierKind::Phone, "0571-88886666", true);
        check(IdentifierKind::Other, "", false);
    }

    #[test]
    fn a_wrong_id_number_is_not_repeated_in_the_message() {
        let message = Identifier::parse(IdentifierKind::IdNumber, "110105194912310021")
            .map(|_| ())
            .unwrap_err()
            .to_string();
        assert!(!message.contains("19491231"), "{message}");
    }

    #[test]
    fn phones() {
        let check = |text: &str, expected| assert_eq!(is_phone(&fold::code(text)), expected, "{text}");
        check("138 0013 8000", true);
        check("+86 13800138000", true);
        check("(0571) 8888 6666", true);
        check("12345", false);
        check("call me", false);
    }

    #[test]
    fn roles_hold_on_days() -> Result<()> {
        let party = crate::ids::PartyId::parse("0190b8c4-7f2e-7000-8000-0123456789ab")?;
        let day = |text: &str| PartialDate::parse(text);
        let role = PartyRole::new(
            party.clone(),
            PartyRoleKind::Holder,
            day("2020-01-01")?,
            day("2024-05-01")?,
        )?;
        assert!(role.holds_on(&day("2020-01-01")?));
        assert!(role.holds_on(&day("2024-04-30")?));
        assert!(!role.holds_on(&day("2024-05-01")?));
        assert!(!role.holds_on(&day("2019")?));
        assert!(PartyRole::new(party, PartyRoleKind::Holder, day("2024")?, day("2020")?).is_err());
        Ok(())
    }
}
