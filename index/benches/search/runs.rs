//! What is measured on a built index.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use index::QueryLimits;
use index::fold::{folded_chars, folded_string};
use index::generation::WriterLimits;
use index::grammar::parse;
use index::highlight::Mask;
use index::readers::IndexReaders;
use index::request::{Names, SearchLimits};
use index::visibility::VisibilityFilter;
use index::{NearMisses, SearchAnswer, SearchRequest};

use crate::Result;
use crate::build::{Built, Way, build, customer_entry, document_entry, payload};
use crate::corpus::{Corpus, Makers, Numbers};
use crate::measure::{Clock, Memory, Spread, evict, quantile};
use crate::queries::{Asked, Sampler};

/// Who asks.
pub struct People {
    /// Sees public and internal documents, numbers masked.
    pub viewer: Arc<VisibilityFilter>,
    /// Sees everything.
    pub owner: Arc<VisibilityFilter>,
}

pub const MASK: Mask = records::privacy::mask_personal_numbers;

/// Times of one kind of query.
#[derive(Debug, Clone, Default)]
pub struct Times {
    pub wall: Spread,
    pub cpu: Spread,
    pub hits: usize,
    pub capped: usize,
    pub over_budget: usize,
}

pub fn ask(
    readers: &IndexReaders,
    visibility: &Arc<VisibilityFilter>,
    names: &Names,
    text: &str,
    limits: &SearchLimits,
) -> Result<SearchAnswer> {
    // As the search view asks; what a word with one misread character costs is measured by itself.
    let request = SearchRequest {
        query: text.to_owned(),
        limit: 20,
        near: NearMisses::Never,
        ..SearchRequest::default()
    };
    let query = parse(text, &QueryLimits::default())?;
    Ok(readers.search(visibility, &request, query, names, Some(MASK), limits)?)
}

/// Parses, finds, orders, counts facets, fetches 20 documents and marks every hit on their pages:
/// each query once to warm, then three times; the middle one counts.
pub fn latency(readers: &IndexReaders, people: &People, queries: &[Asked]) -> Result<BTreeMap<&'static str, Times>> {
    let names = Sampler::names(queries);
    let limits = SearchLimits::default();
    let mut kinds: BTreeMap<&'static str, Times> = BTreeMap::new();
    for query in queries {
        ask(readers, &people.viewer, &names, &query.text, &limits)?;
    }
    for query in queries {
        let mut rounds = Vec::new();
        let mut answer = SearchAnswer::default();
        for _ in 0..3 {
            let clock = Clock::start();
            answer = ask(readers, &people.viewer, &names, &query.text, &limits)?;
            rounds.push(clock.passed());
        }
        rounds.sort_by_key(|passed| passed.wall);
        let times = kinds.entry(query.kind).or_default();
        times.wall.add(rounds[1].wall);
        rounds.sort_by_key(|passed| passed.thread);
        times.cpu.add(rounds[1].thread);
        times.hits += answer.total_pages;
        match answer.stopped {
            Some(index::Stopped::AtCap) => times.capped += 1,
            Some(index::Stopped::AtBudget) => times.over_budget += 1,
            None => {}
        }
    }
    Ok(kinds)
}

/// The slowest queries and their milliseconds.
pub fn slowest(readers: &IndexReaders, people: &People, queries: &[Asked], count: usize) -> Result<Vec<(String, f64)>> {
    let names = Sampler::names(queries);
    let limits = SearchLimits::default();
    let mut times = Vec::new();
    for query in queries {
        let began = Instant::now();
        ask(readers, &people.viewer, &names, &query.text, &limits)?;
        times.push((query.text.clone(), began.elapsed().as_secs_f64() * 1e3));
    }
    times.sort_by(|one, other| other.1.total_cmp(&one.1));
    times.truncate(count);
    Ok(times)
}

