//! The bench of the search: makes a synthetic archive from a seed, builds the full text, and
//! measures building, weight, latency, facets, type-ahead, recall, rebuild, timing leaks and the
//! follower in one command; with `--peers` the same corpus and queries go to SQLite FTS5,
//! PostgreSQL pg_trgm, Groonga and Xapian (`peers.py`). Prints a table for `docs/benchmarks.md`.
//!
//! ```text
//! cargo bench -p index --bench search -- --pages 200000
//! cargo bench -p index --bench search -- --pages 50000 --peers
//! cargo bench -p index --bench search -- --pages 5320000 --pages-per-dossier 40 --only build,latency,cold
//! ```
//!
//! What a run takes of the machine: about 2.5 kB of disk a page, twice with `reindex`.

mod build;
mod corpus;
mod measure;
mod peers;
mod queries;
mod runs;
mod words;

#[path = "../../tests/follow/archive.rs"]
#[expect(dead_code, reason = "the bench needs only the askers of the test archive")]
mod archive;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use index::readers::IndexReaders;
use index::visibility::VisibilityFilter;
use records::SecurityLevel;

use build::{Built, Way, build, build_customers};
use corpus::{Corpus, Makers, Numbers};
use queries::Sampler;
use runs::People;

pub type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

/// What to do, from the words after `--`.
struct Plan {
    pages: usize,
    pages_per_dossier: usize,
    seed: u64,
    threads: Vec<usize>,
    /// MB that each thread gathers before it writes a segment, when others than those of a rebuild are to be tried.
    memory: Option<usize>,
    customers: Vec<i64>,
    /// Pages of the corpus for recall and for the two histories.
    small_pages: usize,
    only: Vec<String>,
    /// Kinds of queries to ask; all when empty.
    kinds: Vec<String>,
    peers: Vec<String>,
    folder: Option<PathBuf>,
    /// Takes the index that an earlier run left in `folder`, instead of building it.
    reuse: bool,
    out: Option<PathBuf>,
    /// Begins this program again to follow, so that nothing else is in its memory.
    follow: Option<PathBuf>,
}

const SECTIONS: &str = "build,latency,cold,facets,bad,customers,recall,reindex,timing,follow";
const PEERS: &str = "sqlite,postgres,groonga,xapian";

impl Plan {
    fn read(args: impl Iterator<Item = String>) -> Result<Self> {
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<String>>();
        let mut plan = Plan {
            pages: 20_000,
            pages_per_dossier: 11,
            seed: 1,
            threads: vec![1, 2],
            memory: None,
            customers: vec![133_000],
            small_pages: 20_000,
            only: list(SECTIONS),
            kinds: Vec::new(),
            peers: Vec::new(),
            folder: None,
            reuse: false,
            out: None,
            follow: None,
        };
        let mut args = args.peekable();
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or(format!("{arg} needs a value"));
            match arg.as_str() {
                // Given by cargo.
                "--bench" => {}
                "--pages" => plan.pages = value()?.parse()?,
                "--pages-per-dossier" => plan.pages_per_dossier = value()?.parse()?,
                "--seed" => plan.seed = value()?.parse()?,
                "--threads" => plan.threads = numbers(&value()?)?,
                "--memory" => plan.memory = Some(value()?.parse()?),
                "--customers" => plan.customers = numbers(&value()?)?,
                "--small-pages" => plan.small_pages = value()?.parse()?,
                "--only" => plan.only = list(&value()?),
                "--kinds" => plan.kinds = list(&value()?),
                "--peers" => {
                    let given = args.next_if(|next| !next.starts_with("--"));
                    plan.peers = list(given.as_deref().unwrap_or(PEERS));
                }
                "--folder" => plan.folder = Some(value()?.into()),
                "--reuse" => plan.reuse = true,
                "--out" => plan.out = Some(value()?.into()),
                "--follow-in" => plan.follow = Some(value()?.into()),
                other => return Err(format!("unknown argument {other}; see the top of main.rs").into()),
            }
        }
        Ok(plan)
    }

    fn does(&self, section: &str) -> bool {
        self.only.iter().any(|name| name == section)
    }

    fn corpus(&self) -> Corpus {
        Corpus {
            seed: self.seed,
            pages_per_dossier: self.pages_per_dossier,
        }
    }
}

fn numbers<T: std::str::FromStr>(text: &str) -> Result<Vec<T>, T::Err> {
    text.split(',').map(str::parse).collect()
}

/// Lines of the report, printed as they come.
struct Report(Vec<String>);

impl Report {
    fn line(&mut self, line: impl Into<String>) {
        let line = line.into();
        println!("{line}");
        self.0.push(line);
    }

