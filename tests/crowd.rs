//! Many connections at once that say nothing, at the real program.

use crate::Test;
use crate::archive::{Database, TestArchive};
use crate::serving::Serving;
use anyhow::{Context, Result, ensure};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

pub const TESTS: &[Test] = &[("silent_sockets_stop_nobody", silent_sockets_stop_nobody)];

const SOCKETS: usize = 2_100;
/// What a supervisor would wait for an answer before it ends the program.
const PATIENCE: Duration = Duration::from_secs(5);

fn silent_sockets_stop_nobody() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let serving = Serving::start(&archive, true)?;
    let address: SocketAddr = serving.address.trim_start_matches("http://").parse()?;
    let mut silent = Vec::new();
    for number in 0..SOCKETS {
        let mut socket = TcpStream::connect_timeout(&address, PATIENCE).with_context(|| format!("socket {number}"))?;
        // Every other one says the beginning of something.
        let _ = socket.write_all(&b"PRI * HT"[..8 * (number % 2)]);
        silent.push(socket);
        if number % 300 == 299 {
            alive(address).with_context(|| format!("with {number} silent sockets"))?;
        }
    }
    for _ in 0..5 {
        alive(address).context("with all the silent sockets")?;
    }
    let metrics = ask(address, "/metrics")?;
    let count = |name: &str| -> Result<usize> {
        let mut lines = metrics.lines();
        let line = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        Ok(line
            .with_context(|| format!("{name} is missing in\n{metrics}"))?
            .parse()?)
    };
    let (open, left) = (
        count("dossier_connections")?,
        count("dossier_connections_made_to_leave")?,
    );
    ensure!(open < SOCKETS && left > 0, "{open} are open, {left} were made to leave");
    // Who has never said anything is sent away, whoever needs the place.
    let mut first = silent.swap_remove(0);
    first.set_read_timeout(Some(Duration::from_secs(60)))?;
    match first.read(&mut [0; 8]) {
        Ok(0) => {}
        Err(cause) if cause.kind() == ErrorKind::ConnectionReset => {}
        other => anyhow::bail!("the first silent socket is still open: {other:?}"),
    }
    serving.stop()
}

fn alive(address: SocketAddr) -> Result<()> {
    let answer = ask(address, "/livez")?;
    ensure!(answer.contains("\"alive\":true"), "/livez answered {answer}");
    Ok(())
}

fn ask(address: SocketAddr, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
