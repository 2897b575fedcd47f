//! What the record knows about the customers named by people and papers.

use crate::cut::Sheet;
use crate::manifest::{KnownFacts, ManifestSource};
use records::System;
use records::customers::CustomerKey;
use records::documents::{Fact, FactKind};
use records::parties::IdentifierKind;
use records::settings::ArchiveSettings;
use std::collections::HashMap;
use vocabulary::SheetCode;

/// Statements of people about the customer of a document, looked up in the record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statements {
    /// Customers of the manifest: the code as written, and who that is.
    pub manifest: Vec<(String, Option<CustomerKey>)>,
    /// Customers with exactly the name that the manifest gives.
    pub manifest_named: Vec<CustomerKey>,
    /// The line of the manifest.
    pub source: ManifestSource,
    /// Customers that a cover sheet names: the content of its code, and who that is.
    pub sheet: Vec<(String, Option<CustomerKey>)>,
    pub command_line: Option<CustomerKey>,
    /// The folder's name, and the customer of that code.
    pub folder: Option<(String, CustomerKey)>,
}

impl Statements {
    /// Adds what a cover sheet says.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn with_sheet(mut self, system: &System, sheet: &Sheet) -> records::Result<Statements> {
        for code in &sheet.whose {
            let customer = match code {
                SheetCode::Dossier(number) => system.customer_of_dossier(number).await?,
                code => system.customer_by_code(code.code()).await?,
            };
            self.sheet.push((code.content(), customer));
        }
        Ok(self)
    }

    /// A customer other than this one that the cover sheet names.
    pub(super) fn other_sheet(&self, customer: &CustomerKey) -> Option<(&str, &CustomerKey)> {
        let named = self.sheet.iter();
        let mut known = named.filter_map(|(content, named)| Some((content.as_str(), named.as_ref()?)));
        known.find(|(_, named)| named.uid != customer.uid)
    }
}

/// The customers of a document's facts in the record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FactOwners {
    /// For each fact, the customers it matches. Empty for facts of the archive's own.
    pub customers: Vec<Vec<CustomerKey>>,
    /// For each fact, whether it is the archive's own.
    pub own: Vec<bool>,
}

/// Looks up the customers named by the statements.
///
/// # Errors
/// When the database does not answer.
pub async fn statements(
    system: &System,
    known: &KnownFacts,
    command_line: Option<&CustomerKey>,
    folder_codes: &[String],
) -> records::Result<Statements> {
    let mut statements = Statements {
        source: known.source.clone(),
        command_line: command_line.cloned(),
        ..Statements::default()
    };
    for code in &known.customer_codes {
        let customer = system.customer_by_code(code).await?;
        statements.manifest.push((code.clone(), customer));
    }
    if !known.customer_name.is_empty() {
        statements.manifest_named = system.customers_named(&known.customer_name).await?;
    }
    for name in folder_codes {
        if let Some(customer) = system.customer_by_code(name).await? {
            statements.folder = Some((name.clone(), customer));
            break;
        }
    }
    Ok(statements)
}

/// Looks up the customers that the facts match; each number and name once.
///
/// # Errors
/// When the database does not answer.
pub async fn look_up(system: &System, facts: &[Fact], settings: &ArchiveSettings) -> records::Result<FactOwners> {
    let mut found = FactOwners::default();
    let mut known: HashMap<(FactKind, &str), Vec<CustomerKey>> = HashMap::new();
    for fact in facts {
        let own = settings.is_own(&fact.value);
        found.own.push(own);
        if own {
            found.customers.push(Vec::new());
            continue;
        }
        let key = (fact.kind, fact.value.as_str());
        let customers = match known.get(&key) {
            Some(customers) => customers.clone(),
            None => {
                let customers = customers_of(system, fact).await?;
                known.insert(key, customers.clone());
                customers
            }
        };
        found.customers.push(customers);
    }
    Ok(found)
}

async fn customers_of(system: &System, fact: &Fact) -> records::Result<Vec<CustomerKey>> {
    let identifier = |kind| system.customers_by_identifier(kind, &fact.value);
    match fact.kind {
        FactKind::CustomerCode | FactKind::AccountNumber | FactKind::ContractNumber => {
            Ok(system.customer_by_code(&fact.value).await?.into_iter().collect())
        }
        FactKind::CreditCode => identifier(IdentifierKind::CreditCode).await,
        FactKind::IdNumber => identifier(IdentifierKind::IdNumber).await,
        FactKind::Phone => identifier(IdentifierKind::Phone).await,
        FactKind::Name => system.customers_named(&fact.value).await,
        _ => Ok(Vec::new()),
    }
}
