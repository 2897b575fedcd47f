//! Examples of each command for `--help`, and what the help of the whole program says besides.

use crate::{language::said, output::exit_codes};
use clap::Command;

/// Examples as they are typed; a command with commands inside shows the first of theirs.
pub const EXAMPLES: &[&str] = &[
    "dossier setup",
    "dossier setup --offline /media/wheels",
    "dossier init",
    "dossier init --data /srv/archive --database postgres://dossier@127.0.0.1/archive",
    "dossier demo",
    "dossier demo --listen 7916",
    "dossier serve",
    "dossier serve --listen 0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem --public-url https://archive.example.com",
    "dossier ingest /scans/2024-05 --dry-run",
    "dossier ingest /scans/2024-05",
    "dossier ingest scan.pdf --customer KH-0001 --location K1-01-A",
    "dossier ingest /scans/in --watch --done /scans/done",
    "dossier reread --below 0.85",
    "dossier reread HT-2024-001 --page 2 --turn 90",
    "dossier reread --batch 2024-05 --fine",
    "dossier kinds list",
    "dossier kinds export kinds.tsv",
    "dossier kinds list --all",
    "dossier kinds import kinds.tsv --dry-run",
    "dossier kinds delete my-kind",
    "dossier checklists list",
    "dossier checklists list --json",
    "dossier checklists export checklists.tsv",
    "dossier checklists import checklists.tsv --dry-run",
    "dossier checklists delete my-list",
    "dossier settings list",
    "dossier settings set time_zone=Asia/Shanghai",
    "dossier settings get time_zone",
    "dossier settings set archive_name=恒远档案室 time_zone=Asia/Shanghai",
    "dossier settings try '合同编号：HT-2024-001'",
    "dossier search 运维服务",
    "dossier search 设备 采购 -草稿",
    "dossier search '\"运维服务费\" 类型:合同 日期:2023..2024'",
    "dossier search 户名:华宸 --limit 100 --json",
    "dossier find k101a",
    "dossier locate K1-01-A",
    "dossier show HT-2024-001",
    "dossier show HT-2024-001 --json",
    "dossier correct HT-2024-001 --title 运维服务合同 --date 2024-05-13 --why 题名有误",
    "dossier documents withdrawn",
    "dossier documents named-in KH-0001",
    "dossier documents withdraw HT-2024-001 --reason 误扫 --yes",
    "dossier documents restore 01a2289a-0000-7000-8000-000000000000",
    "dossier documents withdrawn --all",
    "dossier documents seal HT-2024-001 --reason 诉讼 --until 2025-12-31",
    "dossier documents unseal 01a2289a-0000-7000-8000-000000000000 --reason 结案",
    "dossier documents name HT-2024-001 KH-0002 --as guarantor",
    "dossier documents unname HT-2024-001 KH-0002 --as guarantor",
    "dossier documents named-in KH-0002",
    "dossier documents proposals HT-2024-001",
    "dossier today",
    "dossier review list",
    "dossier review decide HT-2024-001 KH-0001",
    "dossier review list --all",
    "dossier review nobody HT-2024-001 --why 内部通知",
    "dossier review decided",
    "dossier review undo HT-2024-001",
    "dossier place HT-2024-001 HT-2024-002 --to K1-01-A-1-01",
    "dossier place HT-2024-001 --back",
    "dossier place H-0001 --to K1-01-A-1-01 --dry-run",
    "dossier place HT-2024-001 --propose",
    "dossier containers add H-0001 --kind box --size-mm 60 --in K1-01-A-1-01",
    "dossier containers list",
    "dossier containers show H-0001",
    "dossier containers labels H-00 --output labels.pdf",
    "dossier containers change H-0001 --title '2024 年借款合同'",
    "dossier containers retire H-0001 --why 'worn out'",
    "dossier containers restore H-0001",
    "dossier placements HT-2024-001",
    "dossier map K1-01-A",
    "dossier map K1 --output plan.svg",
    "dossier stocktake list",
    "dossier stocktake begin K1-01",
    "dossier stocktake list --json",
    "dossier stocktake scan 01a2289a-0000-7000-8000-000000000000 --at K1-01-A-1-01 HT-2024-001 HT-2024-002",
    "dossier stocktake file 01a2289a-0000-7000-8000-000000000000 scans.csv --apply",
    "dossier stocktake show 01a2289a-0000-7000-8000-000000000000 --unsettled",
    "dossier stocktake settle 01a2289a-0000-7000-8000-000000000000 HT-2024-001 --owner lin --until 2025-06-30",
    "dossier stocktake close 01a2289a-0000-7000-8000-000000000000",
    "dossier stocktake seen HT-2024-001",
    "dossier loans list --state overdue",
    "dossier loans ask HT-2024-001 --borrower 张三 --department 法务部 --purpose 应诉核对",
    "dossier loans list --borrower 张三",
    "dossier loans show JY-2026-0001",
    "dossier loans approve JY-2026-0001",
    "dossier loans refuse JY-2026-0001 --reason 请看扫描件",
    "dossier loans issue JY-2026-0001 --signed",
    "dossier loans return JY-2026-0001 --pages 12",
    "dossier loans return JY-2026-0001 --pages 11 --received-by 王芳",
    "dossier loans shelve JY-2026-0001 --at K1-01-A-1-01",
    "dossier loans cancel JY-2026-0001 --reason 不再需要",
    "dossier loans register --from 2026-03-01 --to 2026-03-31",
    "dossier loans fetch",
    "dossier loans incidents --open",
    "dossier loans resolve 01a2289a-0000-7000-8000-000000000000 --resolution 已补复印件 --replacement HT-2024-002",
    "dossier loans leaver 张三",
    "dossier checks due",
    "dossier checks due --json",
    "dossier checks list",
    "dossier checks show 01a2289a-0000-7000-8000-000000000000",
    "dossier checks order K1 --occasion water --reason 水管破裂",
    "dossier checks record K1 --wrong against_damp=三层渗水 --owner lin --until 2025-06-30",
    "dossier checks rules --months 6",
    "dossier checks repairs --open",
    "dossier checks repair HT-2024-001 --what 字迹褪色 --owner lin",
    "dossier checks mended 01a2289a-0000-7000-8000-000000000000 --result 已修裱",
    "dossier grants list --open",
    "dossier grants list --dossier KH-0001",
    "dossier grants propose lin --dossier KH-0001 --purpose 审计 --until 2025-06-30",
    "dossier grants confirm 01a2289a-0000-7000-8000-000000000000",
    "dossier grants refuse 01a2289a-0000-7000-8000-000000000000 --reason 无需查看",
    "dossier grants revoke 01a2289a-0000-7000-8000-000000000000 --reason 审计结束",
    "dossier second list",
    "dossier second confirm 01a2289a-0000-7000-8000-000000000000",
    "dossier second refuse 01a2289a-0000-7000-8000-000000000000 --reason 案件未结",
    "dossier customers list 恒远",
    "dossier customers show KH-0001",
    "dossier customers import customers.csv --dry-run",
    "dossier customers import customers.csv",
    "dossier customers fields",
    "dossier customers add code=KH-1 name=华宸 kind=organisation",
    "dossier customers change KH-1 address=创想一路17号 --why 迁址",
    "dossier customers list --all --json",
    "dossier locations build K2 --racks 6 --columns 5 --shelves 6 --capacity 40 --dry-run",
    "dossier locations list",
    "dossier locations labels K1",
    "dossier locations import locations.csv --dry-run",
    "dossier locations fields",
    "dossier locations add code=K1-03 kind=rack capacity=20",
    "dossier locations change K1-03 capacity=30",
    "dossier locations list --all",
    "dossier locations show K1-03",
    "dossier locations retire K1-03 --why 'the rack was taken down'",
    "dossier locations restore K1-03",
    "dossier locations labels K1-01 --output labels.pdf",
    "dossier locations covers KH-0001 KH-0002 --output covers.pdf",
    "dossier imports list",
    "dossier imports list --all",
    "dossier imports show 01a2289a-0000-7000-8000-000000000000",
    "dossier imports undo 01a2289a-0000-7000-8000-000000000000",
    "dossier users add lin --role archivist",
    "dossier users list",
    "dossier users add lin --display-name 林晓 --role archivist,auditor --clearance confidential",
    "dossier users show lin",
    "dossier users change lin --role viewer --department 法务",
    "dossier users lock lin",
    "dossier users unlock lin",
    "dossier users passwd lin",
    "dossier users sessions lin",
    "dossier users sessions lin --end-all",
    "dossier users second-factor lin --reset",
    "dossier users token lin --label 报表 --scope read --days 90",
    "dossier users tokens lin",
    "dossier users revoke 01a2289a-0000-7000-8000-000000000000",
    "dossier batches",
    "dossier batches 2024-05",
    "dossier batches 2024-05 --out report.xlsx",
    "dossier export customers -o customers.xlsx",
    "dossier export contents K1-01 -o retrieval.pdf",
    "dossier reindex",
    "dossier verify",
    "dossier verify --full --json",
    "dossier history KH-0001",
    "dossier history --person lin --from 2025-01",
    "dossier audit list HT-2024-0117",
    "dossier audit list --who lin --from 2025-01 --out audit.xlsx",
    "dossier audit verify",
    "dossier audit verify --json",
    "dossier doctor",
    "dossier config",
    "dossier config --json",
    "dossier licenses",
    "dossier licenses tantivy --full",
    "dossier completions bash > ~/.local/share/bash-completion/completions/dossier",
    "dossier man ~/.local/share/man/man1",
];
/// Examples that one help shows.
const SHOWN_MAX: usize = 6;