    fn table(&mut self, head: &[&str]) {
        self.line("");
        self.line(format!("| {} |", head.join(" | ")));
        self.line(format!("|{}", "---|".repeat(head.len())));
    }

    fn row(&mut self, cells: &[String]) {
        self.line(format!("| {} |", cells.join(" | ")));
    }
}

fn main() -> Result<()> {
    let plan = Plan::read(std::env::args().skip(1))?;
    let makers = Makers::new();
    let corpus = plan.corpus();
    let dossiers = corpus.dossiers_for(plan.pages);
    if let Some(folder) = &plan.follow {
        return follow_alone(folder, corpus, &makers, dossiers);
    }
    let place = tempfile::Builder::new().prefix("dossier-bench-").tempdir()?;
    let root = plan.folder.clone().unwrap_or_else(|| place.path().to_owned());
    fs::create_dir_all(&root)?;
    let mut report = Report(Vec::new());
    report.line(format!(
        "Synthetic corpus, seed {}: {} dossiers of {} pages. {}",
        plan.seed,
        dossiers,
        plan.pages_per_dossier,
        machine()
    ));
    let people = people()?;
    let mut sampler = Sampler {
        corpus,
        makers: &makers,
        dossiers,
        numbers: Numbers::new(plan.seed ^ 0x51),
    };
    let mut queries = sampler.mixed();
    queries.retain(|query| plan.kinds.is_empty() || plan.kinds.iter().any(|kind| kind == query.kind));
    let built = built(&plan, &makers, dossiers, &root, &mut report)?;
    {
        let generation = built.generation()?;
        let readers = generation.readers()?;
        report.line("");
        report.line(format!("{} segments of pages.", readers.segments().0));
        latency(&plan, &readers, &people, &queries, &mut report)?;
        if plan.does("facets") {
            facets(&readers, &people, &mut report)?;
        }
        if plan.does("bad") {
            bad_input(&readers, &people, &mut report)?;
        }
        if plan.does("timing") {
            timing(&readers, &people, &mut sampler, &mut report)?;
        }
    }
    if plan.does("cold") {
        let times = runs::cold(&built, &people, &queries, 60)?;
        report.line("");
        report.line(format!(
            "Cold: one query right after the whole index left the page cache, {} of the queries, ms p50 / p99 / max: {}",
            times.len(),
            times.line()
        ));
    }
    if plan.does("customers") {
        customers(&plan, &makers, &people, &root, &mut report)?;
    }
    if plan.does("recall") {
        recall(&plan, &makers, &people, &root, &mut report)?;
    }
    if plan.does("reindex") {
        reindex(&plan, &makers, &people, &root, &mut report)?;
    }
    if plan.does("follow") {
        follow(&plan, &built, &mut report)?;
    }
    if !plan.peers.is_empty() {
        peers::run(
            &plan.peers,
            corpus,
            &makers,
            dossiers,
            &queries,
            &built,
            &people,
            &root,
            &mut report,
        )?;
    }
    if let Some(out) = &plan.out {
        fs::write(out, report.0.join("\n") + "\n")?;
    }
    Ok(())
}

fn built(plan: &Plan, makers: &Makers, dossiers: i64, root: &Path, report: &mut Report) -> Result<Built> {
    if plan.reuse {
        let built = Built::left_in(root.join("main"));
        report.line(format!("{} bytes, built by an earlier run.", built.bytes()?));
        return Ok(built);
    }
    let mut last = None;
    report.table(&[
        "threads",
        "pages",
        "characters/page",
        "pages/s",
        "pages per CPU-s",
        "bytes/page",
        "own memory MB",
    ]);
    for threads in &plan.threads {
        let folder = root.join("main");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let way = Way {
            memory: plan.memory,
            ..Way::rebuild(*threads)
        };
        let built = build(plan.corpus(), makers, dossiers, &folder, way)?;
        let pages = built.pages as f64;
        report.row(&[
            threads.to_string(),
            built.pages.to_string(),
            format!("{:.0}", built.characters as f64 / pages),
            format!("{:.0}", pages / built.wall.as_secs_f64()),
            format!("{:.0}", pages / built.cpu.as_secs_f64()),
            format!("{:.0}", built.bytes()? as f64 / pages),
            megabytes(built.memory.own),
        ]);
        last = Some(built);
    }
    let built = last.ok_or("--threads names no number")?;
    let parts: Vec<String> = built
        .parts()?
        .iter()
        .map(|(part, bytes)| format!("{part} {:.0}", *bytes as f64 / built.pages as f64))
        .collect();
    report.line("");
    report.line(format!("Bytes a page by part: {}", parts.join(", ")));
    let generation = built.generation()?;
    for (field, bytes) in generation
        .readers()?
        .weights()?
        .into_iter()
        .filter(|(_, bytes)| *bytes >= built.pages)
    {
        report.line(format!("- {field}: {:.0}", bytes as f64 / built.pages as f64));
    }
    Ok(built)
}