/// The same queries once more with one misread character allowed, as a view asks after the exact
/// hits stand there: `None` for those of which that makes no sense.
pub fn near(readers: &IndexReaders, people: &People, queries: &[Asked]) -> Result<Times> {
    let names = Sampler::names(queries);
    let limits = SearchLimits::default();
    let mut times = Times::default();
    for query in queries {
        let request = SearchRequest {
            query: query.text.clone(),
            limit: 20,
            near: NearMisses::Always,
            ..SearchRequest::default()
        };
        let parsed = parse(&query.text, &QueryLimits::default())?;
        if index::compile::near_word(&parsed, true).is_none() {
            continue;
        }
        let clock = Clock::start();
        let answer = readers.search(&people.viewer, &request, parsed, &names, Some(MASK), &limits)?;
        let passed = clock.passed();
        times.wall.add(passed.wall);
        times.cpu.add(passed.thread);
        times.hits += answer.near.len();
    }
    Ok(times)
}

/// What nobody should type, each three times: the slowest time counts, answered or refused.
pub fn bad_input(readers: &IndexReaders, people: &People) -> Result<Vec<(&'static str, Spread)>> {
    let every_char: String = ('\u{1}'..'\u{2000}').collect();
    let common = "的合同公司有限甲方乙方";
    let inputs: Vec<(&'static str, String)> = vec![
        ("10,000 characters without a space", common.repeat(910)),
        ("1,000 characters without a space", common.repeat(90)),
        ("500 words", format!("{common} ").repeat(500)),
        (
            "40 different words",
            (0..40).map(|at| format!("{}{at} ", &common[..12])).collect(),
        ),
        ("5 single characters", "的 一 是 司 同".to_owned()),
        ("64 single characters", "的 ".repeat(64)),
        ("500 alternatives", vec!["合同"; 500].join("|")),
        ("40 alternatives", (0..40).map(|at| format!("合同{at}|")).collect()),
        (
            "39 exclusions",
            (0..39).map(|at| format!("-合同{at} ")).collect::<String>() + "公司",
        ),
        ("500 fields", "客户:公司 ".repeat(500)),
        (
            "5 names of customers",
            "户名:公司 户名:有限 户名:一 户名:科技 户名:1".to_owned(),
        ),
        ("punctuation", "，。、；：？！“”（）《》".repeat(80)),
        ("unbalanced quotes", "\"“「".repeat(300)),
        ("control characters and 8,000 others", every_char),
        ("one very common character", "的".to_owned()),
        ("digits alone", "0 1 2 3 4 5 6 7 8 9 00 11 22 33".to_owned()),
    ];
    let mut rows = Vec::new();
    for (name, text) in inputs {
        let mut spread = Spread::default();
        for _ in 0..3 {
            let began = Instant::now();
            if let Ok(parsed) = parse(&text, &QueryLimits::default()) {
                let request = SearchRequest {
                    query: text.clone(),
                    limit: 20,
                    ..SearchRequest::default()
                };
                readers.search(
                    &people.viewer,
                    &request,
                    parsed,
                    &Names::default(),
                    Some(MASK),
                    &SearchLimits::default(),
                )?;
            }
            spread.add(began.elapsed());
        }
        rows.push((name, spread));
    }
    Ok(rows)
}

pub fn all_of(kinds: &BTreeMap<&'static str, Times>) -> Times {
    let mut all = Times::default();
    for times in kinds.values() {
        all.wall.extend(&times.wall);
        all.cpu.extend(&times.cpu);
        all.hits += times.hits;
        all.capped += times.capped;
        all.over_budget += times.over_budget;
    }
    all
}

/// The first query after the whole index was taken out of memory, opening it not counted.
pub fn cold(built: &Built, people: &People, queries: &[Asked], rounds: usize) -> Result<Spread> {
    let names = Sampler::names(queries);
    let mut times = Spread::default();
    for query in queries.iter().step_by((queries.len() / rounds).max(1)) {
        evict(&built.folder)?;
        let generation = built.generation()?;
        let readers = generation.readers()?;
        let began = Instant::now();
        ask(&readers, &people.viewer, &names, &query.text, &SearchLimits::default())?;
        times.add(began.elapsed());
    }
    Ok(times)
}

