//! What people do about reading: say that a page is well, type over it, choose a text, order to read again.

use super::list::confidence;
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Fields, Posted},
    },
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Redirect,
};
use records::{
    Asker,
    ids::{DocumentId, RereadId},
    pages::looks::CorrectionTarget,
    pages::reread::{RereadOrder, RereadScope, RereadSettings},
};

/// `POST /documents/{id}/pages/{number}/seen`
pub async fn seen(State(web): State<Web>, Path((id, number)): Path<(String, u32)>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let next = fields.text("next")?;
    fields.done()?;
    web.archive
        .page_seen(&seat.asker, &DocumentId::parse(&id)?, number)
        .await?;
    Ok(Redirect::to(address::own(&next)))
}

/// `POST /documents/{id}/pages/{number}/correct`: a line, a region that was not read, or the whole page.
pub async fn correct(
    State(web): State<Web>,
    Path((id, number)): Path<(String, u32)>,
    posted: Posted,
) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let (line, region) = (fields.text("line")?, fields.text("region")?);
    let (former, text, back) = (fields.text("former")?, fields.text("text")?, fields.text("back")?);
    fields.done()?;
    let at = |text: &str| -> Result<usize> { text.parse().map_err(|_| WebError::invalid("line", "is a number")) };
    let place = match (line.as_str(), region.as_str()) {
        ("", "") => CorrectionTarget::Page,
        ("", region) => CorrectionTarget::Region(at(region)?),
        (line, _) => CorrectionTarget::Line {
            line: at(line)?,
            former,
        },
    };
    let id = DocumentId::parse(&id)?;
    web.archive
        .page_correct(&seat.asker, &id, number, &place, &text)
        .await?;
    web.wrote(&seat.asker).await?;
    Ok(Redirect::to(&said(&back, "corrected")))
}

/// `POST /documents/{id}/layers/{layer}`: this text becomes the current one.
pub async fn choose(
    State(web): State<Web>,
    Path((id, layer)): Path<(String, i64)>,
    posted: Posted,
) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let back = fields.text("back")?;
    fields.done()?;
    web.archive
        .layer_choose(&seat.asker, &DocumentId::parse(&id)?, layer)
        .await?;
    web.wrote(&seat.asker).await?;
    Ok(Redirect::to(&said(&back, "chosen")))
}

/// `POST /documents/{id}/reread`
pub async fn reread_document(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    fields.text("back")?;
    let settings = settings_of(&mut fields)?;
    fields.done()?;
    order(&web, &seat.asker, &RereadScope::Documents(vec![id]), settings).await?;
    Ok(Redirect::to("/reading?said=ordered"))
}

/// `POST /batches/{id}/reread`
pub async fn reread_batch(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let settings = settings_of(&mut fields)?;
    fields.done()?;
    order(&web, &seat.asker, &RereadScope::Batch(id), settings).await?;
    Ok(Redirect::to("/reading?said=ordered"))
}

/// `POST /reading/below`
pub async fn reread_below(State(web): State<Web>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let typed = fields.text("below")?;
    let settings = settings_of(&mut fields)?;
    fields.done()?;
    let below = confidence(&typed).ok_or_else(|| WebError::invalid("below", "is a number such as 0.85"))?;
    order(&web, &seat.asker, &RereadScope::Below(below), settings).await?;
    Ok(Redirect::to("/reading?said=ordered"))
}

/// `POST /rereads/{id}/cancel`
pub async fn cancel(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    web.archive.reread_cancel(&seat.asker, &RereadId::parse(&id)?).await?;
    Ok(Redirect::to("/reading?said=cancelled"))
}

async fn order(web: &Web, asker: &Asker, scope: &RereadScope, settings: RereadSettings) -> Result<RereadOrder> {
    web.config.can_read(&settings)?;
    Ok(web.archive.reread_order(asker, scope, settings).await?)
}

fn settings_of(fields: &mut Fields) -> Result<RereadSettings> {
    let number = |name: &'static str, text: &str| -> Result<u32> {
        text.parse().map_err(|_| WebError::invalid(name, "is a number"))
    };
    let pages = fields.text("pages")?;
    let turn = fields.text("turn")?;
    Ok(RereadSettings {
        pages: match pages.as_str() {
            "" => Vec::new(),
            page => vec![number("pages", page)?],
        },
        turn: match turn.as_str() {
            "" => None,
            turn => Some(u16::try_from(number("turn", turn)?).unwrap_or(u16::MAX)),
        },
        force_ocr: !fields.text("force_ocr")?.is_empty(),
        fine: !fields.text("fine")?.is_empty(),
        keep_seals: !fields.text("keep_seals")?.is_empty(),
        second_opinion: !fields.text("second_opinion")?.is_empty(),
    })
}

/// The address to go back to, with what has been done.
fn said(back: &str, what: &str) -> String {
    let back = address::own(back);
    let mark = if back.contains('?') { '&' } else { '?' };
    format!("{back}{mark}said={what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_says_what_was_done() {
        assert_eq!(said("/documents/1?page=2", "chosen"), "/documents/1?page=2&said=chosen");
        assert!(said("https://example.org/", "chosen").starts_with('/'));
    }
}
