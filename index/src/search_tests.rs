use proptest::prelude::*;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy};

use super::*;
use crate::entry::{DocumentEntry, DossierEntry, PageEntry};
use crate::fold::folded_string;
use crate::grammar::parse;
use crate::query::QueryLimits;
use crate::schema::{
    dossier_document, dossier_schema, fast, page_documents, page_schema, register_tokenizers, settings,
};
use records::pages::ReadingFlag;

/// Both indexes in memory; `commits` says after how many documents a segment is closed.
fn readers(documents: &[DocumentEntry], dossiers: &[DossierEntry], commits: usize) -> IndexReaders {
    let (schema, page_fields) = page_schema();
    let pages = memory(schema, fast::DOCUMENT);
    let mut writer: IndexWriter = pages.writer_with_num_threads(1, 20 << 20).unwrap();
    for (at, entry) in documents.iter().enumerate() {
        let uid = Term::from_field_u64(page_fields.document, entry.document_uid as u64);
        writer.delete_term(uid);
        for document in page_documents(&page_fields, entry) {
            writer.add_document(document).unwrap();
        }
        if at % commits == commits - 1 {
            writer.commit().unwrap();
        }
    }
    writer.commit().unwrap();
    let (schema, dossier_fields) = dossier_schema();
    let index = memory(schema, fast::CUSTOMER);
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 20 << 20).unwrap();
    for entry in dossiers {
        writer.add_document(dossier_document(&dossier_fields, entry)).unwrap();
    }
    writer.commit().unwrap();
    IndexReaders {
        pages: reader(&pages),
        page_columns: Arc::default(),
        page_fields,
        dossiers: reader(&index),
        dossier_columns: Arc::default(),
        dossier_fields,
    }
}

fn memory(schema: tantivy::schema::Schema, sorted_by: &str) -> Index {
    let index = Index::builder()
        .schema(schema)
        .settings(settings(sorted_by))
        .create_in_ram()
        .unwrap();
    register_tokenizers(&index);
    index
}

fn reader(index: &Index) -> IndexReader {
    index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()
        .unwrap()
}

fn document(uid: i64, texts: &[&str]) -> DocumentEntry {
    let pages = texts.iter().enumerate().map(|(at, text)| PageEntry {
        page_uid: uid * 100 + at as i64,
        number: at as u32 + 1,
        text: (*text).to_owned(),
        reading: 0,
    });
    DocumentEntry {
        document_uid: uid,
        kind: "contract".into(),
        states: vec!["filed".into()],
        pages: pages.collect(),
        ..DocumentEntry::default()
    }
}

fn ask(readers: &IndexReaders, visibility: VisibilityFilter, query: &str) -> SearchAnswer {
    ask_with(readers, visibility, query, &SearchLimits::default())
}

fn ask_with(readers: &IndexReaders, visibility: VisibilityFilter, query: &str, limits: &SearchLimits) -> SearchAnswer {
    let request = SearchRequest {
        query: query.to_owned(),
        limit: 1_000,
        ..SearchRequest::default()
    };
    let parsed = parse(query, &QueryLimits::default()).unwrap();
    let mut names = Names::default();
    names.kinds.insert("合同".into(), vec!["contract".into()]);
    names.places.insert(("A-03".into(), true), vec![7, -2]);
    readers
        .search(&Arc::new(visibility), &request, parsed, &names, None, limits)
        .unwrap()
}

/// (document, pages hit) in order.
fn hits(readers: &IndexReaders, query: &str) -> Vec<(i64, usize)> {
    let answer = ask(readers, VisibilityFilter::everything(), query);
    answer
        .documents
        .iter()
        .map(|hit| (hit.document_uid, hit.pages_hit))
        .collect()
}

fn uids(readers: &IndexReaders, query: &str) -> Vec<i64> {
    let mut uids: Vec<i64> = hits(readers, query).into_iter().map(|(uid, _)| uid).collect();
    uids.sort_unstable();
    uids
}

