//! Papers added over the network in pieces.

use crate::codes::code;
use records::uploads::{Upload, UploadFile, UploadState};
use serde::Serialize;
use utoipa::ToSchema;

/// An upload with how much of each file has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadJson {
    pub id: String,
    #[schema(schema_with = code::<UploadState>)]
    pub state: &'static str,
    pub name: String,
    pub by: String,
    pub created_at: String,
    pub customer_code: String,
    pub location_code: String,
    pub kind: String,
    pub security_level: Option<i64>,
    /// Id of the batch it became; empty until a worker has begun.
    pub batch: String,
    /// Why it could not be taken in.
    pub problem: String,
    pub files: Vec<UploadFileJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct UploadFileJson {
    /// Counted from 1.
    pub number: i64,
    pub path: String,
    pub bytes: i64,
    /// Files with the same word are the pages of one document.
    pub document: String,
    /// Bytes that have come; the next piece begins there.
    pub received: i64,
}

/// How much of a file has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadPieceJson {
    pub received: i64,
    pub bytes: i64,
}

pub fn upload(upload: Upload) -> UploadJson {
    let Upload {
        id,
        state,
        name,
        by,
        created_at,
        customer_code,
        location_code,
        kind,
        security_level,
        batch,
        problem,
        files,
    } = upload;
    UploadJson {
        id: id.to_string(),
        state: state.as_str(),
        name,
        by,
        created_at: created_at.rfc3339(),
        customer_code,
        location_code,
        kind,
        security_level: security_level.map(|level| level.number()),
        batch,
        problem,
        files: files.into_iter().map(upload_file).collect(),
    }
}

fn upload_file(file: UploadFile) -> UploadFileJson {
    let UploadFile {
        number,
        path,
        bytes,
        document,
        received,
    } = file;
    UploadFileJson {
        number,
        path,
        bytes,
        document,
        received,
    }
}