/// Facets of words that stand on nearly every page, with the rest of the search.
pub fn facets(readers: &IndexReaders, people: &People) -> Result<Vec<(&'static str, Spread, Spread)>> {
    let mut rows = Vec::new();
    for word in ["合同", "公司", "的", "日期:2015..2020"] {
        let (mut capped, mut exact) = (Spread::default(), Spread::default());
        for round in 0..12 {
            let began = Instant::now();
            ask(
                readers,
                &people.viewer,
                &Names::default(),
                word,
                &SearchLimits::default(),
            )?;
            let passed = began.elapsed();
            let request = SearchRequest {
                query: word.to_owned(),
                limit: 20,
                exact_total: true,
                ..SearchRequest::default()
            };
            let began = Instant::now();
            let query = parse(word, &QueryLimits::default())?;
            readers.search(
                &people.viewer,
                &request,
                query,
                &Names::default(),
                Some(MASK),
                &SearchLimits::default(),
            )?;
            if round > 1 {
                capped.add(passed);
                exact.add(began.elapsed());
            }
        }
        rows.push((word, capped, exact));
    }
    Ok(rows)
}

/// What somebody types on the way to a customer, one key after the other.
pub fn type_ahead(
    readers: &IndexReaders,
    people: &People,
    corpus: Corpus,
    makers: &Makers,
    count: i64,
) -> Result<(Spread, Spread)> {
    let mut numbers = Numbers::new(corpus.seed ^ 0x7E5);
    let mut typed: Vec<String> = Vec::new();
    for at in 0..120 {
        let uid = 1 + numbers.below(count as usize) as i64;
        let customer = corpus.customer(makers, uid);
        let whole = match at % 4 {
            0 => customer.name,
            1 => initials(&customer.name),
            2 => customer.code,
            _ => customer.phone,
        };
        let chars: Vec<char> = whole.chars().take(8).collect();
        typed.extend((1..=chars.len()).map(|length| chars[..length].iter().collect::<String>()));
    }
    let (mut wall, mut cpu) = (Spread::default(), Spread::default());
    let limits = SearchLimits::default();
    for round in 0..2 {
        for text in &typed {
            let clock = Clock::start();
            readers.customers(&people.viewer, text, 10, &limits)?;
            if round == 1 {
                let passed = clock.passed();
                wall.add(passed.wall);
                cpu.add(passed.thread);
            }
        }
    }
    Ok((wall, cpu))
}

fn initials(name: &str) -> String {
    let terms = index::pinyin::pinyin_terms(name, &index::pinyin::PinyinLimits::default());
    let starts = terms
        .iter()
        .filter_map(|term| term.strip_prefix(index::pinyin::AT_START));
    starts.min_by_key(|term| term.len()).unwrap_or("hz").to_owned()
}

/// Share of what was to be found that was found, averaged over queries, by kind.
#[derive(Debug, Clone, Default)]
pub struct Recall {
    pub queries: usize,
    pub exact_pages: f64,
    pub near_pages: f64,
    pub exact_dossiers: f64,
    pub near_dossiers: f64,
}

/// Pages (uid, dossier) whose clean text holds each query.
pub fn truth(corpus: Corpus, makers: &Makers, dossiers: i64, queries: &[Asked]) -> Vec<HashMap<i64, i64>> {
    let runs: Vec<Vec<char>> = queries.iter().map(|query| folded_chars(&query.all[0])).collect();
    let mut by_start: HashMap<(char, char), Vec<usize>> = HashMap::new();
    for (at, run) in runs.iter().enumerate() {
        by_start.entry((run[0], run[1])).or_default().push(at);
    }
    let mut truth = vec![HashMap::new(); queries.len()];
    for uid in 1..=dossiers {
        for page in corpus.dossier(makers, uid).documents.iter().flat_map(|it| &it.pages) {
            let chars = folded_chars(&page.clean);
            for at in 0..chars.len().saturating_sub(1) {
                for query in by_start.get(&(chars[at], chars[at + 1])).into_iter().flatten() {
                    if chars[at..].starts_with(&runs[*query]) {
                        truth[*query].insert(page.uid, uid);
                    }
                }
            }
        }
    }
    truth
}