fn small_archive() -> IndexReaders {
    let mut lease = document(
        1,
        &["房屋租賃合同 编号HT-2023-0456", "乙方：贾瑞德 身份证44O305199001011234"],
    );
    lease.title = "租赁合同".into();
    lease.number = "HT-2023-0456".into();
    lease.date = 20_230_513;
    lease.customer_uid = Some(11);
    lease.dossier_uid = Some(21);
    lease.place_uid = -2;
    let mut licence = document(2, &["营业执照 杭州鑫恒科技有限公司"]);
    licence.kind = "business_licence".into();
    licence.customer_uid = Some(12);
    licence.date = 20_190_000;
    licence.security_level = 2;
    licence.keywords[0] = "信贷部".into();
    let mut letter = document(3, &["关于租赁的函，贾瑞得"]);
    letter.kind = "letter".into();
    letter.also_names = vec![11];
    letter.place_uid = 7;
    let mut sealed = document(4, &["租赁 密件"]);
    sealed.sealed = true;
    sealed.dossier_uid = Some(22);
    let mut paper = document(5, &[]);
    paper.title = "纸质协议".into();
    let dossiers = [
        DossierEntry {
            customer_uid: 11,
            dossier_uid: 21,
            name: "贾瑞德".into(),
            codes: vec!["C-0011".into(), "D2023-11".into()],
            identifiers: vec!["440305199001011234".into(), "13800138000".into()],
            status: "active".into(),
            ..DossierEntry::default()
        },
        DossierEntry {
            customer_uid: 12,
            dossier_uid: 22,
            name: "杭州鑫恒科技有限公司".into(),
            other_names: vec!["李文".into()],
            codes: vec!["C-0012".into()],
            status: "historic".into(),
            ..DossierEntry::default()
        },
    ];
    readers(&[lease, licence, letter, sealed, paper], &dossiers, 2)
}

#[test]
fn words_fields_and_operators_find_what_they_say() {
    let readers = small_archive();
    let check = |query: &str, expected: &[i64]| assert_eq!(uids(&readers, query), expected, "{query}");
    check("租赁", &[1, 3]);
    check("租賃", &[1, 3]);
    check("贾", &[1, 3]);
    check("贾瑞德", &[1]);
    check("贾瑞德|鑫恒", &[1, 2]);
    check("租赁 -函", &[1]);
    check("0305", &[1]);
    check("类型:合同", &[1, 5]);
    check("-类型:合同", &[2, 3]);
    check("日期:2019", &[2]);
    check("日期:2019..2023", &[1, 2]);
    check("密级:秘密", &[2]);
    check("库位:A-03*", &[1, 3]);
    check("户名:贾瑞德", &[1, 3]);
    check("户名:C-0011", &[1, 3]);
    check("合同号:HT-2023", &[1]);
    check("证件:440305199001011234", &[1, 3]);
    check("题名:协议", &[5]);
    check("纸质", &[5]);
    check("状态:已归档", &[1, 2, 3, 5]);
    check("正文:HT20230456", &[1]);
    check("nothinglikethis", &[]);
}

#[test]
fn a_number_read_wrongly_is_found_by_its_digits() {
    let readers = small_archive();
    assert_eq!(uids(&readers, "440305199001011234"), [1]);
    let answer = ask(&readers, VisibilityFilter::everything(), "440305199001011234");
    assert_eq!(answer.documents[0].pages[0].number, 2);
    assert!(!answer.documents[0].pages[0].ranges.is_empty());
}

#[test]
fn the_record_of_the_customer_answers_beside_other_words() {
    let readers = small_archive();
    // The letter names customer 11 in its record only (its text has another character).
    assert_eq!(uids(&readers, "贾瑞德 函"), [3]);
    assert_eq!(uids(&readers, "贾瑞德 租赁"), [1, 3]);
    assert_eq!(uids(&readers, "贾瑞德"), [1]);
}

