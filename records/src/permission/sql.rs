//! The one builder of statements that read documents for a person.
//!
//! The visibility filter: it owns the aliases `d` (documents) and `o` (the dossier of the document), the join between
//! them and the condition, so that no statement can forget it. Values are written `?` and numbered here.

use crate::{
    Asker, Moment, Result, SecurityLevel,
    store::sql::{Dialect, composed, marks},
};
use sqlx::{Any, AnyConnection, AnyPool, any::AnyArguments, any::AnyRow, query::Query};
use std::fmt::Write;

/// True for the documents an asker may see; the SQL twin of [`crate::Sight`]. Withdrawn documents are never seen.
///
/// `$1` is the highest security level, `$2` the department (`*` sees all), `$3` the account, `$4` the moment.
const SEEN: &str = "(d.state <> 'withdrawn' AND (\
    (d.sealed = 0 AND coalesce(o.sealed, 0) = 0 AND d.security_level <= $1 AND coalesce(o.security_level, 0) <= $1 \
     AND (d.department = '' OR $2 = '*' OR d.department = $2)) \
    OR EXISTS (SELECT 1 FROM grants g WHERE g.user_uid = $3 AND g.state = 'confirmed' \
     AND g.from_at <= $4 AND g.until_at > $4 AND (g.document_uid = d.uid OR g.dossier_uid = d.dossier_uid))))";

/// True for withdrawn documents of which those who read the ledger may know.
const WITHDRAWN: &str = "(d.state = 'withdrawn' AND d.sealed = 0 AND coalesce(o.sealed, 0) = 0 AND d.security_level <= $1 \
    AND coalesce(o.security_level, 0) <= $1)";

/// Below every security level.
const SEES_NONE: i64 = -1;

/// A value of a statement.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Bound {
    Int(i64),
    Real(f64),
    Text(String),
}

impl From<i64> for Bound {
    fn from(value: i64) -> Self {
        Bound::Int(value)
    }
}

impl From<u32> for Bound {
    fn from(value: u32) -> Self {
        Bound::Int(i64::from(value))
    }
}

