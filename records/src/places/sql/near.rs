//! The real codes that come near to one that leads nowhere.

use super::resolve::{Resolution, ResolvedPlace, resolve_in};
use crate::{NearCodes, RefusedBecause, Result, fold, places::PlaceKind, store::sql::Columns};
use sqlx::AnyConnection;
use vocabulary::check_character::{check_character, has_valid_check};

/// So many are named.
const NAMED_MAX: usize = 3;
/// A code in which more is wrong is another code.
const WRONG_MAX: usize = 3;
/// So many that begin alike are compared.
const COMPARED_MAX: i64 = 20_000;

/// Why a code leads nowhere: its check character is not that of the place, or nothing is called so.
pub(super) async fn unknown(connection: &mut AnyConnection, typed: &str) -> Result<RefusedBecause> {
    let folded = fold::code(typed);
    if let Some(place) = wrongly_checked(connection, &folded).await? {
        return Ok(RefusedBecause::PlaceUnknown {
            place: typed.trim().to_owned(),
            check: "wrong",
            nearest: NearCodes(vec![place]),
        });
    }
    Ok(RefusedBecause::PlaceUnknown {
        place: typed.trim().to_owned(),
        check: "none",
        nearest: NearCodes(nearest(connection, &folded).await?),
    })
}

/// The place that a code means without its last character, which is not its check character.
async fn wrongly_checked(connection: &mut AnyConnection, folded: &str) -> Result<Option<String>> {
    let mut rest = folded.to_owned();
    if has_valid_check(folded) || rest.pop().is_none() || (folded.contains('-') && !rest.ends_with('-')) {
        return Ok(None);
    }
    let rest = rest.trim_end_matches('-');
    if rest.is_empty() || check_character(rest).is_none() {
        return Ok(None);
    }
    // What has places inside was meant with one of them, which is not there.
    Ok(match resolve_in(connection, rest).await? {
        Resolution::One(place) if !is_divided(connection, &place).await? => Some(place.code),
        Resolution::One(_) | Resolution::Several(_) | Resolution::Nothing => None,
    })
}

async fn is_divided(connection: &mut AnyConnection, place: &ResolvedPlace) -> Result<bool> {
    let row = sqlx::query("SELECT CAST(count(*) AS BIGINT) AS n FROM locations WHERE parent_uid = $1")
        .bind(place.uid)
        .fetch_one(connection)
        .await?;
    Ok(place.kind == PlaceKind::Location && row.of("locations").int("n")? > 0)
}

async fn nearest(connection: &mut AnyConnection, folded: &str) -> Result<Vec<String>> {
    let dashless: Vec<char> = folded.chars().filter(|c| *c != '-').collect();
    // Those that begin as it does come first; where none is near, the beginning is what was wrong.
    for begins in [dashless.len() / 2, 0] {
        let begin: String = dashless.iter().take(begins).collect();
        let rows = sqlx::query(
            "SELECT code, code_dashless AS dashless, sort_key FROM locations WHERE retired = 0 AND code_dashless >= $1 AND code_dashless < $2 \
             UNION ALL SELECT serial, replace(serial_folded, '-', ''), serial_folded FROM containers \
             WHERE retired = 0 AND replace(serial_folded, '-', '') >= $1 AND replace(serial_folded, '-', '') < $2 ORDER BY sort_key LIMIT $3",
        )
        .bind(begin.clone())
        .bind(format!("{begin}\u{10ffff}"))
        .bind(COMPARED_MAX)
        .fetch_all(&mut *connection)
        .await?;
        let mut near = Vec::new();
        for row in &rows {
            let row = row.of("locations");
            let other: Vec<char> = row.text("dashless")?.chars().collect();
            if other.len().abs_diff(dashless.len()) <= WRONG_MAX {
                let wrong = distance(&dashless, &other);
                if wrong <= WRONG_MAX.min(dashless.len() / 2) {
                    near.push((wrong, near.len(), row.text("code")?));
                }
            }
        }
        near.sort_unstable();
        if let Some((best, ..)) = near.first() {
            let best = *best;
            let nearest = near.into_iter().take_while(|(wrong, ..)| *wrong == best);
            return Ok(nearest.take(NAMED_MAX).map(|(_, _, code)| code).collect());
        }
    }
    Ok(Vec::new())
}

/// Characters that are wrong, missing, too many or swapped with their neighbour.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut rows = vec![vec![0; other.len() + 1]; one.len() + 1];
    for (at, row) in rows.iter_mut().enumerate() {
        row[0] = at;
    }
    for (at, cell) in rows[0].iter_mut().enumerate() {
        *cell = at;
    }
    for i in 1..=one.len() {
        for j in 1..=other.len() {
            let same = usize::from(one[i - 1] != other[j - 1]);
            let mut best = (rows[i - 1][j] + 1)
                .min(rows[i][j - 1] + 1)
                .min(rows[i - 1][j - 1] + same);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn a_swap_of_neighbours_is_one_mistake() {
        let wrong = |one: &str, other: &str| {
            let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
            distance(&one, &other)
        };
        assert_eq!(wrong("K1031", "K1031"), 0);
        assert_eq!(wrong("K1031", "K1013"), 1);
        assert_eq!(wrong("K1031", "K103"), 1);
        assert_eq!(wrong("K1031", "K2032"), 2);
    }
}
