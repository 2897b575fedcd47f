//! The workers from outside: real processes, real engines, hand-made scans.
//!
//! This binary is its own worker: with the word `worker` as first argument it serves, as
//! `dossier worker` does. Engines are set up in the user's cache if they are not there.

#[path = "workers/formats.rs"]
mod formats;
#[path = "workers/ofd.rs"]
mod ofd;

use libtest_mimic::{Arguments, Failed, Trial};
use reading::bitmap::{Bitmap, SharedBitmap};
use reading::engines::{Engines, Index, Precision, Runtime, RuntimeChoice, Wheels, setup};
use reading::layout::Turn;
use reading::limits::{PoolLimits, WorkerLimits};
use reading::media::MediaType;
use reading::page::{PageOrigin, TextVerdict, ViewKind, ViewRequest};
use reading::read::Reader;
use reading::reason::PoolError;
use reading::worker::{Pool, PoolConfig, ScanPage, WorkerCommand};
use std::fs::File;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;
use vocabulary::detail::Detail;
use vocabulary::{Language, Reason};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = args.iter().skip(1).map(String::as_str).collect();
    let served = match words.as_slice() {
        ["worker", "decode", engines] => reading::worker::main_decode(Path::new(engines)),
        // The same on every processor, unless a test says which.
        ["worker", "read", engines] => reading::worker::main_read(Path::new(engines), RuntimeChoice::OnnxRuntime),
        ["worker", "read", engines, runtime] => match runtime.parse() {
            Ok(runtime) => reading::worker::main_read(Path::new(engines), runtime),
            Err(cause) => Err(std::io::Error::other(cause)),
        },
        _ => libtest_mimic::run(&Arguments::from_args(), tests()).exit(),
    };
    std::process::exit(i32::from(served.is_err()))
}

fn tests() -> Vec<Trial> {
    let test = |name: &str, run: fn() -> Result<(), Failed>| Trial::test(name, run);
    vec![
        test("a_written_page_gives_its_text_with_boxes", written_page),
        test("a_turned_page_is_turned_back_by_its_text", turned_page),
        test("a_page_that_is_an_image_is_drawn_in_its_own_pixels", image_page),
        test("a_page_is_read_whichever_way_it_lies", read_page),
        test("a_page_is_read_with_openvino", read_page_with_openvino),
        test("what_does_not_run_here_says_why", other_runtime),
        test("pictures_for_screens_have_the_wanted_width", pictures),
        test("every_format_is_read", formats::every_format),
        test("an_image_that_is_the_page_keeps_its_pixels", formats::own_pixels),
        test("a_damaged_pdf_gives_what_is_left", formats::damaged),
        test("a_damaged_written_page_is_drawn_and_read", formats::damaged_writing),
        test(
            "an_ofd_gives_its_text_with_boxes_and_what_its_signature_came_to",
            ofd::invoice,
        ),
        test("a_broken_ofd_is_refused_by_its_name", ofd::broken),
        test("no_network_multiplies_denormal_numbers", denormal_weights),
        test("a_large_drawing_is_read_in_tiles", formats::large_drawings),
        test("what_cannot_be_read_is_refused_with_its_reason", refusals),
        test("a_slow_page_and_a_hungry_one_are_ended", ended),
        test("a_page_whose_worker_stands_still_is_read_by_another_alone", starved),
        test("a_machine_without_workers_rejects_nothing", unavailable),
        test("a_lost_worker_costs_only_a_second_try", murder),
    ]
}

/// The detector has hundreds of thousands of them, and one convolution then takes longer than all the others.
fn denormal_weights() -> Result<(), Failed> {
    let engines = Engines::locate(engines())?;
    let counted = engines.tiny_weights()?;
    let detector = counted.first().ok_or("no network")?;
    assert_eq!((detector.tiny, detector.weights), (255_958, 2_453_416), "{counted:?}");
    let tiny = std::hint::black_box(f32::MIN_POSITIVE);
    assert!(tiny / std::hint::black_box(2.0) > 0.0, "a thread counts them by itself");
    // The thread that loads the networks is the one that reads, as in a worker.
    let _reader = Reader::load(&engines, Runtime::OnnxRuntime)?;
    assert_eq!(tiny / std::hint::black_box(2.0), 0.0, "they are taken for zero");
    Ok(())
}

