//! The temporary PostgreSQL of these tests: made once when the first test wants it, stopped at the end.

use anyhow::{Result, bail};
use std::sync::Mutex;
use testing::Cluster;

use crate::skip;

static CLUSTER: Mutex<Option<Result<Cluster, String>>> = Mutex::new(None);

/// The address of a new, empty database. Skips where PostgreSQL cannot run.
pub fn new_database() -> Result<String> {
    with_cluster(|cluster| cluster.new_database())
}

/// A new database filled from a dump.
pub fn database_of(dump: &std::path::Path) -> Result<String> {
    with_cluster(|cluster| {
        let url = cluster.new_database()?;
        cluster.run_file(&url, dump)?;
        Ok(url)
    })
}

/// Runs SQL on a database.
pub fn run_file(url: &str, file: &std::path::Path) -> Result<()> {
    with_cluster(|cluster| cluster.run_file(url, file).map(|()| String::new())).map(drop)
}

fn with_cluster(run: impl FnOnce(&Cluster) -> Result<String, String>) -> Result<String> {
    let mut slot = CLUSTER.lock().expect("no test panics while it holds the cluster");
    match slot.get_or_insert_with(|| Cluster::start(std::env::var("DOSSIER_TEST_POSTGRES_URL").ok())) {
        Ok(cluster) => match run(cluster) {
            Ok(url) => Ok(url),
            Err(why) => bail!("the test cluster: {why}"),
        },
        Err(why) => skip(why.clone()),
    }
}

/// Stops the cluster, if one was started. Statics are not dropped, so main calls this.
pub fn stop() {
    drop(CLUSTER.lock().ok().and_then(|mut slot| slot.take()));
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