#[test]
fn what_may_not_be_seen_is_neither_counted_nor_faceted() {
    let readers = small_archive();
    let answer = ask(&readers, VisibilityFilter::up_to(1, Some("运营部")), "鑫恒");
    let absent = ask(&readers, VisibilityFilter::up_to(1, Some("运营部")), "不存在");
    assert_eq!((answer.total, answer.total_pages), (0, 0));
    assert_eq!(answer.facets, absent.facets);
    assert_eq!(answer.total_is_exact, absent.total_is_exact);
    assert!(answer.near.is_empty());
    assert_eq!(
        ask(&readers, VisibilityFilter::up_to(2, Some("运营部")), "鑫恒").total,
        0
    );
    assert_eq!(
        ask(&readers, VisibilityFilter::up_to(2, Some("信贷部")), "鑫恒").total,
        1
    );
    assert_eq!(ask(&readers, VisibilityFilter::up_to(2, None), "鑫恒").total, 1);
    assert_eq!(ask(&readers, VisibilityFilter::up_to(3, None), "密件").total, 0);
    assert_eq!(
        ask(&readers, VisibilityFilter::up_to(0, None).granted(&[4], &[]), "密件").total,
        1
    );
    assert_eq!(
        ask(&readers, VisibilityFilter::up_to(0, None).granted(&[], &[22]), "密件").total,
        1
    );
}

#[test]
fn the_title_and_the_number_lead_to_the_first_page() {
    let readers = small_archive();
    let answer = ask(&readers, VisibilityFilter::everything(), "租赁合同");
    assert_eq!(answer.documents[0].document_uid, 1);
    assert_eq!(answer.documents[0].pages_hit, 1);
    assert_eq!(answer.documents[0].pages[0].number, 1);
}

#[test]
fn one_wrong_character_is_shown_apart() {
    let readers = small_archive();
    let answer = ask(&readers, VisibilityFilter::everything(), "房屋租凭");
    assert_eq!(answer.total, 0);
    assert_eq!(answer.near.len(), 1);
    assert_eq!(answer.near[0].document_uid, 1);
    assert!(answer.near[0].pages[0].ranges.contains(&(0..4)));
}

#[test]
fn more_with_one_misread_character_is_offered_and_found_when_asked_for() {
    let mut documents: Vec<DocumentEntry> = (1..=12).map(|uid| document(uid, &["房屋租赁合同一份"])).collect();
    documents.extend((13..=15).map(|uid| document(uid, &["房屋租凭合同一份"])));
    let readers = readers(&documents, &[], 4);
    let asked = |near: NearMisses, query: &str| {
        let request = SearchRequest {
            query: query.to_owned(),
            limit: 100,
            near,
            ..SearchRequest::default()
        };
        let parsed = parse(query, &QueryLimits::default()).unwrap();
        let visibility = Arc::new(VisibilityFilter::everything());
        readers
            .search(
                &visibility,
                &request,
                parsed,
                &Names::default(),
                None,
                &SearchLimits::default(),
            )
            .unwrap()
    };
    let enough = asked(NearMisses::WhereFew, "房屋租赁");
    assert_eq!((enough.total, enough.near.len(), enough.near_goes_on), (12, 0, true));
    let all = asked(NearMisses::Always, "房屋租赁");
    let near: Vec<i64> = all.near.iter().map(|hit| hit.document_uid).collect();
    assert_eq!((all.total, near, all.near_goes_on), (12, vec![15, 14, 13], false));
    let never = asked(NearMisses::Never, "房屋租凭合");
    assert_eq!((never.total, never.near.len(), never.near_goes_on), (3, 0, true));
    // Too short, or more than one word: nothing to offer.
    assert!(!asked(NearMisses::WhereFew, "房屋").near_goes_on);
    assert!(!asked(NearMisses::WhereFew, "房屋租赁 合同一份").near_goes_on);
}