fn written_page() -> Result<(), Failed> {
    with_pool(PoolLimits::default(), async |pool| {
        let page = first_page(&pool, written(0), MediaType::Pdf).await?;
        assert_eq!(page.page.verdict, TextVerdict::Trusted);
        assert_eq!(page.page.origin, PageOrigin::BornDigital);
        assert!(page.bitmap.is_none(), "a written page needs no reading");
        // A4 at 200 dots per inch.
        assert_eq!((page.page.width, page.page.height), (1653, 2339));
        let text = page.page.text.ok_or("no text")?;
        let texts: Vec<&str> = text.lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, LINES);
        for line in &text.lines {
            assert_eq!(line.chars.len(), line.text.chars().count());
            assert!(line.chars.windows(2).all(|w| w[0].x < w[1].x));
        }
        // The baseline is 742 points up, so 100 down: 278 pixels.
        let first = text.lines[0].area;
        assert!(
            (first.x - 200.0).abs() < 6.0 && (220.0..278.0).contains(&first.y),
            "{first:?}"
        );
        Ok(())
    })
}

fn turned_page() -> Result<(), Failed> {
    with_pool(PoolLimits::default(), async |pool| {
        let page = first_page(&pool, written(90), MediaType::Pdf).await?;
        assert_eq!((page.page.width, page.page.height), (2339, 1653));
        // Text that ran across now runs down at the right edge; the page turned back has it as it was written.
        assert_eq!(page.page.turn, Turn::ThreeQuarters);
        let text = page.page.text.ok_or("no text")?;
        let texts: Vec<&str> = text.lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, LINES);
        let first = text.lines[0].area;
        assert!(
            (first.x - 200.0).abs() < 6.0 && (220.0..278.0).contains(&first.y),
            "{first:?}"
        );
        Ok(())
    })
}

fn image_page() -> Result<(), Failed> {
    with_pool(PoolLimits::default(), async |pool| {
        let page = first_page(&pool, scanned(620, 877), MediaType::Pdf).await?;
        assert_eq!(page.page.origin, PageOrigin::EmbeddedImage);
        assert_eq!(page.page.verdict, TextVerdict::Absent);
        let bitmap = page.bitmap.ok_or("no bitmap")?.to_bitmap()?;
        let (dw, dh) = (bitmap.width().abs_diff(620), bitmap.height().abs_diff(877));
        assert!(dw <= 1 && dh <= 2, "{:?}", bitmap.header());
        assert!(bitmap.data().iter().any(|&v| v < 60), "the ink is there");
        Ok(())
    })
}

fn read_page() -> Result<(), Failed> {
    with_pool(PoolLimits::default(), read_every_way)
}

/// The other runtime, wherever there is one, with the numbers for this processor, and with those that are read once more
/// where they are close; on a processor without them it multiplies longer numbers.
fn read_page_with_openvino() -> Result<(), Failed> {
    let folder = engines();
    if Engines::locate(folder)?.has_openvino().is_err() {
        return match cfg!(target_arch = "x86_64") {
            true => Err("OpenVINO is missing: `dossier setup` could not fetch it".into()),
            false => Ok(()),
        };
    }
    for choice in [RuntimeChoice::OpenVino, RuntimeChoice::OpenVinoWith(Precision::Bf16)] {
        let pool = reading_with(folder, choice)?;
        runtime()?.block_on(async { read_every_way(pool).await })?;
    }
    Ok(())
}

fn reading_with(engines: &Path, choice: RuntimeChoice) -> Result<Pool, Failed> {
    let mut read = command("read", engines)?;
    read.args.push(choice.as_str().into());
    Ok(Pool::new(config(
        command("decode", engines)?,
        read,
        PoolLimits::default(),
    )))
}

/// OpenVINO is there and is not for this machine: whoever chose it is told, else the other runtime reads.
fn other_runtime() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for entry in std::fs::read_dir(engines())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        match name.starts_with("libopenvino") {
            true => std::fs::write(folder.path().join(name), "no library")?,
            false => std::fs::copy(entry.path(), folder.path().join(name)).map(|_| ())?,
        }
    }
    let found = Engines::locate(folder.path())?;
    if found.has_openvino().is_err() {
        return match cfg!(target_arch = "x86_64") {
            true => Err("OpenVINO is missing: `dossier setup` could not fetch it".into()),
            false => Ok(()),
        };
    }
    runtime()?.block_on(async {
        let chosen = reading_with(folder.path(), RuntimeChoice::OpenVino)?;
        match chosen.read_instead().await {
            Err(PoolError::Unavailable(cause)) => {
                let said = cause.text(Language::English);
                assert!(said.starts_with("OpenVINO is there and could not be loaded"), "{said}");
                assert!(said.contains("`dossier setup`"), "{said}");
            }
            other => return Err(format!("{other:?}").into()),
        }
        let by_itself = reading_with(folder.path(), RuntimeChoice::Auto)?;
        let is_meant = found.runtime(RuntimeChoice::Auto)? != Runtime::OnnxRuntime;
        assert_eq!(by_itself.read_instead().await?.is_some(), is_meant);
        read_every_way(by_itself).await
    })
}

