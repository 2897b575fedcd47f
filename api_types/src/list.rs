//! The one shape of every list: a window of it, how many there are, and how to go on.

use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::Total;

/// One window of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListJson<T> {
    pub items: Vec<T>,
    /// How many there are in all, of those that the caller may see.
    pub total: i64,
    /// `false` where so many were counted and there are more: of very many not every one is counted.
    pub total_is_exact: bool,
    /// Send it as `after` for the next window; `null` where this is the last.
    pub next: Option<String>,
}

impl<T> ListJson<T> {
    /// A window of rows that were read with one more than `limit`; `mark` names a row, so that a reader goes on behind it.
    pub fn window<R>(
        rows: Vec<R>,
        limit: usize,
        total: impl Into<Total>,
        mark: impl FnOnce(&R) -> String,
        shape: impl FnMut(R) -> T,
    ) -> Self {
        let (rows, goes_on) = crate::window(rows, limit);
        let total = total.into();
        Self {
            next: rows.last().filter(|_| goes_on).map(mark),
            items: rows.into_iter().map(shape).collect(),
            total: total.rows,
            total_is_exact: total.is_exact,
        }
    }

    /// A window of a list that was read whole: the mark to go on is how many rows came before.
    pub fn part<R>(rows: Vec<R>, skip: usize, limit: usize, shape: impl FnMut(R) -> T) -> Self {
        let end = skip.saturating_add(limit);
        Self {
            total: i64::try_from(rows.len()).unwrap_or(i64::MAX),
            total_is_exact: true,
            next: (rows.len() > end).then(|| end.to_string()),
            items: rows.into_iter().skip(skip).take(limit).map(shape).collect(),
        }
    }

    /// All of a list.
    pub fn whole<R>(rows: Vec<R>, shape: impl FnMut(R) -> T) -> Self {
        Self::part(rows, 0, usize::MAX, shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_says_how_many_and_how_to_go_on() {
        let check = |skip, limit, items: &[i64], next: Option<&str>| {
            let list = ListJson::part(vec![1, 2, 3], skip, limit, |row: i64| row);
            assert_eq!(
                (list.items.as_slice(), list.total, list.next.as_deref()),
                (items, 3, next)
            );
        };
        check(0, 2, &[1, 2], Some("2"));
        check(2, 2, &[3], None);
        check(0, 3, &[1, 2, 3], None);
        check(9, 2, &[], None);
        check(1, usize::MAX, &[2, 3], None);
        let window = ListJson::window(vec![5, 6, 7], 2, 40, |row: &i64| format!("row {row}"), |row| row);
        assert_eq!(
            (window.items, window.total, window.next.as_deref()),
            (vec![5, 6], 40, Some("row 6"))
        );
        let many = ListJson::window(
            vec![5],
            2,
            Total::of_count(Total::COUNTED_MAX + 1),
            |_| String::new(),
            |row| row,
        );
        assert_eq!((many.total, many.total_is_exact), (Total::COUNTED_MAX, false));
        let last = ListJson::window(vec![5], 2, 40, |row: &i64| row.to_string(), |row| row);
        assert_eq!((last.items, last.next), (vec![5], None));
    }
}