fn latency(
    plan: &Plan,
    readers: &IndexReaders,
    people: &People,
    queries: &[queries::Asked],
    report: &mut Report,
) -> Result<()> {
    if !plan.does("latency") {
        return Ok(());
    }
    let kinds = runs::latency(readers, people, queries)?;
    report.table(&[
        "queries",
        "n",
        "wall ms p50 / p99 / max",
        "CPU ms p50 / p99 / max",
        "pages found",
        "stopped at the cap / budget",
    ]);
    let all = runs::all_of(&kinds);
    let mut rows: Vec<(&str, &runs::Times)> = vec![("**all**", &all)];
    rows.extend(kinds.iter().map(|(kind, times)| (*kind, times)));
    for (kind, times) in rows {
        report.row(&[
            kind.to_owned(),
            times.wall.len().to_string(),
            times.wall.line(),
            times.cpu.line(),
            times.hits.to_string(),
            format!("{} / {}", times.capped, times.over_budget),
        ]);
    }
    for (text, wall) in runs::slowest(readers, people, queries, 5)? {
        report.line(format!("- {wall:.2} ms: `{text}`"));
    }
    let near = runs::near(readers, people, queries)?;
    report.line("");
    report.line(format!(
        "With one misread character, once each, {} queries it makes sense for, the exact search included: wall ms {}, CPU ms {}, {} documents",
        near.wall.len(),
        near.wall.line(),
        near.cpu.line(),
        near.hits
    ));
    Ok(())
}

fn bad_input(readers: &IndexReaders, people: &People, report: &mut Report) -> Result<()> {
    report.table(&["bad input", "ms p50 / p99 / max"]);
    for (name, times) in runs::bad_input(readers, people)? {
        report.row(&[name.to_owned(), times.line()]);
    }
    Ok(())
}

fn facets(readers: &IndexReaders, people: &People, report: &mut Report) -> Result<()> {
    report.table(&["facets with", "capped ms p50 / p99 / max", "exact ms p50 / p99 / max"]);
    for (word, capped, exact) in runs::facets(readers, people)? {
        report.row(&[word.to_owned(), capped.line(), exact.line()]);
    }
    Ok(())
}

fn timing(readers: &IndexReaders, people: &People, sampler: &mut Sampler<'_>, report: &mut Report) -> Result<()> {
    let found = runs::timing(readers, people, sampler, 500)?;
    let bound = found.low_ms.abs().max(found.high_ms.abs());
    report.line("");
    report.line(format!(
        "Hidden word against absent word, {} pairs, medians {:.3} and {:.3} ms, difference within [{:.3}, {:.3}] ms at 95 %: {}",
        found.pairs,
        found.hidden_ms,
        found.absent_ms,
        found.low_ms,
        found.high_ms,
        if bound <= 0.1 { "equivalent within 0.1 ms" } else { "NOT equivalent within 0.1 ms" }
    ));
    Ok(())
}

