//! What the words of a query mean in the record: kinds, places and customers by name.

/// What the words of a query mean in the record.
pub trait Meaning {
    /// Codes of the document kinds with this name.
    fn kinds(&self, text: &str) -> Vec<String>;
    /// Numbers of the places with this code, or with this prefix of their code.
    fn places(&self, text: &str, prefix: bool) -> Vec<i64>;
    /// Customers found by `text` in one way.
    fn customers(&self, by: CustomersBy, text: &str) -> Vec<u64>;
}

/// In which facts of a customer to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CustomersBy {
    /// Names, codes, identifiers; for words beside other words.
    Anything,
    /// `customer:`
    NameOrCode,
    /// `dossier:`
    Codes,
    /// `id:`
    Identifiers,
}
