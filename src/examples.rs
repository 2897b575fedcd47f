//! Examples of each command for `--help`, and what the help of the whole program says besides.

use crate::output::exit_codes;
use clap::Command;

/// Examples by command, as they are typed.
const EXAMPLES: &[(&str, &[&str])] = &[
    ("setup", &["dossier setup", "dossier setup --offline /media/wheels"]),
    (
        "init",
        &[
            "dossier init",
            "dossier init --data /srv/archive --database postgres://dossier@127.0.0.1/archive",
        ],
    ),
    ("demo", &["dossier demo", "dossier demo --listen 7916"]),
    (
        "serve",
        &[
            "dossier serve",
            "dossier serve --listen 0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem --public-url https://archive.example.com",
        ],
    ),
    (
        "ingest",
        &[
            "dossier ingest /scans/2024-05 --dry-run",
            "dossier ingest /scans/2024-05",
            "dossier ingest scan.pdf --customer KH-0001 --location K1-01-A",
            "dossier ingest /scans/in --watch --done /scans/done",
        ],
    ),
    (
        "reread",
        &[
            "dossier reread --below 0.85",
            "dossier reread HT-2024-001 --page 2 --turn 90",
            "dossier reread --batch 2024-05 --fine",
        ],
    ),
    ("kinds", &["dossier kinds list", "dossier kinds export kinds.tsv"]),
    ("kinds list", &["dossier kinds list --all"]),
    ("kinds export", &["dossier kinds export kinds.tsv"]),
    ("kinds import", &["dossier kinds import kinds.tsv --dry-run"]),
    ("kinds delete", &["dossier kinds delete my-kind"]),
    ("checklists", &["dossier checklists list"]),
    ("checklists list", &["dossier checklists list --json"]),
    ("checklists export", &["dossier checklists export checklists.tsv"]),
    (
        "checklists import",
        &["dossier checklists import checklists.tsv --dry-run"],
    ),
    ("checklists delete", &["dossier checklists delete my-list"]),
    (
        "settings",
        &["dossier settings list", "dossier settings set time_zone=Asia/Shanghai"],
    ),
    ("settings list", &["dossier settings list"]),
    ("settings get", &["dossier settings get time_zone"]),
    (
        "settings set",
        &["dossier settings set archive_name=恒远档案室 time_zone=Asia/Shanghai"],
    ),
    ("settings try", &["dossier settings try '合同编号：HT-2024-001'"]),
    (
        "search",
        &[
            "dossier search 运维服务",
            "dossier search 设备 采购 -草稿",
            "dossier search '\"运维服务费\" 类型:合同 日期:2023..2024'",
            "dossier search 户名:华宸 --limit 100 --json",
        ],
    ),
    ("locate", &["dossier locate K1-01-A"]),
    ("show", &["dossier show HT-2024-001", "dossier show HT-2024-001 --json"]),
    (
        "correct",
        &["dossier correct HT-2024-001 --title 运维服务合同 --date 2024-05-13 --why 题名有误"],
    ),
    (
        "documents",
        &["dossier documents withdrawn", "dossier documents named-in KH-0001"],
    ),
    (
        "documents withdraw",
        &["dossier documents withdraw HT-2024-001 --reason 误扫 --yes"],
    ),
    (
        "documents restore",
        &["dossier documents restore 01a2289a-0000-7000-8000-000000000000"],
    ),
    ("documents withdrawn", &["dossier documents withdrawn --all"]),
    (
        "documents seal",
        &["dossier documents seal HT-2024-001 --reason 诉讼 --until 2025-12-31"],
    ),
    (
        "documents unseal",
        &["dossier documents unseal 01a2289a-0000-7000-8000-000000000000 --reason 结案"],
    ),
    (
        "documents name",
        &["dossier documents name HT-2024-001 KH-0002 --as guarantor"],
    ),
    (
        "documents unname",
        &["dossier documents unname HT-2024-001 KH-0002 --as guarantor"],
    ),
    ("documents named-in", &["dossier documents named-in KH-0002"]),
    ("documents proposals", &["dossier documents proposals HT-2024-001"]),
    ("placements", &["dossier placements HT-2024-001"]),
    ("grants", &["dossier grants list --open"]),
    ("grants list", &["dossier grants list --dossier KH-0001"]),
    (
        "grants propose",
        &["dossier grants propose lin --dossier KH-0001 --purpose 审计 --until 2025-06-30"],
    ),
    (
        "grants confirm",
        &["dossier grants confirm 01a2289a-0000-7000-8000-000000000000"],
    ),
    (
        "grants refuse",
        &["dossier grants refuse 01a2289a-0000-7000-8000-000000000000 --reason 无需查看"],
    ),
    (
        "grants revoke",
        &["dossier grants revoke 01a2289a-0000-7000-8000-000000000000 --reason 审计结束"],
    ),
    (
        "customers",
        &["dossier customers list 恒远", "dossier customers show KH-0001"],
    ),
    (
        "customers import",
        &[
            "dossier customers import customers.csv --dry-run",
            "dossier customers import customers.csv",
        ],
    ),
    ("customers fields", &["dossier customers fields"]),
    (
        "customers add",
        &["dossier customers add code=KH-1 name=华宸 kind=organisation"],
    ),
    (
        "customers change",
        &["dossier customers change KH-1 address=创想一路17号 --why 迁址"],
    ),
    (
        "customers list",
        &["dossier customers list 恒远", "dossier customers list --all --json"],
    ),
    ("customers show", &["dossier customers show KH-0001"]),
    ("locations", &["dossier locations list", "dossier locations labels K1"]),
    (
        "locations import",
        &["dossier locations import locations.csv --dry-run"],
    ),
    ("locations fields", &["dossier locations fields"]),
    (
        "locations add",
        &["dossier locations add code=K1-03 kind=rack capacity=20"],
    ),
    ("locations change", &["dossier locations change K1-03 capacity=30"]),
    ("locations list", &["dossier locations list --all"]),
    (
        "locations labels",
        &["dossier locations labels K1-01 --output labels.pdf"],
    ),
    (
        "locations covers",
        &["dossier locations covers KH-0001 KH-0002 --output covers.pdf"],
    ),
    ("imports", &["dossier imports list"]),
    ("imports list", &["dossier imports list --all"]),
    (
        "imports show",
        &["dossier imports show 01a2289a-0000-7000-8000-000000000000"],
    ),
    (
        "imports undo",
        &["dossier imports undo 01a2289a-0000-7000-8000-000000000000"],
    ),
    (
        "users",
        &["dossier users add lin --role archivist", "dossier users list"],
    ),
    (
        "users add",
        &["dossier users add lin --display-name 林晓 --role archivist,reviewer --clearance confidential"],
    ),
    ("users list", &["dossier users list"]),
    ("users show", &["dossier users show lin"]),
    (
        "users change",
        &["dossier users change lin --role viewer --department 法务"],
    ),
    ("users lock", &["dossier users lock lin"]),
    ("users unlock", &["dossier users unlock lin"]),
    ("users passwd", &["dossier users passwd lin"]),
    (
        "users token",
        &["dossier users token lin --label 报表 --scope read --days 90"],
    ),
    ("users tokens", &["dossier users tokens lin"]),
    (
        "users revoke",
        &["dossier users revoke 01a2289a-0000-7000-8000-000000000000"],
    ),
    (
        "batches",
        &[
            "dossier batches",
            "dossier batches 2024-05",
            "dossier batches 2024-05 --out report.xlsx",
        ],
    ),
    ("reindex", &["dossier reindex"]),
    ("verify", &["dossier verify", "dossier verify --full --json"]),
    (
        "history",
        &["dossier history KH-0001", "dossier history --person lin --from 2025-01"],
    ),
    ("audit", &["dossier audit verify"]),
    ("audit verify", &["dossier audit verify --json"]),
    ("doctor", &["dossier doctor"]),
    ("config", &["dossier config", "dossier config --json"]),
    (
        "completions",
        &["dossier completions bash > ~/.local/share/bash-completion/completions/dossier"],
    ),
    ("man", &["dossier man ~/.local/share/man/man1"]),
];