pub fn recall(
    readers: &IndexReaders,
    people: &People,
    queries: &[Asked],
    truth: &[HashMap<i64, i64>],
) -> Result<BTreeMap<&'static str, Recall>> {
    let limits = SearchLimits {
        window_max: usize::MAX,
        pages_per_document: usize::MAX,
        ..SearchLimits::default()
    };
    let mut kinds: BTreeMap<&'static str, Recall> = BTreeMap::new();
    for (query, truth) in queries.iter().zip(truth) {
        let request = SearchRequest {
            query: query.text.clone(),
            limit: usize::MAX,
            exact_total: true,
            near: NearMisses::Always,
            ..SearchRequest::default()
        };
        let parsed = parse(&query.text, &QueryLimits::default())?;
        let answer = readers.search(&people.owner, &request, parsed, &Names::default(), None, &limits)?;
        let pages = |hits: &[index::DocumentHit]| -> HashSet<i64> {
            hits.iter()
                .flat_map(|hit| &hit.pages)
                .map(|page| page.page_uid)
                .collect()
        };
        let exact = pages(&answer.documents);
        let near: HashSet<i64> = exact.union(&pages(&answer.near)).copied().collect();
        let dossiers: HashSet<i64> = truth.values().copied().collect();
        let of =
            |hits: &[index::DocumentHit]| -> HashSet<i64> { hits.iter().filter_map(|hit| hit.dossier_uid).collect() };
        let exact_dossiers = of(&answer.documents);
        // The customers found in the record stand above the hits.
        let customers = readers.customers(&people.owner, &query.text, usize::MAX, &limits)?;
        let mut near_dossiers = &exact_dossiers | &of(&answer.near);
        near_dossiers.extend(customers.customer_uids);
        let share = |found: &dyn Fn(i64) -> bool, wanted: &mut dyn Iterator<Item = i64>| {
            let (mut right, mut all) = (0, 0);
            for uid in wanted {
                all += 1;
                right += usize::from(found(uid));
            }
            if all == 0 {
                1.0
            } else {
                f64::from(right as u32) / f64::from(all as u32)
            }
        };
        let recall = kinds.entry(query.kind).or_default();
        recall.queries += 1;
        recall.exact_pages += share(&|uid| exact.contains(&uid), &mut truth.keys().copied());
        recall.near_pages += share(&|uid| near.contains(&uid), &mut truth.keys().copied());
        recall.exact_dossiers += share(&|uid| exact_dossiers.contains(&uid), &mut dossiers.iter().copied());
        recall.near_dossiers += share(&|uid| near_dossiers.contains(&uid), &mut dossiers.iter().copied());
    }
    Ok(kinds)
}

/// How many of the queries gave other pages, or the same in another order, in two indexes of the
/// same corpus with different histories. Uncapped.
pub fn reindex(one: &IndexReaders, other: &IndexReaders, people: &People, queries: &[Asked]) -> Result<(usize, usize)> {
    let names = Sampler::names(queries);
    let limits = SearchLimits {
        window_max: usize::MAX,
        pages_per_document: 0,
        near_below: 0,
        ..SearchLimits::default()
    };
    let (mut different, mut empty) = (0, 0);
    for query in queries {
        let order = |readers: &IndexReaders| -> Result<Vec<(i64, usize)>> {
            let request = SearchRequest {
                query: query.text.clone(),
                limit: usize::MAX,
                exact_total: true,
                ..SearchRequest::default()
            };
            let parsed = parse(&query.text, &QueryLimits::default())?;
            let answer = readers.search(&people.viewer, &request, parsed, &names, None, &limits)?;
            let hits = answer.documents.iter();
            Ok(hits.map(|hit| (hit.document_uid, hit.pages_hit)).collect())
        };
        let (left, right) = (order(one)?, order(other)?);
        different += usize::from(left != right);
        empty += usize::from(left.is_empty());
    }
    Ok((different, empty))
}

/// S-03: a word that stands only on pages one may not see against a word that stands nowhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Equivalence {
    pub pairs: usize,
    pub hidden_ms: f64,
    pub absent_ms: f64,
    /// 95 % interval of the difference of medians.
    pub low_ms: f64,
    pub high_ms: f64,
}

