//! What it costs to look for the codes and bars of cover sheets on a page.
//!
//! ```text
//! cargo run --release -p reading --example cost_of_marks -- ENGINES FILE...
//! ```
//! Draws each page once as it is read, and looks at it ten times.

use reading::decode::{Decoder, marks_of};
use reading::engines::Engines;
use reading::limits::ScanLimits;
use reading::media::media_type;
use std::error::Error;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use std::time::Instant;

const ROUNDS: u32 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let engines = words.next().ok_or("usage: cost_of_marks ENGINES FILE...")?;
    let decoder = Decoder::load(&Engines::locate(Path::new(&engines))?)?;
    let mut times = Vec::new();
    for name in words {
        let mut file = File::open(&name)?;
        let mut head = vec![0; 4096];
        let read = file.read(&mut head)?;
        file.rewind()?;
        let media = media_type(&head[..read]).ok_or_else(|| format!("{name} is no scan"))?;
        let opened = decoder.open(file, media, &ScanLimits::default());
        let mut scan = opened.map_err(|refusal| format!("{name}: {refusal:?}"))?;
        for index in 0..scan.pages() {
            let page = scan
                .page(index, true)
                .map_err(|refusal| format!("{name}: {refusal:?}"))?;
            let Some(bitmap) = page.1 else { continue };
            let began = Instant::now();
            let mut marks = marks_of(&bitmap);
            for _ in 1..ROUNDS {
                marks = marks_of(&bitmap);
            }
            let ms = began.elapsed().as_secs_f64() * 1e3 / f64::from(ROUNDS);
            println!(
                "{ms:7.1} ms  {}x{}  {} page {}: {:?}",
                bitmap.width(),
                bitmap.height(),
                name,
                index + 1,
                marks.codes
            );
            times.push(ms);
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    println!(
        "{} pages: {:.1} ms at the median, {:.1} ms at 95 %",
        times.len(),
        at(50),
        at(95)
    );
    Ok(())
}
