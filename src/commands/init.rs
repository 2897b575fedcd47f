//! `dossier init`: an empty archive, made on purpose.

use crate::{
    house::House,
    language::said,
    output::{Ending, print, print_json},
    settings::Settings,
};
use anyhow::Result;

#[derive(serde::Serialize)]
struct MadeArchive {
    archive_id: String,
    data: String,
    /// Without a password.
    database: String,
    /// It was not there before.
    made: bool,
}

pub async fn run(settings: &Settings, json: bool) -> Result<Ending> {
    let house = House::open_or_make(settings).await?;
    let made = MadeArchive {
        archive_id: house.system.identity().archive_id.clone(),
        data: settings.data.display().to_string(),
        database: settings.database_shown(),
        made: house.is_new,
    };
    house.close().await;
    if json {
        print_json(&made)?;
    } else if !made.made {
        let MadeArchive { archive_id, data, .. } = made;
        print(&said!(
            "the archive {archive_id} is in {data} already; nothing was changed\n",
            "{data} 中已有档案室 {archive_id}；未作改动\n"
        ))?;
    } else {
        print(&said!(
            "next: `dossier customers import FILE`, `dossier ingest FOLDER`, `dossier serve`\n",
            "下一步：`dossier customers import 文件`、`dossier ingest 文件夹`、`dossier serve`\n"
        ))?;
    }
    Ok(Ending::Fine)
}
