//! `dossier correct`: what stands in the record of a document, field by field.

use super::{
    documents::found,
    import::{FieldValue, field_value},
};
use crate::{
    house::House,
    language::said,
    listed::listed_or_empty,
    output::{Ending, print, print_json},
    problem::misused,
    settings::Settings,
};
use anyhow::Result;
use clap::Args;
use records::documents::DocumentField;
use vocabulary::{CopyState, Counterpart, Medium, SecurityLevel};

/// Options of `correct`: one for each field of a document's record. What is not given stays as it is.
#[derive(Args, Clone, Debug)]
pub struct CorrectArgs {
    /// Id or own number of a document
    pub document: String,
    /// Title
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Code of a document kind
    #[arg(long, value_name = "TEXT")]
    pub kind: Option<String>,
    /// Own number
    #[arg(long, value_name = "TEXT")]
    pub number: Option<String>,
    /// 2024, 2024-05 or 2024-05-13
    #[arg(long, value_name = "TEXT")]
    pub date: Option<String>,
    /// Beginning of its validity
    #[arg(long, value_name = "TEXT")]
    pub valid_from: Option<String>,
    /// End of its validity: a date, or `unlimited`
    #[arg(long, value_name = "TEXT")]
    pub valid_until: Option<String>,
    /// Pages that it should have
    #[arg(long, value_name = "TEXT")]
    pub pages_declared: Option<String>,
    /// Medium
    #[arg(long, value_name = "WORD", value_parser = listed_or_empty::<Medium>())]
    pub medium: Option<String>,
    /// Original or copy
    #[arg(long, value_name = "WORD", value_parser = listed_or_empty::<CopyState>())]
    pub copy_state: Option<String>,
    /// Who compared a verified copy with the original
    #[arg(long, value_name = "TEXT")]
    pub verified_by: Option<String>,
    /// When that was done
    #[arg(long, value_name = "TEXT")]
    pub verified_on: Option<String>,
    /// Which of two originals it is
    #[arg(long, value_name = "WORD", value_parser = listed_or_empty::<Counterpart>())]
    pub counterpart: Option<String>,
    /// How many copies there are
    #[arg(long, value_name = "TEXT")]
    pub copies: Option<String>,
    /// Seals on it, separated by ;
    #[arg(long, value_name = "TEXT")]
    pub seals: Option<String>,
    /// Code of the form that was filled in
    #[arg(long, value_name = "TEXT")]
    pub form_code: Option<String>,
    /// Security level
    #[arg(long, value_name = "WORD", value_parser = listed_or_empty::<SecurityLevel>())]
    pub security_level: Option<String>,
    /// Department that it belongs to; others no longer see it
    #[arg(long, value_name = "TEXT")]
    pub department: Option<String>,
    /// Site or branch that it belongs to
    #[arg(long, value_name = "TEXT")]
    pub site: Option<String>,
    /// Retention class
    #[arg(long, value_name = "TEXT")]
    pub retention_class: Option<String>,
    /// A field of the archive's own; an empty value takes it away. May be given several times
    #[arg(long = "attribute", value_name = "NAME=VALUE", value_parser = field_value)]
    pub attributes: Vec<FieldValue>,
    /// Why, for the history
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub why: String,
    /// Print JSON, for programs
    #[arg(long)]
    pub json: bool,
}

impl CorrectArgs {
    /// Each field that is given, with what was typed.
    pub fn given(self) -> Vec<(DocumentField, String)> {
        use DocumentField as Field;
        let fields = [
            (Field::Title, self.title),
            (Field::Kind, self.kind),
            (Field::Number, self.number),
            (Field::Date, self.date),
            (Field::ValidFrom, self.valid_from),
            (Field::ValidUntil, self.valid_until),
            (Field::PagesDeclared, self.pages_declared),
            (Field::Medium, self.medium),
            (Field::CopyState, self.copy_state),
            (Field::VerifiedBy, self.verified_by),
            (Field::VerifiedOn, self.verified_on),
            (Field::Counterpart, self.counterpart),
            (Field::Copies, self.copies),
            (Field::Seals, self.seals),
            (Field::FormCode, self.form_code),
            (Field::SecurityLevel, self.security_level),
            (Field::Department, self.department),
            (Field::Site, self.site),
            (Field::RetentionClass, self.retention_class),
        ];
        fields
            .into_iter()
            .filter_map(|(field, text)| Some((field, text?)))
            .collect()
    }
}

/// `dossier correct`: what is not given stays as it is.
pub async fn run(settings: &Settings, words: CorrectArgs) -> Result<Ending> {
    let house = House::open(settings).await?;
    let row = found(&house, &words.document).await?.row;
    let json = words.json;
    let why = words.why.clone();
    let own = words.attributes.clone();
    let given: Vec<(DocumentField, String)> = words.given();
    if given.is_empty() && own.is_empty() {
        return Err(misused(
            said!("nothing is to be corrected", "没有要更正的内容"),
            said!(
                "say what, such as --title or --department; `dossier correct --help` lists all fields",
                "请写明，如 --title 或 --department；`dossier correct --help` 列出全部"
            ),
        ));
    }
    let names = own.iter().map(|(name, _)| name.clone());
    let fields: Vec<_> = given
        .iter()
        .map(|(field, _)| field.as_str().to_owned())
        .chain(names)
        .collect();
    services::documents::correct(&house.archive, &house.asker, &row.id, row.version, given, own, &why).await?;
    if json {
        let shown = services::documents::show(&house.archive, &house.asker, row.id.as_str()).await?;
        print_json(&shown)?;
    } else {
        print(&said!(
            "document {}: {} corrected\n",
            "文件 {}：已更正 {}\n",
            row.id,
            fields.join(", ")
        ))?;
    }
    house.close().await;
    Ok(Ending::Fine)
}
