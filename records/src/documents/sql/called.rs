//! Documents by what people call them.

use super::{
    keyed::key_conditions,
    read::{listed, listing, with_places},
};
use crate::{Archive, Asker, Result, documents::DocumentRow};

impl Archive {
    /// Documents that an id or a number on the paper means, in whatever spelling; several where several have the number.
    pub async fn documents_by_key(&self, asker: &Asker, key: &str, limit: usize) -> Result<Vec<DocumentRow>> {
        for (condition, values) in key_conditions(key) {
            let rows = listing(asker, self.0.environment.now())
                .and(condition, values)
                .then("ORDER BY d.uid LIMIT ?", [limit.into()])
                .all(&self.0.readers)
                .await?;
            if !rows.is_empty() {
                return with_places(&self.0, listed(&rows, asker)?).await;
            }
        }
        Ok(Vec::new())
    }
}
