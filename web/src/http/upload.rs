//! A form with a file in it, posted by a signed-in person, with the secret of the session among its fields.

use super::{
    error::{Result, WebError},
    who::{Fields, Seat, same},
};
use crate::state::Web;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Multipart, Request, multipart::MultipartError},
};
use std::collections::HashMap;

/// Fields of such a form at most; each is held in memory.
const PARTS_MAX: usize = 256;

pub struct Uploaded {
    pub seat: Seat,
    pub fields: Fields,
    /// Name and bytes of the file, when one was chosen.
    pub file: Option<(String, Bytes)>,
}

impl FromRequest<Web> for Uploaded {
    type Rejection = WebError;

    async fn from_request(request: Request, web: &Web) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let seat = Seat::from_request_parts(&mut parts, web).await?;
        let limit = web.config.limits.table_bytes_max;
        let refused = |cause: MultipartError| match cause.status().as_u16() {
            413 => WebError::TooLarge { limit },
            _ => WebError::invalid("form", "send multipart/form-data"),
        };
        let request = Request::from_parts(parts, body);
        let mut sent = Multipart::from_request(request, web)
            .await
            // What is no such form has no secret in it either.
            .map_err(|_| WebError::NotFromUs)?;
        let (mut fields, mut file, mut count): (HashMap<String, Vec<String>>, _, usize) = (HashMap::new(), None, 0);
        while let Some(part) = sent.next_field().await.map_err(refused)? {
            count += 1;
            if count > PARTS_MAX {
                return Err(WebError::invalid("form", "it has too many fields"));
            }
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(file_name) => {
                    let bytes = part.bytes().await.map_err(refused)?;
                    if !bytes.is_empty() {
                        file = Some((file_name.chars().take(200).collect(), bytes));
                    }
                }
                None => fields
                    .entry(name)
                    .or_default()
                    .push(part.text().await.map_err(refused)?),
            }
        }
        let mut fields = Fields::of(fields);
        if !same(&fields.text("csrf")?, &seat.csrf) {
            return Err(WebError::NotFromUs);
        }
        Ok(Self { seat, fields, file })
    }
}