fn customers(plan: &Plan, makers: &Makers, people: &People, root: &Path, report: &mut Report) -> Result<()> {
    report.table(&[
        "customers",
        "built s",
        "bytes each",
        "type-ahead wall ms p50 / p99 / max",
        "CPU ms",
    ]);
    for count in &plan.customers {
        let folder = root.join("customers");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let (generation, took) = build_customers(plan.corpus(), makers, *count, &folder)?;
        let readers = generation.readers()?;
        let (wall, cpu) = runs::type_ahead(&readers, people, plan.corpus(), makers, *count)?;
        let bytes: u64 = measure::sizes(&folder.join("dossiers"))?
            .iter()
            .map(|(_, bytes)| bytes)
            .sum();
        report.row(&[
            count.to_string(),
            format!("{:.1}", took.as_secs_f64()),
            (bytes / count.unsigned_abs().max(1)).to_string(),
            wall.line(),
            cpu.line(),
        ]);
        fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

fn recall(plan: &Plan, makers: &Makers, people: &People, root: &Path, report: &mut Report) -> Result<()> {
    let corpus = plan.corpus();
    let dossiers = corpus.dossiers_for(plan.small_pages.min(plan.pages));
    let folder = root.join("recall");
    let built = build(corpus, makers, dossiers, &folder, Way::rebuild(2))?;
    let mut sampler = Sampler {
        corpus,
        makers,
        dossiers,
        numbers: Numbers::new(plan.seed ^ 0xEC),
    };
    let queries = sampler.for_recall(60);
    let truth = runs::truth(corpus, makers, dossiers, &queries);
    let generation = built.generation()?;
    let kinds = runs::recall(&generation.readers()?, people, &queries, &truth)?;
    report.line("");
    report.line(format!(
        "Recall at 1.4 % noise, {} pages, macro average over queries:",
        built.pages
    ));
    report.table(&[
        "query",
        "n",
        "pages exact",
        "pages with fallback",
        "dossiers exact",
        "dossiers with fallback and record",
    ]);
    let mut all = runs::Recall::default();
    for recall in kinds.values() {
        all.queries += recall.queries;
        all.exact_pages += recall.exact_pages;
        all.near_pages += recall.near_pages;
        all.exact_dossiers += recall.exact_dossiers;
        all.near_dossiers += recall.near_dossiers;
    }
    for (kind, recall) in std::iter::once(("**all**", &all)).chain(kinds.iter().map(|(kind, recall)| (*kind, recall))) {
        let share = |sum: f64| format!("{:.4}", sum / recall.queries as f64);
        report.row(&[
            kind.to_owned(),
            recall.queries.to_string(),
            share(recall.exact_pages),
            share(recall.near_pages),
            share(recall.exact_dossiers),
            share(recall.near_dossiers),
        ]);
    }
    drop(generation);
    fs::remove_dir_all(&folder)?;
    Ok(())
}

fn reindex(plan: &Plan, makers: &Makers, people: &People, root: &Path, report: &mut Report) -> Result<()> {
    let corpus = plan.corpus();
    let dossiers = corpus.dossiers_for(plan.small_pages.min(plan.pages));
    let folder = root.join("histories");
    let (one, other) = runs::two_histories(corpus, makers, dossiers, &folder)?;
    let mut sampler = Sampler {
        corpus,
        makers,
        dossiers,
        numbers: Numbers::new(plan.seed ^ 0x1D),
    };
    let queries = sampler.mixed();
    let (left, right) = (one.generation()?, other.generation()?);
    let (different, empty) = runs::reindex(&left.readers()?, &right.readers()?, people, &queries)?;
    report.line("");
    report.line(format!(
        "Made at once against grown with corrections, {} pages: {different} of {} uncapped queries differ in match set or order ({empty} find nothing; 95 % bound of a zero {:.4})",
        one.pages,
        queries.len(),
        3.0 / queries.len() as f64
    ));
    drop((left, right));
    fs::remove_dir_all(&folder)?;
    Ok(())
}

fn follow(plan: &Plan, built: &Built, report: &mut Report) -> Result<()> {
    let program = std::env::current_exe()?;
    let output = std::process::Command::new(program)
        .args(["--pages", &plan.pages.to_string()])
        .args(["--pages-per-dossier", &plan.pages_per_dossier.to_string()])
        .args(["--seed", &plan.seed.to_string()])
        .arg("--follow-in")
        .arg(&built.folder)
        .output()?;
    report.line("");
    report.line(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(())
}

fn follow_alone(folder: &Path, corpus: Corpus, makers: &Makers, dossiers: i64) -> Result<()> {
    let built = Built::left_in(folder.to_owned());
    let pages = 40_000;
    let (memory, commits) = runs::follow(&built, corpus, makers, dossiers, pages)?;
    println!(
        "Follower, {pages} pages changed in commits of 1,000: own memory {} MB, with mapped files {} MB; commit until searchable ms p50 / p99 / max {}",
        megabytes(memory.own),
        megabytes(memory.resident),
        commits.line()
    );
    Ok(())
}

/// Real askers of a real (empty) archive: there is no other way to a filter.
fn people() -> Result<People> {
    let runtime = tokio::runtime::Runtime::new()?;
    Ok(runtime.block_on(async {
        let archive = archive::TestArchive::open().await;
        let viewer = archive.person("viewer", SecurityLevel::INTERNAL).await;
        let people = People {
            viewer: Arc::new(VisibilityFilter::by(&viewer)),
            owner: Arc::new(VisibilityFilter::by(&archive.owner())),
        };
        archive.close().await;
        people
    }))
}

fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models: Vec<&str> = cpus.lines().filter(|line| line.starts_with("model name")).collect();
    let name = models
        .first()
        .and_then(|line| line.split(':').nth(1))
        .unwrap_or("unknown")
        .trim();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    format!("{} cores, {name}, load {load} at the start.", models.len())
}

pub fn megabytes(bytes: u64) -> String {
    format!("{:.0}", bytes as f64 / f64::from(1 << 20))
}