#[test]
fn documents_come_in_the_order_of_the_shelves() {
    let places = [Some(3), None, Some(-8), Some(3), Some(5), Some(77)];
    let documents: Vec<DocumentEntry> = places
        .iter()
        .zip(1_i64..)
        .map(|(place, uid)| DocumentEntry {
            place_uid: place.unwrap_or(0),
            date: 20_200_000 - uid as u32,
            ..document(uid, &["租赁"])
        })
        .collect();
    // The box -8 is before the places 5 and 3; 77 is not known to the record.
    let names = Names {
        shelf_order: HashMap::from([(-8, 0), (5, 1), (3, 2)]),
        ..Names::default()
    };
    for commits in [1, 2, 100] {
        let readers = readers(&documents, &[], commits);
        let request = SearchRequest {
            query: "租赁".to_owned(),
            sorting: Sorting::Location,
            limit: 100,
            ..SearchRequest::default()
        };
        let parsed = parse("租赁", &QueryLimits::default()).unwrap();
        let visibility = Arc::new(VisibilityFilter::everything());
        let answer = readers
            .search(&visibility, &request, parsed, &names, None, &SearchLimits::default())
            .unwrap();
        let uids: Vec<i64> = answer.documents.iter().map(|hit| hit.document_uid).collect();
        // In one place the older paper comes first.
        assert_eq!(uids, [3, 5, 4, 1, 6, 2]);
    }
}

#[test]
fn facets_count_documents() {
    let readers = small_archive();
    let facets = ask(&readers, VisibilityFilter::everything(), "状态:filed").facets;
    assert_eq!(facets.kind[0], ("contract".to_owned(), 2));
    assert_eq!(
        facets.year,
        [(String::new(), 2), ("2019".into(), 1), ("2023".into(), 1)]
    );
    assert_eq!(facets.state, [("filed".to_owned(), 4)]);
}

#[test]
fn customers_by_name_pinyin_code_and_number() {
    let readers = small_archive();
    let visibility = Arc::new(VisibilityFilter::everything());
    let check = |text: &str, expected: &[i64]| {
        let found = readers
            .customers(&visibility, text, 10, &SearchLimits::default())
            .unwrap();
        assert_eq!(found.customer_uids, expected, "{text}");
    };
    check("瑞德", &[11]);
    check("鑫恒", &[12]);
    check("hzxh", &[12]);
    check("xinheng", &[12]);
    check("jrd", &[11]);
    check("C-00", &[11, 12]);
    check("c0012", &[12]);
    check("D2023-11", &[11]);
    check("440305199001011234", &[11]);
    check("8001380", &[11]);
    check("李文", &[12]);
    check("鑫恒 科技", &[12]);
    check("李文 瑞德", &[]);
    check("，", &[]);
}

#[test]
fn counting_stops_at_the_cap_with_the_newest() {
    let texts = ["有限公司"];
    let documents: Vec<DocumentEntry> = (1..=60).map(|uid| document(uid, &texts)).collect();
    let limits = SearchLimits {
        pages_max: 10,
        ..SearchLimits::default()
    };
    for commits in [7, 60] {
        let readers = readers(&documents, &[], commits);
        let answer = ask_with(&readers, VisibilityFilter::everything(), "公司", &limits);
        assert_eq!(answer.total, 10);
        assert!(!answer.total_is_exact);
        let uids: Vec<i64> = answer.documents.iter().map(|hit| hit.document_uid).collect();
        assert_eq!(uids, (51..=60).rev().collect::<Vec<_>>());
    }
}

