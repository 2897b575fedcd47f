//! Accounts: what a name may look like and who may touch whose account.

pub(crate) mod recorded;
pub(crate) mod sql;

use super::{Asker, Role, User, UserChange, UserDraft};
use crate::{Error, Field, RefusedBecause, Result, fold};
use vocabulary::both;

const NAME_CHARACTERS_MAX: usize = 64;
const TEXT_CHARACTERS_MAX: usize = 120;

/// A draft whose every field may be stored: trimmed, half width, within its bounds.
///
/// # Errors
/// [`Error::Invalid`] names the first field that is not usable.
pub(crate) fn checked(draft: &UserDraft) -> Result<UserDraft> {
    let name = fold::half_width(draft.name.trim());
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    if name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX || !name.chars().all(fits) {
        return Err(Error::invalid(
            Field::UserName,
            &draft.name,
            both!(
                "a name has 1 to 64 letters, digits, Han characters, `.`, `-`, `_` or `@`",
                "用户名有 1 到 64 个字母、数字、汉字或 `.`、`-`、`_`、`@`"
            ),
        ));
    }
    if draft.roles.is_empty() {
        return Err(Error::invalid(
            Field::Roles,
            "",
            both!(
                "give at least one of viewer, archivist, auditor, administrator",
                "请至少给 viewer、archivist、auditor、administrator 中的一个"
            ),
        ));
    }
    let department = text(Field::Department, &draft.department)?;
    if department == "*" {
        return Err(Error::invalid(
            Field::Department,
            "*",
            both!(
                "an account belongs to one department or, left empty, to none",
                "账户属于一个部门；不写就不属于任何部门"
            ),
        ));
    }
    let display_name = text(Field::DisplayName, &draft.display_name)?;
    Ok(UserDraft {
        display_name: if display_name.is_empty() {
            name.clone()
        } else {
            display_name
        },
        name,
        roles: draft.roles,
        clearance: draft.clearance,
        department,
        site: text(Field::Site, &draft.site)?,
    })
}

/// The account after a change, every field checked.
///
/// # Errors
/// [`Error::Invalid`] names the first field that is not usable.
pub(crate) fn changed(before: &User, change: &UserChange) -> Result<User> {
    let said = |new: &Option<String>, old: &String| new.clone().unwrap_or_else(|| old.clone());
    let draft = checked(&UserDraft {
        name: before.name.clone(),
        display_name: said(&change.display_name, &before.display_name),
        roles: change.roles.unwrap_or(before.roles),
        clearance: change.clearance.unwrap_or(before.clearance),
        department: said(&change.department, &before.department),
        site: said(&change.site, &before.site),
    })?;
    Ok(User {
        display_name: draft.display_name,
        roles: draft.roles,
        clearance: draft.clearance,
        department: draft.department,
        site: draft.site,
        language: language(&said(&change.language, &before.language))?,
        locked: change.locked.unwrap_or(before.locked),
        version: before.version + 1,
        ..before.clone()
    })
}

pub(crate) fn language(text: &str) -> Result<String> {
    match text.trim() {
        known @ ("" | "zh-CN" | "en") => Ok(known.to_owned()),
        other => Err(Error::invalid(
            Field::Language,
            other,
            both!(
                "write zh-CN, en, or nothing for what the browser says",
                "请写 zh-CN 或 en；不写就随浏览器"
            ),
        )),
    }
}

/// Nobody gives rights to themselves, however many they have.
///
/// # Errors
/// [`Error::Refused`] when somebody changes their own roles or clearance, or locks themselves out.
pub(crate) fn refuse_own(before: &User, after: &User) -> Result<()> {
    let what = if before.roles != after.roles {
        "roles"
    } else if before.clearance != after.clearance {
        "clearance"
    } else if after.locked {
        "lock"
    } else {
        return Ok(());
    };
    let what = what.to_owned();
    Err(RefusedBecause::OwnRights { what }.into())
}

/// Whether the change ends existing sessions, so that nobody keeps former rights.
pub(crate) fn ends_sessions(before: &User, after: &User) -> bool {
    after.locked || before.roles != after.roles || before.clearance != after.clearance
}

fn text(what: Field, text: &str) -> Result<String> {
    let text: String = fold::storable(text.trim())
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    if text.chars().count() > TEXT_CHARACTERS_MAX {
        return Err(Error::invalid(
            what,
            text.chars().take(20).collect::<String>(),
            both!("it has more than 120 characters", "超过了 120 个字符"),
        ));
    }
    Ok(text)
}

/// One's own account may be touched by oneself, every account by administrators.
pub(crate) fn require_self_or_administrator(asker: &Asker, user_name: &str) -> Result<()> {
    if asker.writes && asker.user_uid != 0 && fold::name(asker.name()) == fold::name(user_name) {
        return Ok(());
    }
    asker.require_writing(Role::Administrator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{Roles, SecurityLevel};

    #[test]
    fn drafts() {
        let draft = |name: &str, department: &str| UserDraft {
            name: name.to_owned(),
            display_name: String::new(),
            roles: Roles::default().with(Role::Viewer),
            clearance: SecurityLevel::INTERNAL,
            department: department.to_owned(),
            site: String::new(),
        };
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(
                checked(&draft(name, "")).ok().map(|draft| draft.name).as_deref(),
                expected,
                "{name}"
            );
        };
        check(" 王小明 ", Some("王小明"));
        check("ｌｉ.wei@example", Some("li.wei@example"));
        check("os:root", None);
        check("a b", None);
        check("", None);
        check(&"a".repeat(65), None);
        assert!(checked(&draft("li", "*")).is_err());
        assert!(
            checked(&UserDraft {
                roles: Roles::default(),
                ..draft("li", "")
            })
            .is_err()
        );
    }
}