async fn read_every_way(pool: Pool) -> Result<(), Failed> {
    let request = ViewRequest {
        widths: vec![1_653],
        turn: Turn::None,
    };
    let pictures = pool.view(file(&written(0))?, MediaType::Pdf, 0, request).await?;
    let picture = pictures.first().ok_or("no picture")?;
    for turn in [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
        let page = first_page(&pool, picture.bytes.clone(), MediaType::Jpeg).await?;
        let bitmap = page.bitmap.ok_or("no bitmap")?.to_bitmap()?;
        let turned = SharedBitmap::from_bitmap(&bitmap.turned(turn))?;
        let reading = pool.read(&turned).await?;
        assert_eq!(reading.turn.then(turn), Turn::None, "found {:?}", reading.turn);
        assert_eq!((reading.width, reading.height), (page.page.width, page.page.height));
        let plain: String = reading.text.plain().split_whitespace().collect();
        for line in LINES {
            let wanted: String = line.split_whitespace().collect();
            assert!(plain.contains(&wanted), "{turn:?}: {plain}");
        }
        assert!(reading.confidence > 0.9 && !reading.blank);
    }
    let blank = pool
        .read(&SharedBitmap::from_bitmap(&Bitmap::filled(800, 1_100, 250))?)
        .await?;
    assert!(blank.blank);
    Ok(())
}

fn pictures() -> Result<(), Failed> {
    with_pool(PoolLimits::default(), async |pool| {
        for (turn, height) in [(Turn::None, 566), (Turn::Quarter, 283)] {
            let request = ViewRequest {
                widths: vec![400, 120],
                turn,
            };
            let pictures = pool.view(file(&written(0))?, MediaType::Pdf, 0, request).await?;
            let [picture, small] = &pictures[..] else {
                return Err("not two pictures".into());
            };
            assert_eq!(small.width, 120);
            assert_eq!(picture.width, 400);
            assert!(picture.height.abs_diff(height) <= 2, "{}", picture.height);
            assert!(matches!(picture.kind, ViewKind::Jpeg | ViewKind::Png));
        }
        Ok(())
    })
}

fn refusals() -> Result<(), Failed> {
    with_pool(PoolLimits::default(), async |pool| {
        let whole = written(0);
        let cut = whole[..whole.len() / 3].to_vec();
        let cycle = pdf(
            &[
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Count 1000000/Kids[2 0 R]>>",
            ],
            "",
        );
        let locked = pdf(
            &[
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Count 0/Kids[]>>",
                "<</Filter/Standard/V 1/R 2/P -44/O<0000000000000000000000000000000000000000000000000000000000000000>\
                 /U<1111111111111111111111111111111111111111111111111111111111111111>>>",
            ],
            "/Encrypt 3 0 R/ID[<00><00>]",
        );
        let cases: Vec<(&str, Vec<u8>, MediaType, &[Reason])> = vec![
            ("a cut PDF", cut, MediaType::Pdf, &[Reason::Truncated]),
            (
                "a circle of pages",
                cycle,
                MediaType::Pdf,
                &[Reason::TooManyPages, Reason::Unreadable, Reason::PageFailed],
            ),
            ("a locked PDF", locked, MediaType::Pdf, &[Reason::Encrypted]),
            ("nothing", Vec::new(), MediaType::Pdf, &[Reason::Empty]),
            ("noise", vec![b'x'; 4_000], MediaType::Png, &[Reason::Unreadable]),
            ("a large BMP", large_bmp(), MediaType::Bmp, &[Reason::TooLarge]),
            (
                "half a TIFF",
                b"II*\0\x08\0\0\0".to_vec(),
                MediaType::Tiff,
                &[Reason::Truncated, Reason::Unreadable],
            ),
        ];
        for (what, bytes, media, expected) in cases {
            match first_page(&pool, bytes, media).await {
                Err(PoolError::Refused(refusal)) => {
                    assert!(expected.contains(&refusal.reason), "{what}: {refusal}");
                }
                other => panic!("{what}: {other:?}"),
            }
        }
        // Believed in part: the page exists, its size is brought within the limit.
        let page = first_page(&pool, vast(), MediaType::Pdf).await?;
        assert!(u64::from(page.page.width) * u64::from(page.page.height) <= 120_000_000);
        Ok(())
    })
}