/// A count or limit; what does not fit means "all".
impl From<usize> for Bound {
    fn from(value: usize) -> Self {
        Bound::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<f64> for Bound {
    fn from(value: f64) -> Self {
        Bound::Real(value)
    }
}

impl From<&str> for Bound {
    fn from(value: &str) -> Self {
        Bound::Text(value.to_owned())
    }
}

impl From<String> for Bound {
    fn from(value: String) -> Self {
        Bound::Text(value)
    }
}

/// A statement over the documents that an asker may see.
pub(crate) struct Visible {
    with: String,
    columns: String,
    from: String,
    joins: String,
    /// Rows that need no sight, because they are about no document.
    unless: Option<&'static str>,
    withdrawn_too: bool,
    conditions: String,
    tail: String,
    /// The statement around this one, with `{seen}` where this one stands.
    around: Option<String>,
    values: Vec<Bound>,
}

impl Visible {
    /// All documents that the asker sees at that moment.
    pub fn documents(asker: &Asker, now: Moment) -> Self {
        let sight = asker.sight();
        Self {
            with: String::new(),
            columns: "d.uid".to_owned(),
            from: "documents d".to_owned(),
            joins: String::new(),
            unless: None,
            withdrawn_too: false,
            conditions: String::new(),
            tail: String::new(),
            around: None,
            values: vec![
                sight.security_level_max.map_or(SEES_NONE, SecurityLevel::number).into(),
                sight.department.unwrap_or("*").into(),
                asker.user_uid.into(),
                now.micros().into(),
            ],
        }
    }

    /// Rows of another table, of which those about a document (`d`, joined in `from`) are shown only when the asker sees
    /// it; `unless` is true for the others.
    pub fn rows_about(asker: &Asker, now: Moment, from: &str, unless: &'static str) -> Self {
        Self {
            from: from.to_owned(),
            unless: Some(unless),
            ..Self::documents(asker, now)
        }
    }

    /// Withdrawn documents too, as far as clearance and seals allow; for the history alone.
    pub fn withdrawn_too(mut self) -> Self {
        self.withdrawn_too = true;
        self
    }

    /// Begins with another table whose column names the document: `("pages p", "p.document_uid")`.
    pub fn through(mut self, table: &str, document_uid: &str) -> Self {
        self.from = format!("{table} JOIN documents d ON d.uid = {document_uid}");
        self
    }

    /// Like [`Visible::through`], reading that table first whatever statistics say: it is known to be small.
    pub fn starting_from(mut self, table: &str, document_uid: &str) -> Self {
        // On PostgreSQL the same as JOIN; SQLite keeps the order.
        self.from = format!("{table} CROSS JOIN documents d");
        self.and(&format!("d.uid = {document_uid}"), [])
    }

    /// What is selected; `d.uid` otherwise.
    pub fn columns(mut self, columns: impl Into<String>) -> Self {
        self.columns = columns.into();
        self
    }

    /// The same, with values.
    pub fn columns_with(mut self, columns: &str, values: impl IntoIterator<Item = Bound>) -> Self {
        self.columns = self.numbered(columns, values);
        self
    }

    /// A common table expression before the statement.
    pub fn with(mut self, text: &str, values: impl IntoIterator<Item = Bound>) -> Self {
        self.with = self.numbered(text, values);
        self.with.push(' ');
        self
    }

    /// Further joins, after the one to the dossier.
    pub fn join(mut self, text: &str) -> Self {
        self.joins.push(' ');
        self.joins.push_str(text);
        self
    }

    /// One more condition.
    pub fn and(mut self, condition: &str, values: impl IntoIterator<Item = Bound>) -> Self {
        let condition = self.numbered(condition, values);
        // In brackets, so that an OR in it never widens the sight.
        let _ = write!(self.conditions, " AND ({condition})");
        self
    }

    /// The condition that a column holds one of the numbers.
    pub fn and_one_of(mut self, column: &str, numbers: &[i64]) -> Self {
        let listed = self.listed(numbers);
        let _ = write!(self.conditions, " AND {column} IN ({listed})");
        self
    }

    /// What follows the conditions: grouping, order, limit, lock.
    pub fn then(mut self, tail: &str, values: impl IntoIterator<Item = Bound>) -> Self {
        let tail = self.numbered(tail, values);
        self.tail.push(' ');
        self.tail.push_str(&tail);
        self
    }

    /// Puts this statement into another one, which says `{seen}` where it stands.
    pub fn inside(mut self, outer: &str, values: impl IntoIterator<Item = Bound>) -> Self {
        self.around = Some(self.numbered(outer, values));
        self
    }

    /// Ends the statement around this one with a list of numbers: `("WHERE c.uid", uids)`.
    pub fn outer_one_of(mut self, column: &str, numbers: &[i64]) -> Self {
        let listed = self.listed(numbers);
        let outer = self.around.take().unwrap_or_else(|| "{seen}".to_owned());
        self.around = Some(format!("{outer} {column} IN ({listed})"));
        self
    }

    /// Locks the documents until the end of the change. SQLite has one writer and needs no lock.
    pub fn locked(mut self, dialect: Dialect) -> Self {
        if dialect == Dialect::Postgres {
            self.tail.push_str(" FOR UPDATE OF d");
        }
        self
    }

    fn listed(&mut self, numbers: &[i64]) -> String {
        let listed = marks(self.values.len() + 1, numbers.len());
        self.values.extend(numbers.iter().map(|number| Bound::Int(*number)));
        listed
    }

    fn numbered(&mut self, text: &str, values: impl IntoIterator<Item = Bound>) -> String {
        let first = self.values.len() + 1;
        self.values.extend(values);
        numbered(text, first, self.values.len() + 1 - first)
    }

    fn text(&self) -> String {
        let Self {
            with,
            columns,
            from,
            joins,
            unless,
            withdrawn_too,
            conditions,
            tail,
            around,
            values: _,
        } = self;
        let mut seen = SEEN.to_owned();
        if *withdrawn_too {
            seen = format!("({seen} OR {WITHDRAWN})");
        }
        if let Some(other) = unless {
            seen = format!("({other} OR {seen})");
        }
        let statement = format!(
            "{with}SELECT {columns} FROM {from} LEFT JOIN dossiers o ON o.uid = d.dossier_uid{joins} \
             WHERE {seen}{conditions}{tail}"
        );
        match around {
            Some(outer) => outer.replace("{seen}", &statement),
            None => statement,
        }
    }

    fn query(self) -> Query<'static, Any, AnyArguments> {
        let query = sqlx::query(composed(self.text()));
        self.values.into_iter().fold(query, |query, value| match value {
            Bound::Int(value) => query.bind(value),
            Bound::Real(value) => query.bind(value),
            Bound::Text(value) => query.bind(value),
        })
    }

    /// Every row.
    pub async fn all(self, pool: &AnyPool) -> Result<Vec<AnyRow>> {
        Ok(self.query().fetch_all(pool).await?)
    }

    /// The one row of a count or sum.
    pub async fn one(self, pool: &AnyPool) -> Result<AnyRow> {
        Ok(self.query().fetch_one(pool).await?)
    }

    /// The first row, if there is one.
    pub async fn maybe(self, pool: &AnyPool) -> Result<Option<AnyRow>> {
        Ok(self.query().fetch_optional(pool).await?)
    }

    /// Every row as a change finds it.
    pub async fn all_held(self, connection: &mut AnyConnection) -> Result<Vec<AnyRow>> {
        Ok(self.query().fetch_all(connection).await?)
    }

    /// The first row as a change finds it.
    pub async fn held(self, connection: &mut AnyConnection) -> Result<Option<AnyRow>> {
        Ok(self.query().fetch_optional(connection).await?)
    }
}

/// Writes `$first`, `$first + 1` ... for each `?` of the text.
pub(crate) fn numbered(text: &str, first: usize, count: usize) -> String {
    let mut numbered = String::with_capacity(text.len() + 2 * count);
    let mut at = first;
    for part in text.split_inclusive('?') {
        match part.strip_suffix('?') {
            Some(before) => {
                let _ = write!(numbered, "{before}${at}");
                at += 1;
            }
            None => numbered.push_str(part),
        }
    }
    debug_assert_eq!(at - first, count, "each ? takes one value: {text}");
    numbered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, Roles, SecurityLevel};

