//! Cover and separator sheets for scanning, as PDF.

use super::customers::no_customer;
use crate::{
    house::House,
    language::said,
    output::{Ending, write_pdf},
    problem::{misused, refused},
    settings::Settings,
};
use ::print::{Cover, CoverWords, Fonts};
use anyhow::Result;
use records::places::PlaceUse;
use std::path::PathBuf;
use vocabulary::{Language, SheetCode};

#[derive(clap::Args)]
pub struct CoversArgs {
    /// Customer codes, a sheet for each
    customers: Vec<String>,
    /// Numbers of dossiers, a sheet for each
    #[arg(long = "dossier", value_name = "NUMBER")]
    dossiers: Vec<String>,
    /// Where the papers behind each sheet are put
    #[arg(long, value_name = "CODE")]
    location: Option<String>,
    /// Of which kind the papers behind each sheet are, such as contract or 合同
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// So many sheets that begin a new document and say nothing else
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    separators: usize,
    /// The PDF to write
    #[arg(long, short, value_name = "FILE", default_value = "covers.pdf")]
    output: PathBuf,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Cover sheets for scanning, one for each customer, and plain separators.
pub async fn covers(house: &House, settings: &Settings, words: &CoversArgs) -> Result<Ending> {
    let spoken = house.system.settings().await?.language.clone();
    let words_of = Said(Language::parse(&spoken).unwrap_or(Language::Chinese));
    let say = |chinese: &str, english: &str| words_of.say(chinese, english);
    let shared = shared(house, words, words_of).await?;
    let keys = words.customers.iter().map(|key| (key, false));
    let keys = keys.chain(words.dossiers.iter().map(|number| (number, true)));
    let mut sheets = Vec::with_capacity(keys.size_hint().0 + words.separators);
    for (key, by_dossier) in keys {
        let whose = match by_dossier {
            true => house
                .system
                .customer_of_dossier(key)
                .await?
                .map(|customer| customer.code),
            false => Some(key.clone()),
        };
        let customer = match &whose {
            Some(code) => house.archive.customer(&house.asker, code).await?,
            None => None,
        };
        let Some(customer) = customer else {
            return Err(no_customer(key));
        };
        let mut sheet = shared.clone();
        let said = match by_dossier {
            true => SheetCode::Dossier(customer.dossier_no.clone()),
            false => SheetCode::Customer(customer.code.clone()),
        };
        sheet.codes.insert(0, said);
        sheet.title = customer.name;
        let own = [
            (say("客户代码", "Customer code"), customer.code),
            (say("档案号", "Dossier"), customer.dossier_no),
        ];
        sheet.facts.splice(0..0, own);
        sheets.push(sheet);
    }
    if sheets.is_empty() && !shared.codes.is_empty() {
        sheets.push(shared);
    }
    let separator = Cover {
        codes: vec![SheetCode::Separator],
        heading: say("分隔页", "Separator sheet"),
        title: say("新文件从下一页开始", "A new document begins here"),
        facts: Vec::new(),
    };
    sheets.extend(std::iter::repeat_n(separator, words.separators));
    if sheets.is_empty() {
        return Err(misused(
            said!("there is nothing to print", "没有可打印的内容"),
            said!(
                "name customers, --dossier, --location, --kind or --separators 10",
                "请写客户代码，或 --dossier、--location、--kind、--separators 10"
            ),
        ));
    }
    let fonts = Fonts::in_folders(&settings.fonts);
    write_pdf(
        &words.output,
        &::print::covers(&sheets, &words_of.words(), &fonts)?,
        sheets.len(),
        words.json,
    )
}

/// What the papers behind every sheet have in common.
async fn shared(house: &House, words: &CoversArgs, spoken: Said) -> Result<Cover> {
    let mut shared = Cover {
        heading: spoken.say("封面页", "Cover sheet"),
        ..Cover::default()
    };
    if let Some(kind) = &words.kind {
        let kinds = house.system.kinds().await?;
        let Some(kind) = kinds.resolve(kind) else {
            return Err(refused(
                "not_found",
                said!("there is no kind `{kind}`", "没有文件类型“{kind}”"),
                said!("`dossier kinds list` shows all", "`dossier kinds list` 列出全部"),
            ));
        };
        let name = kind.name(spoken.0.as_str()).to_owned();
        shared.codes.push(SheetCode::Kind(kind.code.clone()));
        shared.facts.push((spoken.say("类型", "Kind"), name.clone()));
        shared.title = name;
    }
    if let Some(code) = &words.location {
        let Some(place) = house.system.location_by_code(code).await? else {
            return Err(refused(
                "not_found",
                said!("there is no location `{code}`", "没有库位“{code}”"),
                said!(
                    "`dossier locations list --all` shows all",
                    "`dossier locations list --all` 列出全部"
                ),
            ));
        };
        if place.state == PlaceUse::Retired {
            let code = place.code;
            return Err(refused(
                "place_out_of_use",
                said!("{code} is out of use and takes no paper", "{code} 已停用，不再收纸"),
                said!("choose another place", "请选别的库位"),
            ));
        }
        shared.codes.push(SheetCode::Location(place.code.clone()));
        shared.facts.push((spoken.say("库位", "Place"), place.code.clone()));
        shared.title = place.code;
    }
    Ok(shared)
}

/// Words in the language of the archive.
#[derive(Clone, Copy)]
struct Said(Language);

impl Said {
    fn say(self, chinese: &str, english: &str) -> String {
        match self.0 {
            Language::Chinese => chinese.to_owned(),
            Language::English => english.to_owned(),
        }
    }

    fn words(self) -> CoverWords {
        CoverWords {
            pages: self.say("页数", "Pages"),
            scanned_by: self.say("扫描人", "Scanned by"),
            date: self.say("日期", "Date"),
            instruction: self.say(
                "放在资料最上面一起扫描；收件时取下，本页不归档。",
                "Lay it on the papers and scan them into one file; this page is taken off and not filed.",
            ),
        }
    }
}