pub fn timing(readers: &IndexReaders, people: &People, sampler: &mut Sampler<'_>, pairs: usize) -> Result<Equivalence> {
    let limits = SearchLimits::default();
    let names = Names::default();
    let mut words: Vec<(String, String)> = Vec::new();
    let mut tries = 0;
    while words.len() < pairs && tries < pairs * 200 {
        tries += 1;
        let uid = 1 + sampler.numbers.below(sampler.dossiers as usize) as i64;
        let dossier = sampler.corpus.dossier(sampler.makers, uid);
        let Some(document) = dossier.documents.iter().find(|it| it.security_level >= 2) else {
            continue;
        };
        let hidden = document.number.clone();
        let mut absent = hidden[..8].to_owned();
        sampler.numbers.digits(5, &mut absent);
        let total =
            |visibility, text: &str| -> Result<usize> { Ok(ask(readers, visibility, &names, text, &limits)?.total) };
        let usable = total(&people.viewer, &hidden)? == 0
            && total(&people.owner, &hidden)? > 0
            && total(&people.owner, &absent)? == 0;
        if usable {
            words.push((hidden, absent));
        }
    }
    let (mut hidden, mut absent) = (Spread::default(), Spread::default());
    for round in 0..4 {
        for (at, (one, other)) in words.iter().enumerate() {
            let time = |text: &str| -> Result<std::time::Duration> {
                let began = Instant::now();
                ask(readers, &people.viewer, &names, text, &limits)?;
                Ok(began.elapsed())
            };
            // Now the one, now the other first.
            let (first, second) = if (at + round) % 2 == 0 {
                let first = time(one)?;
                (first, time(other)?)
            } else {
                let second = time(other)?;
                (time(one)?, second)
            };
            if round > 0 {
                hidden.add(first);
                absent.add(second);
            }
        }
    }
    let mut differences = Vec::new();
    let mut numbers = Numbers::new(3);
    for _ in 0..2_000 {
        let mut resample = |values: &[f64]| {
            let drawn: Vec<f64> = (0..values.len()).map(|_| *numbers.pick(values)).collect();
            quantile(&drawn, 0.5)
        };
        differences.push(resample(hidden.values()) - resample(absent.values()));
    }
    Ok(Equivalence {
        pairs: words.len(),
        hidden_ms: hidden.quantile(0.5),
        absent_ms: absent.quantile(0.5),
        low_ms: quantile(&differences, 0.025),
        high_ms: quantile(&differences, 0.975),
    })
}

/// Follows changes of `pages` pages in commits of 1,000 on top of an index: its memory and how long
/// a commit takes until it can be searched.
pub fn follow(built: &Built, corpus: Corpus, makers: &Makers, dossiers: i64, pages: u64) -> Result<(Memory, Spread)> {
    let generation = built.generation()?;
    let readers = generation.readers()?;
    let mut writer = generation.writer(&WriterLimits::FOLLOWING)?;
    let mut memory = Memory::now();
    let mut commits = Spread::default();
    let mut numbers = Numbers::new(corpus.seed ^ 0xF0);
    let (mut done, mut waiting) = (0, 0);
    while done < pages {
        // Half corrections of what is there, half new.
        let uid = if numbers.chance(0.5) {
            1 + numbers.below(dossiers as usize) as i64
        } else {
            dossiers + 1 + done as i64
        };
        let dossier = corpus.dossier(makers, uid);
        writer.put_dossier(&customer_entry(uid, &dossier.customer))?;
        for document in dossier.documents {
            waiting += document.pages.len() as u64;
            writer.put_document(&document_entry(uid, document))?;
        }
        if waiting >= 1_000 {
            let began = Instant::now();
            writer.commit(&payload())?;
            readers.reload()?;
            commits.add(began.elapsed());
            done += waiting;
            waiting = 0;
        }
        memory.keep_larger(Memory::now());
    }
    writer.close()?;
    memory.keep_larger(Memory::now());
    Ok((memory, commits))
}

/// Two indexes of the same corpus: one made at once, one grown in service.
pub fn two_histories(corpus: Corpus, makers: &Makers, dossiers: i64, folder: &Path) -> Result<(Built, Built)> {
    let one = build(corpus, makers, dossiers, &folder.join("made"), Way::rebuild(2))?;
    let other = build(corpus, makers, dossiers, &folder.join("grown"), Way::service())?;
    Ok((one, other))
}

pub fn folded_page(text: &str) -> String {
    folded_string(text)
}
