//! A newcomer with 25 files of their own: the blocks of the README are typed as they stand, in an empty home, with nothing
//! but the program on the PATH. Only the port is another one, since 7878 may be taken where the tests run.

use crate::{
    Test,
    archive::{Ran, demo_folder, engines, number, path},
    patience::InTime,
    serving::Serving,
    skip,
    tidy::house,
};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Stdio},
};

pub const TESTS: &[Test] = &[(
    "newcomer::the_readme_leads_to_an_archive",
    the_readme_leads_to_an_archive,
)];

const FILES: usize = 25;
const ADDRESS_OF_README: &str = "http://127.0.0.1:7878";

fn the_readme_leads_to_an_archive() -> Result<()> {
    engines()?;
    if Command::new("curl")
        .arg("--version")
        .stdout(Stdio::null())
        .status_in_time()
        .is_err()
    {
        return skip("curl is missing; install it with `apt-get install curl`");
    }
    let newcomer = Newcomer::new()?;
    let blocks = blocks_of_readme()?;
    let [archive, scripts] = blocks.as_slice() else {
        anyhow::bail!("the README has {} blocks about an own archive, not 2", blocks.len());
    };
    let (last, before) = archive.split_last().context("the block is not empty")?;
    ensure!(last == "dossier serve", "the block ends with `{last}`");
    let mut said = String::new();
    for line in before {
        said.push_str(&newcomer.types(line)?.expect(0)?.said());
    }
    let wanted = format!("{FILES} found");
    ensure!(said.contains(&wanted), "`{wanted}` was never said:\n{said}");

    let mut serve = newcomer.shell(last);
    serve.env("DOSSIER_LISTEN", "127.0.0.1:0");
    let serving = Serving::of(serve, true)?;
    let mut token = String::new();
    let mut answer = String::new();
    for line in scripts {
        let line = line.replace(ADDRESS_OF_README, &serving.address);
        let mut shell = newcomer.shell(&line);
        shell.env("TOKEN", &token);
        let ran = Ran::of(line.clone(), shell.output_in_time()?).expect(0)?;
        if line.contains("users token") {
            token = token_in(&ran.out).context("no token was printed")?;
        }
        answer = ran.out;
    }
    let answer: Value = serde_json::from_str(&answer).with_context(|| format!("curl printed {answer}"))?;
    ensure!(number(&answer, "total")? > 0, "the API finds nothing: {answer}");
    serving.stop()
}

/// The lines of the blocks of shell commands in the README's chapter about an own archive.
fn blocks_of_readme() -> Result<Vec<Vec<String>>> {
    let readme = std::fs::read_to_string(house().join("README.md"))?;
    let chapter = readme
        .split("\n## ")
        .find(|chapter| chapter.starts_with("Your own archive"))
        .context("the README has no chapter about an own archive")?;
    let blocks = chapter.split("```sh\n").skip(1);
    let lines = |block: &str| -> Vec<String> {
        let block = block.split("```").next().unwrap_or_default();
        block.lines().map(str::to_owned).collect()
    };
    Ok(blocks.map(lines).collect())
}

/// The word that looks like a token: the longest one.
fn token_in(text: &str) -> Option<String> {
    let words = text.split_whitespace();
    words
        .max_by_key(|word| word.len())
        .filter(|word| word.len() >= 32)
        .map(str::to_owned)
}

struct Newcomer {
    folder: tempfile::TempDir,
    engines: std::path::PathBuf,
}

impl Newcomer {
    fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("dossier-newcomer-").tempdir()?;
        let at = folder.path();
        for name in ["home", "bin", "work/scans"] {
            std::fs::create_dir_all(at.join(name))?;
        }
        symlink(env!("CARGO_BIN_EXE_dossier"), at.join("bin/dossier"))?;
        for table in ["customers.csv", "locations.csv"] {
            std::fs::copy(demo_folder().join(table), at.join("work").join(table))?;
        }
        files(&at.join("work/scans"))?;
        let config = Ran::of(
            "config".into(),
            crate::archive::program().args(["config", "--json"]).output_in_time()?,
        )
        .json()?;
        let engines = config["engines"].as_str().context("a folder of engines")?.into();
        Ok(Self { folder, engines })
    }

    /// A line in a shell whose home is empty; only the engines are those that the tests have fetched.
    fn shell(&self, line: &str) -> Command {
        let at = self.folder.path();
        let mut shell = Command::new("bash");
        shell
            .args(["-c", &format!("exec {line}")])
            .env_clear()
            .env("HOME", at.join("home"))
            .env("LANG", "C.UTF-8")
            .env("DOSSIER_ENGINES", &self.engines)
            .env(
                "PATH",
                format!("{}:/usr/local/bin:/usr/bin:/bin", at.join("bin").display()),
            )
            .current_dir(at.join("work"))
            .stdin(Stdio::null());
        shell
    }

    fn types(&self, line: &str) -> Result<Ran> {
        Ok(Ran::of(line.to_owned(), self.shell(line).output_in_time()?))
    }
}

/// Twenty-five files as somebody may have them: letters written on a computer, three scans, one file twice.
fn files(folder: &Path) -> Result<()> {
    let scans = demo_folder().join("scans");
    for (name, from) in [
        ("HT-2024-0118.pdf", "2024-合同/HT-2024-0118.pdf"),
        ("营业执照.jpg", "证照/营业执照-华宸智汇.jpg"),
        ("来函.png", "信函/来函-20250519.png"),
        ("来函 (1).png", "信函/来函-20250519.png"),
    ] {
        std::fs::copy(scans.join(from), folder.join(name))?;
    }
    for at in 4..FILES {
        let letter = written(&format!("Service agreement FW-{at:04} for customer KH-00{at:02}"));
        std::fs::write(folder.join(format!("FW-{at:04}.pdf")), letter)?;
    }
    ensure!(
        std::fs::read_dir(folder)?.count() == FILES,
        "{} does not hold {FILES} files",
        path(folder)?
    );
    Ok(())
}

/// A PDF of one line of text.
fn written(text: &str) -> Vec<u8> {
    let drawn = format!("BT /F 18 Tf 72 742 Td ({text}) Tj ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{drawn}\nendstream", drawn.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut pdf = String::from("%PDF-1.7\n");
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(&objects) {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let (start, size) = (pdf.len(), objects.len() + 1);
    pdf.push_str(&format!(
        "{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    ));
    pdf.into_bytes()
}
