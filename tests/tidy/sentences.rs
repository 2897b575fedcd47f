//! What the command line says stands in both languages side by side, in `said!`: a sentence that has one language only is
//! found here, whichever it is.

use super::{nothing, rust_files, shown, source::Code, sources};
use anyhow::{Result, ensure};

/// Files whose sentences have their other language elsewhere, and where.
const ELSEWHERE: [(&str, &str); 10] = [
    ("src/help.rs", "what clap says itself, both in one line"),
    ("src/help/arguments.rs", "help of arguments, both one below the other"),
    ("src/help/papers.rs", "help of arguments, both one below the other"),
    ("src/help/lending.rs", "help of arguments, both in one line"),
    ("src/help/commands.rs", "help of commands, both one below the other"),
    (
        "src/help/shelves.rs",
        "help of arguments about shelves, both one below the other",
    ),
    ("src/heading.rs", "words of tables, both in one line"),
    (
        "src/translated.rs",
        "what other rooms say; English stands in their errors",
    ),
    ("src/usage.rs", "what clap says; English is clap's own"),
    (
        "src/commands/covers.rs",
        "printed in the language of the archive, both in one line",
    ),
];

/// What nobody reads on the command line.
const NOT_SAID: [&str; 8] = [
    "covering(",
    "expect(",
    "unreachable!(",
    "ERROR(",
    "include_dir!(",
    "include_bytes!(",
    "concat!(",
    "env!(",
];

/// Whether the text has two words of English prose beside each other. Code in backquotes is no prose.
pub fn is_english(text: &str) -> bool {
    let prose: String = text.split('`').step_by(2).collect::<Vec<_>>().join("`");
    let is_word = |word: &str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let words: Vec<&str> = prose.split(' ').collect();
    // A comma after the first of two stands in a list of codes.
    let ends = [',', ';', ':', '.', ')'];
    words
        .windows(2)
        .any(|pair| is_word(pair[0]) && is_word(pair[1].trim_end_matches(ends)))
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Where the innermost open parenthesis or bracket before the end stands.
fn opened(before: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in before.bytes().enumerate().rev() {
        match byte {
            b')' | b']' => depth += 1,
            b'(' | b'[' if depth == 0 => return Some(at),
            b'(' | b'[' => depth -= 1,
            b'{' | b'}' | b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

fn said_once(code: &Code) -> Vec<(usize, String)> {
    let mut wrong = Vec::new();
    for (before, at, text) in code.strings_behind() {
        let is_typed = ["dossier ", "python3 "].iter().any(|typed| text.starts_with(typed));
        if is_typed || !is_english(text) && !is_chinese(text) {
            continue;
        }
        let head = opened(before).map_or("", |open| &before[..=open]);
        let is_beside_the_other = head.ends_with("said!(");
        let is_attribute = before.rfind("#[").is_some_and(|from| {
            let (opens, closes) = (before[from..].matches('[').count(), before[from..].matches(']').count());
            opens > closes
        });
        let is_silent = NOT_SAID.iter().any(|silent| head.ends_with(silent));
        if !is_beside_the_other && !is_attribute && !is_silent {
            wrong.push((code.line_of(at), text.to_owned()));
        }
    }
    wrong
}

pub fn the_command_line_speaks_both_languages() -> Result<()> {
    let mut wrong = Vec::new();
    for file in rust_files(&sources("src")) {
        let name = shown(&file);
        if ELSEWHERE.iter().any(|(elsewhere, _)| *elsewhere == name) {
            continue;
        }
        let said = said_once(&Code::read(&file)?);
        wrong.extend(
            said.into_iter()
                .map(|(line, text)| format!("{name}:{line} says `{text}`")),
        );
    }
    nothing(wrong, "say it in both languages: said!(\"english\", \"中文\")")
}

pub fn planted_sentences_are_seen() -> Result<()> {
    let code = Code::of(
        r#"
        /// A comment may say anything.
        #[arg(help = "help stands elsewhere")]
        fn a() {
            print("all was done\n")?;
            print(&said!("all was done {}\n", "全部做完 {}\n", of("nothing is said")))?;
            bail!("读不了");
            let column = "customer_code";
            note(&said!("see `dossier search` for more", "请看 `dossier search`"));
        }
        "#,
    );
    let seen: Vec<String> = said_once(&code).into_iter().map(|(_, text)| text).collect();
    let planted = [r"all was done\n", "nothing is said", "读不了"];
    ensure!(seen == planted, "seen: {seen:?}");
    Ok(())
}
