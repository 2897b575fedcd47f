//! Prints one of everything into a folder, to be looked at: `cargo run -p print --example specimens -- FOLDER`.

use print::{
    Cell, Column, Cover, CoverWords, Fonts, LabelData, LabelSheet, PageSetup, PrintedTable, SYSTEM_FONT_FOLDERS,
    check_character, covers, csv, location_labels, table_pdf, xlsx,
};
use std::{error::Error, path::PathBuf};
use vocabulary::SheetCode;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or("name a folder: specimens FOLDER")?;
    std::fs::create_dir_all(&folder)?;
    let fonts = Fonts::in_folders(SYSTEM_FONT_FOLDERS);

    let codes = [
        ("K1-03-B-05-4-12", "三号柜 B 面第五层", "贵阳本部 › 一号库房 › 第三列"),
        ("三楼-A柜-02", "财务凭证柜", "贵阳本部 › 三楼档案室"),
        ("A-1", "Shelf 1", "Main office › Room A"),
        ("K1", "一号库房", ""),
        ("H00012345", "", ""),
        (
            "SITE2-ROOM14-RACK07-BAY12-SHELF06-SLOT118",
            "Very long English shelf name that needs more than one line",
            "Second site › Room 14 › Rack 07 › Bay 12 › Shelf 06 › Slot 118",
        ),
    ];
    let labels: Vec<LabelData> = (0..27)
        .map(|n| {
            let (code, name, path) = codes[n % codes.len()];
            LabelData {
                code: code.into(),
                name: name.into(),
                path: path.into(),
                note: if n % 2 == 0 {
                    "可存密级：内部".into()
                } else {
                    String::new()
                },
                barcode: n % 3 == 0,
                check: if n < 6 { check_character(code) } else { None },
            }
        })
        .collect();
    for (name, sheet) in [
        (
            "labels-21",
            LabelSheet {
                skip: 1,
                ..LabelSheet::A4_21
            },
        ),
        ("labels-24", LabelSheet::A4_24),
        ("labels-grid", LabelSheet::a4_grid(2, 10, 10.0)),
        ("labels-least", LabelSheet::a4_grid(3, 11, 10.0)),
    ] {
        let pdf = location_labels(&labels, &sheet, &fonts)?;
        std::fs::write(folder.join(name).with_extension("pdf"), pdf)?;
    }

    let words = CoverWords {
        pages: "页数".into(),
        scanned_by: "扫描人".into(),
        date: "日期".into(),
        instruction: "请把本页放在资料最上面一起扫描；本页不归档，用后收回。".into(),
    };
    let fact = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    let sheets = [
        Cover {
            codes: vec![SheetCode::Customer("0512-3307".into())],
            heading: "客户封面页".into(),
            title: "贵州黔源电力股份有限公司".into(),
            facts: vec![
                fact("户号", "0512-3307"),
                fact("档号", "ZY·YX-2024-000017"),
                fact("地址", "贵阳市南明区中华南路 104 号黔源大厦 18 层"),
            ],
        },
        Cover {
            codes: vec![
                SheetCode::Customer("0512-3307".into()),
                SheetCode::Kind("supply_contract".into()),
                SheetCode::Location("三楼-A柜-02".into()),
            ],
            heading: "Customer cover sheet".into(),
            title: "Qianyuan Power Company Limited, Guizhou branch office".into(),
            facts: vec![fact("Customer", "0512-3307"), fact("Kind", "Supply contract")],
        },
        Cover {
            codes: vec![SheetCode::Separator],
            heading: "分隔页".into(),
            title: "新文件从这里开始".into(),
            facts: Vec::new(),
        },
    ];
    std::fs::write(folder.join("covers.pdf"), covers(&sheets, &words, &fonts)?)?;

    let rows = (1..=70i64).map(|n| -> Vec<Cell> {
        vec![
            n.into(),
            format!("HT-2024-{n:06}").into(),
            match n % 7 {
                0 => "关于贵州黔源电力股份有限公司（以下简称“甲方”）与用电客户签订的高压供用电合同及其补充协议、附件一至附件五".into(),
                3 => "Supply contract with annexes, signed in Guiyang".into(),
                _ => "供用电合同".into(),
            },
            format!("2024-05-{:02}", n % 28 + 1).into(),
            (n % 13).into(),
            "K1-03-B-05-4-12 / H00012345".into(),
        ]
    });
    let table = PrintedTable {
        title: "卷内文件目录".into(),
        facts: vec![
            fact("户号", "0512-3307"),
            fact("户名", "贵州黔源电力股份有限公司"),
            fact("档号", "ZY·YX-2024-000017"),
        ],
        columns: vec![
            Column::number("序号", 0.55),
            Column::text("文号", 1.5),
            Column::text("题名", 3.6),
            Column::text("日期", 1.15),
            Column::number("页数", 0.65),
            Column::text("库位", 1.6),
            Column::tick("已取", 0.6),
            Column::text("备注", 1.0),
        ],
        rows: rows.collect(),
        closing: "共 70 件，420 页".into(),
        made_at: None,
    };
    for (name, landscape) in [("list", false), ("list-landscape", true)] {
        let paper = PageSetup {
            landscape,
            page_of: "第 {page} 页，共 {pages} 页".into(),
        };
        let pdf = table_pdf(&table, &paper, &fonts)?;
        std::fs::write(folder.join(name).with_extension("pdf"), pdf)?;
    }
    std::fs::write(folder.join("list.csv"), csv(&table))?;
    std::fs::write(folder.join("list.xlsx"), xlsx(&table)?)?;
    Ok(())
}