/// Whether an example is one of this command or of a command inside it.
pub fn is_of(example: &str, path: &str) -> bool {
    let rest = example
        .strip_prefix("dossier ")
        .and_then(|rest| rest.strip_prefix(path));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// A command with its examples behind the long help; what stands behind the help already stays there.
pub fn of(command: Command, path: &str) -> Command {
    let examples: Vec<&str> = EXAMPLES
        .iter()
        .copied()
        .filter(|example| is_of(example, path))
        .collect();
    if examples.is_empty() {
        return command;
    }
    let mut text = said!("Examples:", "示例：");
    for example in examples.iter().take(SHOWN_MAX) {
        text.push_str(&format!("\n  {example}"));
    }
    if let Some(more) = command.get_after_help() {
        text.push_str(&format!("\n\n{more}"));
    }
    command.after_long_help(text)
}

/// The program with the way in, and with every exit code.
pub fn root(command: Command) -> Command {
    let codes = exit_codes();
    let text = said!(
        "Examples:\n  dossier demo                                  a sample archive to try\n  \
         dossier customers import customers.csv        an archive of your own\n  \
         dossier ingest /scans/2024-05\n  \
         dossier search 运维服务 -草稿\n  \
         dossier serve\n\n\
         `dossier COMMAND --help` says all of a command, `-h` the most needed.\n\
         Help and errors are in Chinese where LANG or LC_ALL begins with zh, errors are JSON with --json.\n\n{codes}",
        "示例：\n  dossier demo                                  试用样例档案室\n  \
         dossier customers import customers.csv        建自己的档案室\n  \
         dossier ingest /scans/2024-05\n  \
         dossier search 运维服务 -草稿\n  \
         dossier serve\n\n\
         `dossier 命令 --help` 说明一个命令的全部，`-h` 只说要点。\n\
         LANG 或 LC_ALL 以 zh 开头时帮助和错误为中文；加 --json 时错误为 JSON。\n\n{codes}"
    );
    command.after_long_help(text)
}