fn ended() -> Result<(), Failed> {
    let slow = WorkerLimits {
        page_time: Duration::ZERO,
        ..WorkerLimits::decode()
    };
    let limits = PoolLimits {
        decode: slow,
        ..PoolLimits::default()
    };
    with_pool(limits, async |pool| {
        // Reading this page takes far longer than the millisecond in which a clock of no time strikes.
        let refused = first_page(&pool, crowded(), MediaType::Pdf).await;
        match refused {
            Err(PoolError::Refused(refusal)) => assert_eq!(refusal.reason, Reason::TimedOut, "{refusal}"),
            other => panic!("a page that had no time: {other:?}"),
        }
        assert_eq!(pool.status().deaths, 2, "a second try, then no more");
        Ok(())
    })?;
    let hungry = WorkerLimits {
        resident_bytes_max: 1,
        ..WorkerLimits::read()
    };
    let limits = PoolLimits {
        read: hungry,
        ..PoolLimits::default()
    };
    with_pool(limits, async |pool| {
        let page = SharedBitmap::from_bitmap(&Bitmap::filled(2_000, 3_000, 200))?;
        let refused = pool.read(&page).await;
        assert!(matches!(refused, Err(PoolError::Refused(r)) if r.reason == Reason::OutOfMemory));
        Ok(())
    })
}

/// A read worker that stands still for good stands for one that a busy machine gives nothing: its page is read again by
/// another one, alone, before anybody is told anything.
fn starved() -> Result<(), Failed> {
    let read = WorkerLimits {
        page_time: Duration::from_secs(1),
        waits_max: 2,
        ..WorkerLimits::read()
    };
    let limits = PoolLimits {
        read,
        ..PoolLimits::default()
    };
    with_pool(limits, async |pool| {
        let page = SharedBitmap::from_bitmap(&Bitmap::filled(600, 400, 255))?;
        pool.read(&page).await?;
        let pid = pool.idle_reader().ok_or("a read worker waits")?;
        let pid = rustix::process::Pid::from_raw(i32::try_from(pid)?).ok_or("a process")?;
        rustix::process::kill_process(pid, rustix::process::Signal::STOP)?;
        let reading = pool.read(&page).await?;
        assert!(reading.blank);
        assert_eq!(pool.status().deaths, 1, "the one that stood still");
        Ok(())
    })
}

fn unavailable() -> Result<(), Failed> {
    let runtime = runtime()?;
    runtime.block_on(async {
        let missing = command("decode", Path::new("/nonexistent"))?;
        let pool = Pool::new(config(missing.clone(), missing, PoolLimits::default()));
        let answer = first_page(&pool, written(0), MediaType::Pdf).await;
        assert!(matches!(answer, Err(PoolError::Unavailable(_))), "{answer:?}");
        Ok(())
    })
}

fn murder() -> Result<(), Failed> {
    with_pool(PoolLimits::default(), async |pool| {
        let mut scan = pool.open(file(&written(0))?, MediaType::Pdf).await?;
        scan.page(0).await?;
        let pid = scan.worker_pid().ok_or("a worker holds the scan")?;
        let pid = rustix::process::Pid::from_raw(i32::try_from(pid)?).ok_or("a process")?;
        rustix::process::kill_process(pid, rustix::process::Signal::KILL)?;
        let page = scan.page(0).await?;
        assert_eq!(page.page.verdict, TextVerdict::Trusted);
        assert_eq!(pool.status().deaths, 1);
        Ok(())
    })
}

const LINES: [&str; 3] = [
    "Contract No. HT-CG-201903-0042",
    "Amount due 1,234,567.00 before 2024-05-13",
    "Signed by both parties",
];

