//! The lists, made from rows as the record gives them.

use super::*;
use crate::{csv, xlsx};
use records::{
    SecurityLevel,
    batches::{BatchState, RawPath},
    documents::{CopyState, DocumentState, LinkBasis},
    ids::{BatchId, DocumentId},
    places::{OriginalPlace, OriginalState},
};

const ID: &str = "0190b8c4-7f2e-7000-8000-0123456789ab";

fn document(title: &str, declared: Option<i64>) -> DocumentRow {
    DocumentRow {
        uid: 1,
        id: DocumentId::parse(ID).expect("an id"),
        state: DocumentState::Filed,
        kind: "contract".into(),
        title: title.into(),
        number: "HT-2024-17".into(),
        date: "2024-05".into(),
        customer_uid: 1,
        customer_code: "0512-3307".into(),
        customer_name: "贵州黔源".into(),
        dossier_no: "D-1".into(),
        pages_scanned: 7,
        pages_declared: declared,
        copy_state: CopyState::Original,
        security_level: SecurityLevel::PUBLIC,
        created_at: Moment::from_micros(0),
        version: 1,
        link_basis: LinkBasis::Manifest,
        place: OriginalPlace {
            state: Some(OriginalState::InPlace),
            location_code: "K1-03".into(),
            container: "H0001".into(),
            ..OriginalPlace::default()
        },
    }
}

fn text(table: &PrintedTable) -> String {
    String::from_utf8(csv(table)).expect("UTF-8")
}

#[test]
fn item_list() {
    let words = ItemListWords {
        title: "卷内文件目录".into(),
        sequence: "序号".into(),
        number: "文号".into(),
        document_title: "题名".into(),
        kind: "类型".into(),
        date: "日期".into(),
        security: "密级".into(),
        pages: "页数".into(),
        location: "库位".into(),
        note: "备注".into(),
        total: "共 {documents} 件，{pages} 页".into(),
    };
    let table = dossier_item_list(
        vec![("户号".into(), "0512-3307".into())],
        &[document("供用电合同", None), document("=补充协议", Some(9))],
        &words,
        &|kind| format!("[{kind}]"),
        &|_| "公开".into(),
        None,
    );
    assert_eq!(
        text(&table),
        "\u{feff}序号,文号,题名,类型,日期,密级,页数,库位,备注\r\n\
         1,HT-2024-17,供用电合同,[contract],2024-05,公开,7,K1-03 / H0001,\r\n\
         2,HT-2024-17,'=补充协议,[contract],2024-05,公开,9,K1-03 / H0001,\r\n"
    );
    assert_eq!(table.closing, "共 2 件，16 页");
}

#[test]
fn batch_report_counts_and_lists_every_file() {
    let line = BatchLine {
        path: RawPath("a/合同.pdf".as_bytes().to_vec()),
        outcome: Outcome::Rejected,
        reason: "encrypted".into(),
        detail: None,
        sha256: "00".into(),
        bytes: 12,
        document_ids: vec!["x".into(), "y".into()],
        customer_code: "-1".into(),
        location_code: String::new(),
        kind: String::new(),
        pages: 0,
    };
    let batch = BatchRow {
        uid: 1,
        id: BatchId::parse(ID).expect("an id"),
        name: "2024-05".into(),
        state: BatchState::Finished,
        run: None,
        walked: None,
        actor: "a".into(),
        roots: vec!["in".into()],
        announced: Some(2),
        filed: 1,
        needs_review: 2,
        duplicate: 3,
        rejected: 4,
        ignored: 5,
        missing: vec!["b.pdf".into()],
        pages: 9,
        started_at: Moment::from_micros(0),
        finished_at: None,
        busy_us: 0,
        decided: None,
    };
    let said = |_: &BatchLine| "the PDF asks for a password; save it without one".to_owned();
    let word = |outcome: Outcome| outcome.as_str().into();
    let table = batch_report(&batch, &[line], &BatchWords::default(), &word, &said);
    let facts: Vec<&str> = table.facts.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(facts, ["2024-05", "10", "1", "2", "3", "4", "5", "b.pdf"]);
    let text = text(&table);
    assert!(
        text.ends_with(
            "a/合同.pdf,rejected,encrypted,\"the PDF asks for a password; save it without one\",'-1,,,0,\"x; y\",00,12\r\n"
        ),
        "{text}"
    );
    assert!(xlsx(&table).is_ok());
}
