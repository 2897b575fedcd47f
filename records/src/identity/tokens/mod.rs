//! Bearer tokens: their bounds. A token never gives more than the roles its user holds when it is used.

pub(crate) mod sql;

use crate::{Error, Field, Result, fold};
use vocabulary::both;

/// # Errors
/// [`Error::Invalid`] for a name without characters, with too many, or for days outside `1..=days_max`.
pub(crate) fn checked(name: &str, days: i64, days_max: i64) -> Result<String> {
    let trimmed: String = fold::storable(name.trim())
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    if trimmed.is_empty() || trimmed.chars().count() > 80 {
        return Err(Error::invalid(
            Field::TokenName,
            name,
            both!(
                "say in 1 to 80 characters what uses the token",
                "请用 1 到 80 个字符写明令牌的用途"
            ),
        ));
    }
    if !(1..=days_max).contains(&days) {
        return Err(Error::invalid(
            Field::TokenLifetime,
            days.to_string(),
            both!(
                "a token lives 1 to {days_max} days",
                "令牌的有效期是 1 到 {days_max} 天"
            ),
        ));
    }
    Ok(trimmed)
}
