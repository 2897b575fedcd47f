//! The fields of a register as columns of its table: printed, and in the help of its commands.

use crate::{
    heading::Heading,
    language::{language, said},
    output::{Ending, print_json, print_table},
};
use anyhow::Result;
use api_types::{list::ListJson, registers::RegisterFieldJson};
use records::imports::fields::RegisterField;
use vocabulary::Language;

/// The fields of a register, as columns of its table.
pub fn tell(fields: &[RegisterFieldJson], json: bool) -> Result<Ending> {
    if json {
        print_json(&ListJson::whole(fields.iter().collect(), |field| field))?;
        return Ok(Ending::Fine);
    }
    let rows: Vec<_> = fields
        .iter()
        .map(|field| {
            let name = field.name.clone();
            vec![
                if field.required { format!("{name} *") } else { name },
                match language() {
                    Language::Chinese => field.label_zh.clone(),
                    Language::English => field.label_en.clone(),
                },
                field.headers.join(", "),
            ]
        })
        .collect();
    print_table(&[Heading::Column, Heading::Name, Heading::OtherHeaders], &rows)?;
    Ok(Ending::Fine)
}

/// The columns of a register's table for `--help`: name, other headers, and the words that may be written.
pub fn help<H>(fields: &[RegisterField<H>]) -> String {
    let mut text = said!(
        "Columns of the table (* must be there), with other headers for them:\n",
        "表格的列（* 必须有），后面是可用的别的表头：\n"
    );
    for field in fields {
        let star = if field.column.required { " *" } else { "" };
        let headers = field.column.headers.join(", ");
        text.push_str(&format!("  {}{star}  {headers}\n", field.name()));
        if let Some(list) = field.words {
            let others = match list.open {
                true => said!(", or a word of one's own", "，或自己的词"),
                false => String::new(),
            };
            let words: Vec<_> = list
                .words
                .iter()
                .map(|word| format!("{} {}", word.code, word.name(Language::Chinese)))
                .collect();
            text.push_str(&format!("      {}{others}\n", words.join(", ")));
        }
    }
    text.push_str(&said!(
        "Any other column is kept as a custom attribute.\n",
        "其余的列作为自定义字段保留。\n"
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::{customers::CUSTOMER_FIELDS, places::LOCATION_FIELDS};
    use std::collections::BTreeSet;

    /// Columns of a list take every word of it in either language, and a closed one no other; what a word is stored as
    /// does not depend on how it was written.
    fn check<H>(fields: &[RegisterField<H>], listed: &[&str]) {
        let with_words: Vec<&str> = fields
            .iter()
            .filter(|field| field.words.is_some())
            .map(RegisterField::name)
            .collect();
        assert_eq!(with_words, listed);
        for field in fields {
            let name = field.name();
            let Some(list) = field.words else {
                // A column that takes the codes of a closed list and nothing else has that list.
                let takes = |text: &str| (field.check)(text).is_ok();
                let hidden = vocabulary::LISTS
                    .iter()
                    .find(|(_, list)| !list.open && !takes("moonshine") && list.codes().all(takes));
                assert_eq!(hidden.map(|(list, _)| *list), None, "{name} has no words");
                continue;
            };
            for word in list.words {
                let stored: BTreeSet<_> = word.spellings().map(|text| (field.check)(text).ok()).collect();
                assert!(
                    stored.len() == 1 && !stored.contains(&None),
                    "{name}: {word:?} is {stored:?}"
                );
            }
            assert_eq!((field.check)("moonshine").is_ok(), list.open, "{name}");
            let said = help(std::slice::from_ref(field));
            assert!(list.codes().all(|code| said.contains(code)), "{said}");
        }
    }

    #[test]
    fn columns_take_exactly_the_words_of_their_list() {
        check(&CUSTOMER_FIELDS, &["kind", "status"]);
        check(
            &LOCATION_FIELDS,
            &["kind", "security_level_max", "state", "capacity_unit"],
        );
    }
}
