//! Tables written and read back by an independent reader.

use super::*;
use calamine::{Data, Reader, Xlsx};
use records::Moment;

fn table() -> PrintedTable {
    PrintedTable {
        title: "客户清单: [2024]".into(),
        columns: vec![
            Column::text("户名", 3.0),
            Column::number("金额", 1.0),
            Column::tick("已取", 1.0),
            Column::text("备注", 2.0),
        ],
        rows: vec![
            vec!["张伟, \"甲\"".into(), Cell::Integer(-12), Cell::Empty, "=1+1".into()],
            vec!["+86".into(), "-3.50".into(), Cell::Empty, "line\nline".into()],
            vec!["＝cmd".into(), "-1+1".into()],
            vec![
                "贵州".into(),
                "110101199003077715".into(),
                Cell::Empty,
                "-".into(),
                "beyond".into(),
            ],
            vec!["\0nul".into(), Cell::Number(f64::NAN), Cell::Empty, "a;b".into()],
        ],
        ..PrintedTable::default()
    }
}

fn read(bytes: Vec<u8>) -> Vec<Vec<Data>> {
    let mut book = Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let sheets = book.worksheets();
    assert_eq!(sheets.len(), 1);
    sheets[0].1.rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn dangerous_beginnings_are_disarmed() {
    for text in [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\0=1",
        "＝1",
        "＋1",
        "－1",
        "＠a",
        " =1",
        "\u{3000}=1",
        "\u{feff}=1",
        "\tplain",
        "-",
    ] {
        assert_eq!(formula_safe(text), format!("'{text}"), "{text:?}");
    }
    for text in ["", "1", "a=b", "张伟", "'=1", "（-1）", " a"] {
        assert_eq!(formula_safe(text), text);
    }
}

#[test]
fn csv_is_what_a_spreadsheet_expects() {
    let text = String::from_utf8(csv(&table())).expect("UTF-8");
    assert_eq!(
        text,
        "\u{feff}户名,金额,备注\r\n\
         \"张伟, \"\"甲\"\"\",-12,'=1+1\r\n\
         '+86,-3.50,\"line\nline\"\r\n\
         '＝cmd,'-1+1,\r\n\
         贵州,110101199003077715,'-\r\n\
         '\0nul,,\"a;b\"\r\n"
    );
}

#[test]
fn xlsx_keeps_numbers_numbers_and_texts_texts() {
    let rows = read(xlsx(&table()).expect("writes"));
    let text = |row: usize, column: usize| rows[row][column].to_string();
    assert_eq!(text(0, 0), "户名");
    assert_eq!(text(1, 0), "张伟, \"甲\"");
    assert_eq!(rows[1][1], Data::Float(-12.0));
    assert_eq!(text(1, 3), "'=1+1");
    assert_eq!(rows[2][1], Data::Float(-3.5));
    assert_eq!(text(2, 3), "line\nline");
    assert_eq!(text(3, 0), "'＝cmd");
    assert_eq!(text(3, 1), "'-1+1");
    // Eighteen digits would be rounded as a number.
    assert_eq!(rows[4][1], Data::String("110101199003077715".into()));
    assert_eq!(rows[5][1], Data::Empty);
}

#[test]
fn the_same_table_gives_the_same_bytes_and_a_time_only_when_passed() {
    let plain = xlsx(&table()).expect("writes");
    assert_eq!(plain, xlsx(&table()).expect("writes"));
    let dated = PrintedTable {
        made_at: Some(Moment::from_micros(1_795_000_000_000_000)),
        ..table()
    };
    assert_ne!(plain, xlsx(&dated).expect("writes"));
}

#[test]
fn a_form_has_its_facts_above() {
    let form = PrintedTable {
        facts: vec![("户号".into(), "0512".into()), ("=x".into(), "y".into())],
        closing: "共 5 件".into(),
        ..table()
    };
    let rows = read(xlsx(&form).expect("writes"));
    let first: Vec<String> = rows.iter().map(|row| row[0].to_string()).collect();
    assert_eq!(first[..5], ["客户清单: [2024]", "户号：0512", "'=x：y", "", "户名"]);
    assert_eq!(first.last().map(String::as_str), Some("共 5 件"));
}

#[test]
fn odd_titles_empty_tables_and_long_texts_are_written() {
    for title in ["", "[]:*?/\\", "History", &"档".repeat(50), "'a'", "\0"] {
        let odd = PrintedTable {
            title: title.into(),
            ..table()
        };
        assert_eq!(read(xlsx(&odd).expect(title)).len(), 6, "{title}");
    }
    let empty = PrintedTable::default();
    assert_eq!(csv(&empty), "\u{feff}\r\n".as_bytes());
    xlsx(&empty).expect("writes");
    let long = PrintedTable {
        columns: vec![Column::text("t", 1.0)],
        rows: vec![vec!["汉".repeat(40_000).into()]],
        ..PrintedTable::default()
    };
    let rows = read(xlsx(&long).expect("writes"));
    let text = rows[1][0].to_string();
    assert!(text.chars().count() == XLSX_TEXT_MAX && text.ends_with('…'));
    assert!(csv(&long).len() > 120_000);
}
