//! What each line of a customers table would do, before anything is written.

use super::{
    doubles,
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

/// Compares lines with the record, in batches. Lines that cannot be used become problems.
pub(super) async fn plan(
    connection: &mut AnyConnection,
    lines: Vec<Stated>,
    empty_cells: EmptyCells,
    from: From,
    problems: &mut Vec<LineProblem>,
) -> Result<Vec<PlannedCustomer>> {
    let codes: Vec<String> = lines.iter().map(|line| fold::code(line.get(at("code")))).collect();
    let mut known = stored::by_codes(connection, &codes).await?;
    let planned = lines.into_iter().zip(codes);
    let planned = planned.map(|(stated, code)| one(stated, known.remove(&code), empty_cells, from));
    let mut planned = without_taken_numbers(connection, planned.collect(), problems).await?;
    doubles::find(connection, &mut planned).await?;
    Ok(planned)
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
                field: field.name().to_owned(),
                before: before.get(at).to_owned(),
                after: new.clone(),
            });
        }
        merged.after.fields[at] = new;
    }
}

/// An account number belongs to one customer.
async fn without_taken_numbers(
    connection: &mut AnyConnection,
    planned: Vec<PlannedCustomer>,
    problems: &mut Vec<LineProblem>,
) -> Result<Vec<PlannedCustomer>> {
    let of_account = at("account_no");
    let numbers: Vec<String> = planned
        .iter()
        .flat_map(|item| folded_numbers(item.stated.get(of_account)))
        .collect();
    let mut taken = account_numbers_taken(connection, &numbers).await?;
    let mut kept = Vec::with_capacity(planned.len());
    for item in planned {
        let own = fold::code(item.code());
        let mut other = None;
        for number in folded_numbers(item.stated.get(of_account)) {
            match taken.get(&number) {
                Some((code, folded)) if *folded != own => other = Some((number, code.clone())),
                Some(_) => {}
                None => drop(taken.insert(number, (item.code().to_owned(), own.clone()))),
            }
        }
        match other {
            Some((value, code)) => problems.push(LineProblem {
                line: item.stated.line,
                column: "account_no".to_owned(),
                value,
                fault: CellFault::AccountNumberTaken(code),
            }),
            None => kept.push(item),
        }
    }
    Ok(kept)
}
