//! What each line of a customers table would do, before anything is written.

use super::{
    doubles::DoublesBefore,
    planned::{From, HolderChange, PlannedCustomer},
    stored::{self, StoredCustomer, account_numbers_taken, folded_numbers},
};
use crate::{
    Result,
    customers::fields::{CUSTOMER_FIELDS, CustomerFieldStorage, at},
    fold,
    imports::{
        EmptyCells, FieldChange,
        fields::{RegisterField, Shape, Stated, Values},
        merge::{Merged, merge},
    },
    tables::{CellFault, LineProblem},
};
use sqlx::AnyConnection;
use std::collections::HashMap;

/// Compares lines with the record.
pub(super) async fn plan(
    connection: &mut AnyConnection,
    lines: Vec<Stated>,
    empty_cells: EmptyCells,
    from: From,
) -> Result<Vec<PlannedCustomer>> {
    let codes: Vec<String> = lines.iter().map(|line| fold::code(line.get(at("code")))).collect();
    let mut known = stored::by_codes(connection, &codes).await?;
    let planned = lines.into_iter().zip(codes);
    let planned = planned.map(|(stated, code)| one(stated, known.remove(&code), empty_cells, from));
    Ok(planned.collect())
}

fn one(mut stated: Stated, stored: Option<StoredCustomer>, empty_cells: EmptyCells, from: From) -> PlannedCustomer {
    // The code is the key; how it is written stays as it was first written.
    if let (Some(stored), Some(place)) = (&stored, stated.fields.get_mut(at("code"))) {
        *place = Some(stored.values.get(at("code")).to_owned());
    }
    let empty = Values::empty(CUSTOMER_FIELDS.len());
    let before = stored.as_ref().map_or(&empty, |stored| &stored.values);
    if stored.is_none() {
        for (name, usual) in [("kind", "organisation"), ("status", "active")] {
            if let Some(place) = stated.fields.get_mut(at(name))
                && place.as_deref().unwrap_or_default().is_empty()
            {
                *place = Some(usual.to_owned());
            }
        }
    }
    let is_shared = stored
        .as_ref()
        .and_then(|stored| stored.holder)
        .is_some_and(|holder| holder.shared);
    let shape_of = |field: &RegisterField<CustomerFieldStorage>| match (field.storage, from) {
        (CustomerFieldStorage::Identifier(_), From::Table) if is_shared => Shape::Growing,
        (CustomerFieldStorage::AccountNumbers, From::Form) => Shape::List,
        _ => field.shape,
    };
    let mut merged = merge(&CUSTOMER_FIELDS, before, &stated, empty_cells, shape_of);
    let holder = match &stored {
        Some(stored) => holder_change(&stored.values, &merged.after, &stated),
        None => HolderChange::Same,
    };
    if holder == HolderChange::Other {
        leave_numbers_with_the_former(before, &stated, &mut merged);
    }
    for cell in &mut merged.empty {
        merged.after.get(at("code")).clone_into(&mut cell.code);
    }
    PlannedCustomer {
        stated,
        stored,
        merged,
        holder,
        doubles: Vec::new(),
    }
}

/// Whether another name is another holder. A number with a check digit decides: the same one is the same party, another
/// one is another. Where the line states none, a person of another name is another person, and an organisation has
/// changed its name.
fn holder_change(before: &Values, after: &Values, stated: &Stated) -> HolderChange {
    let name = |values: &Values| fold::name(values.get(at("name")));
    if name(before) == name(after) {
        return HolderChange::Same;
    }
    for number in ["credit_code", "id_number"] {
        let (former, stated) = (before.get(at(number)), stated.get(at(number)));
        if !former.is_empty() && !stated.is_empty() {
            return match crate::imports::fields::is_same(Shape::List, former, stated) {
                true => HolderChange::Same,
                false => HolderChange::Other,
            };
        }
    }
    match after.get(at("kind")) {
        "person" => HolderChange::Other,
        _ => HolderChange::Same,
    }
}

/// Numbers of the former holder are not those of the new one, unless the line states them.
fn leave_numbers_with_the_former(before: &Values, stated: &Stated, merged: &mut Merged) {
    for (at, field) in CUSTOMER_FIELDS.iter().enumerate() {
        if !matches!(field.storage, CustomerFieldStorage::Identifier(_)) || before.get(at).is_empty() {
            continue;
        }
        let new = stated.get(at).to_owned();
        if new.is_empty() {
            merged.empty.retain(|cell| cell.field != field.name());
        }
        merged.changes.retain(|change| change.field != field.name());
        if before.get(at) != new {
            merged.changes.push(FieldChange {
                field: field.name().into(),
                before: before.get(at).to_owned(),
                after: new.clone(),
            });
        }
        merged.after.fields[at] = new;
    }
}

/// What lines have in common with the lines of the same table before them.
#[derive(Default)]
pub(super) struct LinesBefore {
    /// Account numbers, with the code of the line that states them.
    numbers: HashMap<Box<str>, Box<str>>,
    doubles: DoublesBefore,
}

impl LinesBefore {
    /// Takes out lines whose account number is that of another customer, in the register or on an earlier line, and adds
    /// to the others what they are likely doubles of.
    pub async fn look(
        &mut self,
        connection: &mut AnyConnection,
        planned: &mut Vec<PlannedCustomer>,
        problems: &mut Vec<LineProblem>,
    ) -> Result<()> {
        let of_account = at("account_no");
        let numbers: Vec<String> = planned
            .iter()
            .flat_map(|item| folded_numbers(item.stated.get(of_account)))
            .collect();
        let taken = account_numbers_taken(connection, &numbers).await?;
        planned.retain(|item| {
            let own = fold::code(item.code());
            let mut other = None;
            for number in folded_numbers(item.stated.get(of_account)) {
                let before = self
                    .numbers
                    .get(number.as_str())
                    .map(|code| (code.to_string(), fold::code(code)));
                match taken.get(&number).cloned().or(before) {
                    Some((code, folded)) if folded != own => other = Some((number, code)),
                    Some(_) => {}
                    None => drop(self.numbers.insert(number.into(), item.code().into())),
                }
            }
            let Some((value, code)) = other else { return true };
            problems.push(LineProblem {
                line: item.stated.line,
                column: "account_no".to_owned(),
                value,
                fault: CellFault::AccountNumberTaken(code),
            });
            false
        });
        self.doubles.find(connection, planned).await
    }
}
