//! Reads a folder of scans through the real workers and writes the text of each file.
//!
//! ```text
//! cargo run -p reading --example read_pages -- ENGINES IN OUT [WORKERS] [layout] [second] [keep] [onnxruntime|openvino]
//! ```
//! Writes `OUT/FILE.txt` for each `IN/FILE`, prints pages per minute and the memory of the workers.
//! Without arguments but with the word `worker` it is a worker: the pool starts it so.

use reading::engines::{Engines, Index, RuntimeChoice, Wheels, setup};
use reading::limits::PoolLimits;
use reading::media::media_type;
use reading::order::{typed, woven};
use reading::read::ReadHow;
use reading::worker::{Pool, PoolConfig, WorkerCommand, main_decode, main_read};
use std::error::Error;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["worker", "decode", engines] => Ok(main_decode(Path::new(engines))?),
        ["worker", "read", engines, runtime] => Ok(main_read(Path::new(engines), runtime.parse()?)?),
        ["setup", engines] => {
            setup(Path::new(engines), &Wheels::Fetched(Index::default()), &mut |step| {
                println!("{step:?}");
            })?;
            Ok(())
        }
        [engines, input, output, rest @ ..] => {
            let workers = rest.first().and_then(|n| n.parse().ok()).unwrap_or(2);
            let layout = rest.contains(&"layout");
            let how = ReadHow {
                second_opinion: rest.contains(&"second"),
                keep_seals: rest.contains(&"keep"),
                ..ReadHow::default()
            };
            let engines = Engines::locate(Path::new(engines))?;
            let runtime = rest.iter().find_map(|word| word.parse().ok()).unwrap_or_default();
            println!("{}", engines.runtime(runtime)?.version());
            tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()?
                .block_on(read_folder(
                    (&engines, runtime),
                    Path::new(input),
                    Path::new(output),
                    workers,
                    layout,
                    how,
                ))
        }
        _ => Err("usage: read_pages ENGINES IN OUT [WORKERS] | read_pages setup ENGINES".into()),
    }
}

async fn read_folder(
    (engines, runtime): (&Engines, RuntimeChoice),
    input: &Path,
    output: &Path,
    workers: usize,
    layout: bool,
    how: ReadHow,
) -> Result<(), Box<dyn Error>> {
    let command = |role: &str| -> Result<WorkerCommand, Box<dyn Error>> {
        let mut args = vec!["worker".into(), role.into(), engines.folder().into()];
        if role == "read" {
            args.push(runtime.as_str().into());
        }
        Ok(WorkerCommand {
            program: std::env::current_exe()?,
            args,
            envs: Vec::new(),
        })
    };
    let pool = Pool::new(PoolConfig {
        decode: command("decode")?,
        read: command("read")?,
        decode_workers: workers,
        read_workers: workers,
        view_workers: 1,
        limits: PoolLimits::default(),
    });
    std::fs::create_dir_all(output)?;
    pool.check().await?;
    let mut files: Vec<PathBuf> = std::fs::read_dir(input)?.filter_map(|e| Some(e.ok()?.path())).collect();
    files.sort();
    let files = Arc::new(std::sync::Mutex::new(files));
    let began = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..workers {
        let (pool, files, output) = (pool.clone(), files.clone(), output.to_owned());
        tasks.push(tokio::spawn(async move {
            let mut pages = 0u32;
            loop {
                let next = files.lock().map(|mut f| f.pop()).unwrap_or_default();
                let Some(path) = next else { return pages };
                match read_file(&pool, &path, &output, layout, how).await {
                    Ok(count) => pages += count,
                    Err(error) => eprintln!("{}: {error}", path.display()),
                }
            }
        }));
    }
    let mut pages = 0;
    for task in tasks {
        pages += task.await?;
    }
    let seconds = began.elapsed().as_secs_f64();
    let status = pool.status();
    let mib = |bytes: u64| bytes / 1024 / 1024;
    println!(
        "{pages} pages in {seconds:.1} s, {:.1} pages/min with {workers} workers; peak resident: \
         read {} MiB, decode {} MiB; processor seconds for each page: read {:.2}, decode {:.2}; \
         worker deaths {}",
        f64::from(pages) / seconds * 60.0,
        mib(status.read_resident_peak),
        mib(status.decode_resident_peak),
        status.read_processor_time.as_secs_f64() / f64::from(pages.max(1)),
        status.decode_processor_time.as_secs_f64() / f64::from(pages.max(1)),
        status.deaths,
    );
    Ok(())
}

async fn read_file(
    pool: &Pool,
    path: &Path,
    output: &Path,
    layout: bool,
    how: ReadHow,
) -> Result<u32, Box<dyn Error + Send + Sync>> {
    let mut file = File::open(path)?;
    let mut head = [0u8; 1024];
    let count = file.read(&mut head)?;
    let Some(media) = media_type(&head[..count]) else {
        return Ok(0);
    };
    file.rewind()?;
    let mut scan = pool.open(file, media).await?;
    let mut text = String::new();
    for index in 0..scan.pages() {
        let page = scan.page(index).await?;
        match (page.bitmap, page.page.text) {
            (Some(bitmap), delivered) => {
                let turn = page.page.is_rest.then_some(page.page.turn).or(how.turn);
                let mut reading = pool.read_as(&bitmap, ReadHow { turn, ..how }).await?;
                let size = (page.page.width, page.page.height);
                typed(&mut reading.text.lines, &page.page.fields, size, reading.turn);
                if let Some(delivered) = delivered.filter(|_| page.page.is_rest) {
                    reading.text.lines = woven(delivered.lines, reading.text.lines);
                }
                text.push_str(&reading.text.plain());
                if layout {
                    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    println!(
                        "{name}: turn {} confidence {:.3}",
                        reading.turn.degrees(),
                        reading.confidence
                    );
                    for region in &reading.regions {
                        println!("  {:?} {:?}", region.kind, region.area);
                    }
                    for line in &reading.text.lines {
                        println!("  {:.3} {:?} {:?} {}", line.confidence, line.kind, line.area, line.text);
                    }
                }
            }
            (None, Some(layer)) => {
                text.push_str(&layer.plain());
                if layout {
                    layer
                        .lines
                        .iter()
                        .for_each(|line| println!("  {:?} {}", line.area, line.text));
                }
            }
            (None, None) => {}
        }
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    std::fs::write(output.join(format!("{name}.txt")), text)?;
    Ok(scan.pages())
}
