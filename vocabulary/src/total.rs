//! How many rows a list has in all, where counting every one may take longer than anybody waits.

/// How many rows there are; of very many only that there are so many at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    pub rows: i64,
    /// `false`: so many were counted, and there are more.
    pub is_exact: bool,
}

impl Total {
    /// Rows that are counted at most.
    pub const COUNTED_MAX: i64 = 10_000;

    /// After a count that was to stop at one row more than [`Total::COUNTED_MAX`].
    pub fn of_count(counted: i64) -> Total {
        Total {
            rows: counted.min(Total::COUNTED_MAX),
            is_exact: counted <= Total::COUNTED_MAX,
        }
    }
}

impl From<i64> for Total {
    fn from(rows: i64) -> Total {
        Total { rows, is_exact: true }
    }
}