#[test]
fn where_a_search_gives_up_does_not_tell_of_pages_that_may_not_be_seen() {
    // The grams of the run stand on every hidden page, its sequence on none; the two that may be seen come last.
    let mut documents: Vec<DocumentEntry> = (3..60)
        .map(|uid| document(uid, &[&format!("乙方租赁合赁合同 AB{uid:02}")]))
        .collect();
    documents.iter_mut().for_each(|hidden| hidden.security_level = 3);
    documents.extend([document(1, &["房屋租赁合同ab"]), document(2, &["租赁合同附件ABC"])]);
    let readers = readers(&documents, &[], 20);
    let limits = SearchLimits {
        scan_pages_max: 10,
        near_below: 0,
        ..SearchLimits::default()
    };
    let found = |visibility: VisibilityFilter, query: &str| {
        let answer = ask_with(&readers, visibility, query, &limits);
        (answer.documents.len(), answer.total_is_exact)
    };
    for query in ["租赁合同", "租", "ab"] {
        assert_eq!(found(VisibilityFilter::up_to(1, None), query), (2, true), "{query}");
    }
    // The budget is for pages that may be seen.
    assert_eq!(found(VisibilityFilter::everything(), "租赁合同"), (0, false));
    for prefix in ["租", "ab"] {
        let (documents, exact) = found(VisibilityFilter::everything(), prefix);
        assert!(documents <= 10 && !exact, "{prefix}: {documents}");
    }
}

#[test]
fn the_order_does_not_depend_on_the_history_of_the_index() {
    let texts = ["公司合同", "公司公司", "合同公司公司公司", "别的"];
    let entry = |uid: i64| {
        let mut entry = document(uid, &[texts[uid as usize % 4], texts[uid as usize % 3]]);
        entry.date = 20_000_000 + (uid as u32 % 5) * 10_000;
        entry
    };
    let straight: Vec<DocumentEntry> = (1..=40).map(entry).collect();
    let mut detour: Vec<DocumentEntry> = (1..=40).rev().map(|uid| document(uid, &["公司旧文"])).collect();
    detour.extend((1..=40).rev().map(entry));
    let one = readers(&straight, &[], 100);
    let many = readers(&detour, &[], 3);
    for query in ["公司", "公司 合同", "公", "别的|合同", "-旧文"] {
        assert_eq!(hits(&one, query), hits(&many, query), "{query}");
    }
}