/// A command with its examples behind the long help; what stands behind the help already stays there.
pub fn of(command: Command, path: &str) -> Command {
    let Some((_, examples)) = EXAMPLES.iter().find(|(of, _)| *of == path) else {
        return command;
    };
    let mut text = "Examples:".to_owned();
    for example in *examples {
        text.push_str(&format!("\n  {example}"));
    }
    if let Some(more) = command.get_after_help() {
        text.push_str(&format!("\n\n{more}"));
    }
    command.after_long_help(text)
}

/// The program with the way in, and with every exit code.
pub fn root(command: Command) -> Command {
    let text = format!(
        "Examples:\n  dossier demo                                  a sample archive to try\n  \
         dossier customers import customers.csv        an archive of your own\n  \
         dossier ingest /scans/2024-05\n  \
         dossier search 运维服务 -草稿\n  \
         dossier serve\n\n\
         `dossier COMMAND --help` says all of a command, `-h` the most needed.\n\
         Errors are told in Chinese where LANG or LC_ALL begins with zh, and as JSON with --json.\n\n{}",
        exit_codes()
    );
    command.after_long_help(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_line;
    use std::ffi::OsString;

    /// As a shell parts a line; `#` and `>` end it.
    fn words(line: &str) -> Vec<OsString> {
        let (mut words, mut word, mut is_quoted) = (Vec::new(), String::new(), false);
        for c in line.split(" > ").next().unwrap_or(line).chars() {
            match c {
                '\'' => is_quoted = !is_quoted,
                ' ' if !is_quoted => words.push(std::mem::take(&mut word).into()),
                c => word.push(c),
            }
        }
        words.push(word.into());
        words
    }

    #[test]
    fn every_example_can_be_typed() {
        for (path, examples) in EXAMPLES {
            for example in *examples {
                assert!(
                    example.starts_with(&format!("dossier {path}")),
                    "{example} is no {path}"
                );
                let read = command_line::read(&words(example));
                assert!(
                    read.is_ok(),
                    "{example}: {}",
                    read.err().map_or_else(String::new, |e| e.to_string())
                );
            }
        }
    }

    #[test]
    fn every_command_has_an_example() {
        fn missing(command: &Command, path: &str, found: &mut Vec<String>) {
            for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
                let path = format!("{path} {}", inner.get_name());
                if inner.get_name() != "help" && !EXAMPLES.iter().any(|(of, _)| *of == path.trim()) {
                    found.push(path.clone());
                }
                missing(inner, &path, found);
            }
        }
        let mut found = Vec::new();
        missing(&command_line::command(), "", &mut found);
        assert_eq!(found, Vec::<String>::new());
    }
}
