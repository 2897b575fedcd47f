//! How well the bundled pages are read: each true line against the closest run of the page's text (a line-recall error
//! rate), and the share of field values found whole. The pages are synthetic and so are these figures.

use anyhow::{Result, ensure};
use std::collections::BTreeMap;

use crate::Test;
use crate::archive::{demo_folder, expected, list, relative, text};
use crate::demo::demo;

pub const TESTS: &[Test] = &[(
    "reading::bundled_pages_are_read_within_bounds",
    bundled_pages_are_read_within_bounds,
)];

/// Of the issue: CER <= 0.9 % and fields >= 97 % without a seal pass.
const ERROR_RATE_MAX: f64 = 0.009;
const FIELDS_MIN: f64 = 0.97;

#[derive(Default)]
struct Score {
    pages: usize,
    wrong: usize,
    total: usize,
    fields: usize,
    fields_found: usize,
}

fn bundled_pages_are_read_within_bounds() -> Result<()> {
    let demo = demo()?;
    let root = demo_folder().join("scans");
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut worst: Vec<(f64, String)> = Vec::new();
    let mut lost = Vec::new();
    for file in list(&expected()?, "files")?
        .iter()
        .filter(|f| matches!(text(f, "outcome"), "filed" | "needs_review"))
    {
        let path = text(file, "path");
        let Some(item) = list(&demo.report, "items")?
            .iter()
            .find(|i| relative(text(i, "path"), &root) == path)
        else {
            continue;
        };
        let shown = demo.archive.json(&["show", text(item, "document_id"), "--json"])?;
        let first = text(file, "sequence").parse::<usize>().unwrap_or(1) - 1;
        for (n, truth) in list(file, "pages")?.iter().enumerate() {
            let read = fold(
                list(&shown, "pages")?
                    .get(first + n)
                    .map(|p| text(p, "text"))
                    .unwrap_or_default(),
            );
            let mut page = Score {
                pages: 1,
                ..Score::default()
            };
            for line in list(truth, "lines")? {
                let line = fold(line.as_str().unwrap_or_default());
                page.total += line.len();
                page.wrong += distance(&line, &read).min(line.len());
            }
            let whole: String = read.iter().collect();
            for (name, value) in truth["fields"].as_object().into_iter().flatten() {
                let value: String = fold(value.as_str().unwrap_or_default()).into_iter().collect();
                page.fields += 1;
                if whole.contains(&value) {
                    page.fields_found += 1;
                } else {
                    lost.push(format!("{path} page {}: {name} {value}", n + 1));
                }
            }
            worst.push((
                page.wrong as f64 / page.total.max(1) as f64,
                format!("{path} page {}", n + 1),
            ));
            for name in ["all", text(truth, "condition")] {
                let sum = scores.entry(name.to_owned()).or_default();
                sum.pages += page.pages;
                sum.wrong += page.wrong;
                sum.total += page.total;
                sum.fields += page.fields;
                sum.fields_found += page.fields_found;
            }
        }
    }
    for (name, s) in &scores {
        println!(
            "reading {name:8} {:3} pages  CER {:.3} %  fields {}/{}",
            s.pages,
            100.0 * s.wrong as f64 / s.total.max(1) as f64,
            s.fields_found,
            s.fields
        );
    }
    worst.sort_by(|a, b| b.0.total_cmp(&a.0));
    let worst: Vec<String> = worst
        .iter()
        .take(3)
        .map(|(rate, page)| format!("{page} ({:.2} %)", rate * 100.0))
        .collect();
    println!("reading worst: {}", worst.join(", "));
    let all = &scores["all"];
    let rate = all.wrong as f64 / all.total.max(1) as f64;
    ensure!(
        rate <= ERROR_RATE_MAX,
        "{:.3} % of the characters are wrong, {:.1} % are allowed; worst: {}",
        rate * 100.0,
        ERROR_RATE_MAX * 100.0,
        worst.join(", ")
    );
    ensure!(
        all.fields_found as f64 >= FIELDS_MIN * all.fields as f64,
        "{} of {} fields found whole; lost:\n  {}",
        all.fields_found,
        all.fields,
        lost.join("\n  ")
    );
    Ok(())
}

/// Width, case of punctuation and boxes to tick are not what is scored.
fn fold(text: &str) -> Vec<char> {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '。' => '.',
            '、' => ',',
            '“' | '”' => '"',
            '‘' | '’' => '\'',
            '￥' => '¥',
            '—' | '–' => '-',
            '×' => 'x',
            _ => c,
        })
        .filter(|c| !c.is_whitespace() && !matches!(c, '□' | '■' | '☑' | '☐' | '口' | '回'))
        .collect()
}

/// The edit distance of a line against the closest run of the text (Sellers 1980).
fn distance(line: &[char], text: &[char]) -> usize {
    let mut row: Vec<usize> = vec![0; text.len() + 1];
    for (i, a) in line.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in text.iter().enumerate() {
            let substituted = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.into_iter().min().unwrap_or(line.len())
}