    fn asker() -> Asker {
        Asker {
            user_uid: 7,
            name: "li".to_owned(),
            display_name: String::new(),
            roles: Roles::default().with(Role::Viewer),
            clearance: SecurityLevel::Internal,
            department: "fees".to_owned(),
            site: String::new(),
            language: String::new(),
            writes: true,
            granted_documents: Vec::new(),
            granted_dossiers: Vec::new(),
        }
    }

    #[test]
    fn values_are_numbered_in_the_order_in_which_they_are_named() {
        let seen = Visible::documents(&asker(), Moment::from_micros(9))
            .columns("d.id")
            .through("pages p", "p.document_uid")
            .join("JOIN scans s ON s.uid = p.scan_uid")
            .and("d.id = ? OR d.number_folded = ?", ["x".into(), "y".into()])
            .and_one_of("p.uid", &[3, 4])
            .then("ORDER BY p.uid LIMIT ?", [10_usize.into()]);
        assert_eq!(
            seen.text(),
            format!(
                "SELECT d.id FROM pages p JOIN documents d ON d.uid = p.document_uid LEFT JOIN dossiers o ON o.uid = d.dossier_uid \
                 JOIN scans s ON s.uid = p.scan_uid WHERE {SEEN} AND (d.id = $5 OR d.number_folded = $6) AND p.uid IN ($7, $8) \
                 ORDER BY p.uid LIMIT $9"
            )
        );
        assert_eq!(seen.values.len(), 4 + 5);
        assert_eq!(
            seen.values[..3],
            [Bound::Int(1), Bound::Text("fees".to_owned()), Bound::Int(7)]
        );
    }

    #[test]
    fn a_statement_stands_inside_another() {
        let seen = Visible::documents(&asker(), Moment::from_micros(9))
            .columns("count(*)")
            .and("o.customer_uid = c.uid", [])
            .inside(
                "SELECT c.code, ({seen}) AS n FROM customers c WHERE c.uid = ?",
                [5_i64.into()],
            );
        assert_eq!(
            seen.text(),
            format!(
                "SELECT c.code, (SELECT count(*) FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid WHERE {SEEN} \
                 AND (o.customer_uid = c.uid)) AS n FROM customers c WHERE c.uid = $5"
            )
        );
    }
}