/// Runs a test with a pool of real workers.
fn with_pool(limits: PoolLimits, run: impl AsyncFnOnce(Pool) -> Result<(), Failed>) -> Result<(), Failed> {
    let folder = engines();
    let config = config(command("decode", folder)?, command("read", folder)?, limits);
    runtime()?.block_on(async { run(Pool::new(config)).await })
}

fn config(decode: WorkerCommand, read: WorkerCommand, limits: PoolLimits) -> PoolConfig {
    PoolConfig {
        decode,
        read,
        decode_workers: 1,
        read_workers: 1,
        view_workers: 1,
        limits,
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failed> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

fn command(role: &str, engines: &Path) -> Result<WorkerCommand, Failed> {
    Ok(WorkerCommand {
        program: std::env::current_exe()?,
        args: vec!["worker".into(), role.into(), engines.into()],
        envs: Vec::new(),
    })
}

/// The engines in the user's cache, set up once.
#[expect(
    clippy::disallowed_methods,
    reason = "a test binary has no `src` that would read it for it"
)]
fn engines() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = match std::env::var_os("DOSSIER_ENGINES") {
            Some(folder) => PathBuf::from(folder),
            None => dirs::cache_dir().expect("a home").join("dossier/engines"),
        };
        if Engines::locate(&folder).is_err() {
            setup(&folder, &Wheels::Fetched(Index::default()), &mut |_| {}).expect("the engines can be fetched");
        }
        folder
    })
}

async fn first_page(pool: &Pool, bytes: Vec<u8>, media: MediaType) -> Result<ScanPage, PoolError> {
    let scan = file(&bytes).map_err(|e| PoolError::Unavailable(Detail::of_system(format!("{e:?}"))))?;
    pool.open(scan, media).await?.page(0).await
}

fn file(bytes: &[u8]) -> Result<File, Failed> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}

/// A page that says it is 750 km high.
fn vast() -> Vec<u8> {
    pdf(
        &[
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 2147483648]>>",
        ],
        "",
    )
}

/// An A4 page with three lines in a standard font.
fn written(rotate: u32) -> Vec<u8> {
    let text = format!(
        "BT /F 18 Tf 72 742 Td ({}) Tj 0 -60 Td ({}) Tj 0 -60 Td ({}) Tj ET",
        LINES[0], LINES[1], LINES[2]
    );
    with_text(rotate, &text)
}

/// A page with 200,000 characters, whose boxes take long to list.
fn crowded() -> Vec<u8> {
    let line = "0 0.1 Td (the quick brown fox jumps over it) Tj\n";
    with_text(0, &format!("BT /F 2 Tf 72 42 Td\n{}ET", line.repeat(6_000)))
}

fn with_text(rotate: u32, text: &str) -> Vec<u8> {
    let page = format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate {rotate}/Contents 4 0 R\
         /Resources<</Font<</F 5 0 R>>>>>>"
    );
    let content = format!("<</Length {}>>stream\n{text}\nendstream", text.len());
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
    pdf(
        &[
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            &page,
            &content,
            font,
        ],
        "",
    )
}

/// An A4 page that is one gray image of this size with a dark bar.
fn scanned(width: usize, height: usize) -> Vec<u8> {
    let rows: Vec<String> = (0..height)
        .map(|y| {
            if (100..120).contains(&y) {
                "20".repeat(width)
            } else {
                "F0".repeat(width)
            }
        })
        .collect();
    let data = format!("{}>", rows.concat());
    let image = format!(
        "<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray\
         /BitsPerComponent 8/Filter/ASCIIHexDecode/Length {}>>stream\n{data}\nendstream",
        data.len()
    );
    let draw = "q 595 0 0 842 0 0 cm /I Do Q";
    let content = format!("<</Length {}>>stream\n{draw}\nendstream", draw.len());
    pdf(
        &[
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
            &content,
            &image,
        ],
        "",
    )
}

/// A PDF of these objects; the first is the catalogue.
fn pdf(objects: &[&str], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).bytes());
    }
    let xref = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    out.extend(format!("trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{xref}\n%%EOF\n").bytes());
    out
}

/// A header that promises 60,000 x 60,000 pixels.
fn large_bmp() -> Vec<u8> {
    let mut bytes = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bytes.extend(60_000i32.to_le_bytes());
    bytes.extend(60_000i32.to_le_bytes());
    bytes.extend([1, 0, 24, 0]);
    bytes.extend([0; 24]);
    bytes
}