fn mixed_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[甲乙丙丁合同公司雲云]{1,6}",
        4 => "[a-cA-C0-3]{1,6}",
        2 => "[Ａ-Ｃ０-３éüñ]{1,3}",
        1 => "[ \n，。：()\\-]{1,2}",
        1 => "[\u{20000}-\u{20003}カナ한]{1,3}",
    ];
    prop::collection::vec(piece, 1..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The real index against a naive model: exactly the pages whose folded text holds the run.
    #[test]
    fn exactly_the_pages_with_the_run_are_found(
        texts in prop::collection::vec(mixed_text(), 1..20),
        picks in prop::collection::vec((0usize..20, 0usize..60, 1usize..=12), 40),
    ) {
        let documents: Vec<DocumentEntry> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| document(at as i64 + 1, &[text]))
            .collect();
        let readers = readers(&documents, &[], 4);
        let folded: Vec<String> = texts.iter().map(|text| folded_string(text)).collect();
        for (page, from, length) in picks {
            let chars: Vec<char> = texts[page % texts.len()].chars().collect();
            let from = from % chars.len();
            let run: String = chars.iter().skip(from).take(length).collect();
            let wanted = folded_string(&run);
            if wanted.is_empty() {
                continue;
            }
            let expected: Vec<i64> = folded
                .iter()
                .enumerate()
                .filter(|(_, text)| text.contains(&wanted))
                .map(|(at, _)| at as i64 + 1)
                .collect();
            let found = uids(&readers, &format!("\"{run}\""));
            // Identifiers with look-alike characters may add pages, nothing may be missing.
            if crate::ids::piece_of_identifier(&wanted.chars().collect::<Vec<_>>()).is_some() {
                prop_assert!(expected.iter().all(|uid| found.contains(uid)), "{run:?}");
            } else {
                prop_assert_eq!(&found, &expected, "{:?}", run);
            }
            let answer = ask(&readers, VisibilityFilter::everything(), &format!("\"{run}\""));
            let marked = answer.documents.iter().flat_map(|hit| &hit.pages);
            prop_assert!(marked.into_iter().all(|page| !page.ranges.is_empty()), "{run:?}");
        }
    }

    /// Words, alternatives and exclusions together, over segments of few pages, against a naive model.
    #[test]
    fn words_alternatives_and_exclusions_mean_what_they_say(
        texts in prop::collection::vec("[甲乙丙]{0,14}", 1..60),
        commits in 1usize..40,
        queries in prop::collection::vec(
            prop::collection::vec((prop::collection::vec("[甲乙丙]{1,4}", 1..=3), any::<bool>()), 1..=3),
            20,
        ),
    ) {
        let documents: Vec<DocumentEntry> = texts
            .iter()
            .zip(1_i64..)
            .map(|(text, uid)| document(uid, &[text]))
            .collect();
        let readers = readers(&documents, &[], commits);
        for clauses in queries {
            let singles = clauses.iter().flat_map(|(runs, _)| runs).filter(|run| run.chars().count() == 1);
            if singles.count() > QueryLimits::default().broad_max {
                continue;
            }
            let written: Vec<String> = clauses
                .iter()
                .map(|(runs, negated)| format!("{}{}", if *negated { "-" } else { "" }, runs.join("|")))
                .collect();
            let written = written.join(" ");
            let holds = |text: &String| {
                let clause = |(runs, negated): &(Vec<String>, bool)| runs.iter().any(|run| text.contains(run)) != *negated;
                clauses.iter().all(clause)
            };
            let pages = texts.iter().zip(1_i64..);
            let expected: Vec<i64> = pages.filter(|(text, _)| holds(text)).map(|(_, uid)| uid).collect();
            prop_assert_eq!(uids(&readers, &written), expected, "{}", written);
        }
    }

    #[test]
    fn any_query_is_answered(query in "\\PC{0,40}") {
        let readers = readers(&[document(1, &["甲乙 abc 123"])], &[], 1);
        if let Ok(parsed) = parse(&query, &QueryLimits::default()) {
            let request = SearchRequest { limit: 10, ..SearchRequest::default() };
            let visibility = Arc::new(VisibilityFilter::everything());
            let answer = readers.search(&visibility, &request, parsed, &Names::default(), None, &SearchLimits::default());
            prop_assert!(answer.is_ok());
        }
    }
}

#[test]
fn pages_that_ask_for_a_look_are_counted_and_found() {
    let mut doubtful = document(1, &["合同一", "签名"]);
    doubtful.pages[1].reading = ReadingFlag::Handwriting.bit() | ReadingFlag::LowConfidence.bit();
    let mut failed = document(2, &["合同二"]);
    failed.pages[0].reading = ReadingFlag::Failed.bit();
    let readers = readers(&[doubtful, failed, document(3, &["合同三"])], &[], 2);
    let found = |query: &str| {
        let answer = ask(&readers, VisibilityFilter::everything(), query);
        let pages = answer.documents.iter().flat_map(|hit| &hit.pages);
        let mut pages: Vec<i64> = pages.map(|page| page.page_uid).collect();
        pages.sort_unstable();
        (pages, answer.facets.reading)
    };
    assert_eq!(found("识读:手写").0, [101]);
    assert_eq!(found("reading:failed").0, [200]);
    assert_eq!(found("识读:待看").0, [101, 200]);
    assert_eq!(found("合同 -识读:失败页").0, [100, 300]);
    assert_eq!(found("合同").1, [("failed".to_owned(), 1)]);
    let counts = [("handwriting", 1), ("low_confidence", 1)].map(|(flag, count)| (flag.to_owned(), count));
    assert_eq!(found("签名").1, counts);
}
