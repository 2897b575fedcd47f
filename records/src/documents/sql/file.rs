//! The deposit: scans into the vault, then ONE transaction with all their rows.
//!
//! The order matters: every row written here refers to bytes that are already in the vault and synced. A crash before
//! the commit leaves at most scans without a row, which the next run finds by their digest.

use crate::{
    Error, RefusedBecause, Result, System,
    batches::{BatchLease, BatchLine, Outcome},
    changes::ChangeSubject,
    documents::{
        Counterpart, Deposit, Deposited, DocumentState, KnownScan, Link, LinkBasis, Medium, NewDocument, NewOriginal,
        NewScan,
        recorded::DOCUMENTS,
        sql::{
            enclosed,
            first::{FirstDocuments, as_duplicate, first_documents_of},
            proposals,
        },
    },
    dossiers, fold,
    ids::{DocumentId, Fingerprint},
    pages, places, scans,
    store::{
        EventDraft, Insert,
        sql::{Change, Columns},
    },
};
use vocabulary::{AuditAction, AuditObject};

/// A scan in the vault.
struct VaultScan {
    fingerprint: Fingerprint,
    bytes: u64,
    media_type: String,
    path: Vec<u8>,
}

impl System {
    /// Files deposits, several in one transaction. Either all of them are in the record afterwards or none is.
    ///
    /// # Errors
    /// [`Error::is_full`] tells that disk or database have no room; nothing is half-filed then.
    /// Refused when another run holds the batch by now.
    pub async fn deposit(&self, lease: &BatchLease, actor: &str, deposits: Vec<Deposit>) -> Result<Vec<Deposited>> {
        let kept = tokio::task::spawn_blocking(move || deposits.into_iter().map(kept).collect::<Result<Vec<_>>>())
            .await
            .map_err(|_| {
                Error::from(RefusedBecause::Interrupted {
                    work: "keeping scans in the vault".to_owned(),
                })
            })??;
        let mut change = self.0.change(actor).await?;
        crate::batches::sql::hold(&mut change, lease).await?;
        let mut deposited: Vec<Deposited> = Vec::with_capacity(kept.len());
        let mut documents: Vec<Vec<i64>> = Vec::with_capacity(kept.len());
        for deposit in kept {
            let came_in = deposit.came_in.and_then(|outer| documents.get(outer)?.first().copied());
            let (filed, uids) = file(&mut change, lease.batch_uid, deposit).await?;
            if let Some(outer) = came_in {
                enclosed::note(&mut change, outer, &uids).await?;
            }
            deposited.push(filed);
            documents.push(uids);
        }
        change.commit().await?;
        Ok(deposited)
    }
}

/// A deposit whose scans are in the vault.
struct KeptDeposit {
    scans: Vec<VaultScan>,
    documents: Vec<NewDocument>,
    lines: Vec<BatchLine>,
    not_taken: Vec<BatchLine>,
    known_scan: KnownScan,
    came_in: Option<usize>,
}

fn kept(deposit: Deposit) -> Result<KeptDeposit> {
    Ok(KeptDeposit {
        scans: deposit.scans.into_iter().map(keep).collect::<Result<Vec<_>>>()?,
        documents: deposit.documents,
        lines: deposit.lines,
        not_taken: deposit.not_taken,
        known_scan: deposit.known_scan,
        came_in: deposit.came_in,
    })
}

fn keep(scan: NewScan) -> Result<VaultScan> {
    let bytes = scan.staged.bytes;
    Ok(VaultScan {
        fingerprint: scan.staged.keep()?,
        bytes,
        media_type: scan.media_type,
        path: scan.path.0,
    })
}

/// Files a deposit. Gives the uids of its documents, or of those that its scans were made into before.
async fn file(change: &mut Change, batch_uid: i64, deposit: KeptDeposit) -> Result<(Deposited, Vec<i64>)> {
    let KeptDeposit {
        scans: kept,
        documents,
        mut lines,
        not_taken,
        known_scan,
        came_in: _,
    } = deposit;
    let (scans, firsts) = scans_of(change, batch_uid, &kept).await?;
    for (line, scan) in lines.iter_mut().zip(&kept) {
        line.sha256 = scan.fingerprint.hex();
        line.bytes = i64::try_from(scan.bytes).unwrap_or(i64::MAX);
    }
    for line in &not_taken {
        crate::batches::sql::insert_not_taken(change, batch_uid, line).await?;
    }
    // Another process may have filed the same bytes since they were identified; the transaction sees it.
    if known_scan == KnownScan::IsDuplicate && !firsts.is_empty() && firsts.iter().all(Option::is_some) {
        let mut uids = Vec::new();
        for (line, first) in lines.iter_mut().zip(firsts.into_iter().flatten()) {
            as_duplicate(line, &first);
            uids.push(first.uid());
        }
        for line in &lines {
            crate::batches::sql::insert_line(change, batch_uid, line).await?;
        }
        lines.extend(not_taken);
        return Ok((Deposited { lines, pages: 0 }, uids));
    }
    if documents.is_empty() {
        // It was left unread because its bytes were known, and what they were is gone meanwhile.
        return Err(RefusedBecause::Interrupted {
            work: "filing what is known already".to_owned(),
        }
        .into());
    }
    let mut uids = Vec::with_capacity(documents.len());
    let mut ids = Vec::with_capacity(documents.len());
    let mut codes = Vec::with_capacity(documents.len());
    for document in &documents {
        let (uid, id, code) = insert_document(change, batch_uid, &scans, document).await?;
        uids.push(uid);
        ids.push(id);
        codes.push(code);
    }
    // A line whose documents are of several customers names none.
    if let Some(code) = codes.first().filter(|first| codes.iter().all(|code| code == *first)) {
        for line in lines.iter_mut().filter(|line| line.customer_code.is_empty()) {
            line.customer_code.clone_from(code);
        }
    }
    settle_lines(change, batch_uid, &documents, &ids, &mut lines).await?;
    let pages = documents.iter().map(|document| document.pages.len()).sum::<usize>();
    let pages = i64::try_from(pages).unwrap_or(i64::MAX);
    crate::batches::sql::add_pages(change, batch_uid, pages).await?;
    lines.extend(not_taken);
    Ok((Deposited { lines, pages }, uids))
}

/// The rows of scans, made where there is none, and what was made of each before.
async fn scans_of(
    change: &mut Change,
    batch_uid: i64,
    kept: &[VaultScan],
) -> Result<(Vec<i64>, Vec<Option<FirstDocuments>>)> {
    let mut scans = Vec::with_capacity(kept.len());
    let mut firsts = Vec::with_capacity(kept.len());
    for scan in kept {
        let uid = match scans::sql::find(change, scan.fingerprint).await? {
            Some(uid) => uid,
            None => {
                let (bytes, path) = (scan.bytes, scan.path.as_slice());
                scans::sql::insert(change, batch_uid, scan.fingerprint, bytes, &scan.media_type, path).await?
            }
        };
        scans.push(uid);
        firsts.push(first_documents_of(change, uid).await?);
    }
    Ok((scans, firsts))
}

/// Fills in at each line which documents its file made, and whether a person must decide.
async fn settle_lines(
    change: &mut Change,
    batch_uid: i64,
    documents: &[NewDocument],
    ids: &[DocumentId],
    lines: &mut [BatchLine],
) -> Result<()> {
    let review = documents.iter().find_map(|document| match &document.link {
        Link::Review { reason, detail, .. } => Some((reason, detail)),
        Link::Certain { .. } => None,
    });
    for line in lines {
        line.document_ids = ids.iter().map(DocumentId::to_string).collect();
        match review {
            Some((reason, detail)) => {
                line.outcome = Outcome::NeedsReview;
                line.reason.clone_from(reason);
                // What was noted about the pages is kept beside the question for a person.
                line.detail = Some(detail.clone().and(line.detail.take()));
            }
            None => line.outcome = Outcome::Filed,
        }
        crate::batches::sql::insert_line(change, batch_uid, line).await?;
    }
    Ok(())
}

/// The dossier of the customer that a document is linked to for certain, and the customer's code. A document that waits
/// for another question has no dossier, and the code of the one customer that people named, who is proposed.
async fn dossier_of(change: &mut Change, link: &Link) -> Result<(Option<i64>, String)> {
    let customer_uid = match link {
        Link::Certain { customer_uid, .. } => customer_uid,
        Link::Review { candidates, .. } => match candidates.as_slice() {
            [named] if is_stated(named.basis) => {
                let row = sqlx::query("SELECT code FROM customers WHERE uid = $1").bind(named.customer_uid);
                let row = row.fetch_one(change.connection()).await?;
                return Ok((None, row.of("customers").text("code")?));
            }
            _ => return Ok((None, String::new())),
        },
    };
    let row =
        sqlx::query("SELECT o.uid, c.code FROM dossiers o JOIN customers c ON c.uid = o.customer_uid WHERE c.uid = $1")
            .bind(customer_uid)
            .fetch_one(change.connection())
            .await?;
    let row = row.of("dossiers");
    Ok((Some(row.int("uid")?), row.text("code")?))
}

/// Whether people said it, and nothing on the pages.
fn is_stated(basis: LinkBasis) -> bool {
    matches!(
        basis,
        LinkBasis::Manifest | LinkBasis::CommandLine | LinkBasis::CoverSheet | LinkBasis::Folder
    )
}

/// Inserts a document with its pages, facts, link or proposals, and original. Returns its uid, its id and its customer's
/// code.
async fn insert_document(
    change: &mut Change,
    batch_uid: i64,
    scans: &[i64],
    new: &NewDocument,
) -> Result<(i64, DocumentId, String)> {
    let id = DocumentId::new(&change.environment);
    let (dossier_uid, customer_code) = dossier_of(change, &new.link).await?;
    let uid = insert_row(change, batch_uid, &id, dossier_uid, new).await?;
    pages::sql::write::insert(change, uid, scans, &new.pages).await?;
    let facts = pages::sql::facts::insert(change, uid, &new.facts).await?;
    let (action, basis, reason) = match &new.link {
        Link::Review { candidates, reason, .. } => {
            proposals::insert(change, uid, candidates, &facts).await?;
            (AuditAction::DocumentNeedsReview, LinkBasis::None, reason.as_str())
        }
        Link::Certain { basis, .. } => (AuditAction::DocumentFiled, *basis, ""),
    };
    if let NewOriginal::Paper { location_uid } = new.original {
        places::sql::originals::add(change, uid, location_uid).await?;
    }
    if let Some(dossier) = dossier_uid {
        dossiers::sql::accept(change, dossier).await?;
    }
    change.touch(ChangeSubject::Document, uid);
    change.event(
        EventDraft::new(action, AuditObject::Document, id.as_str()).detail(format!(
            "customer={} basis={}{reason}",
            if dossier_uid.is_some() {
                customer_code.as_str()
            } else {
                ""
            },
            basis.as_str()
        )),
    );
    Ok((uid, id, customer_code))
}

/// The row of a new document, as delivery and reading describe it. Returns its uid.
async fn insert_row(
    change: &mut Change,
    batch_uid: i64,
    id: &DocumentId,
    dossier_uid: Option<i64>,
    new: &NewDocument,
) -> Result<i64> {
    let at = change.at;
    let (state, basis, detail, review_reason, review_detail) = match &new.link {
        Link::Certain { basis, detail, .. } => (DocumentState::Filed, *basis, detail.stored(), "", String::new()),
        Link::Review { reason, detail, .. } => {
            let detail = detail.stored();
            (
                DocumentState::InReview,
                LinkBasis::None,
                detail.clone(),
                reason.as_str(),
                detail,
            )
        }
    };
    let row = change
        .insert(&DOCUMENTS)
        .set("id", id.as_str())
        .set("dossier_uid", dossier_uid)
        .set("state", state.as_str())
        .set("state_before", "")
        .set("review_reason", review_reason)
        .set("review_detail", review_detail)
        .set("link_basis", basis.as_str())
        .set("link_detail", detail)
        .set("kind", &new.kind)
        .set("title", fold::storable(&new.title))
        .set("title_folded", fold::name(&new.title))
        .set("number", fold::storable(&new.number))
        .set("number_folded", fold::code(&new.number))
        .set("date_text", new.date.as_str())
        .set("date_key", new.date.sort_key())
        .set("pages_declared", new.pages_declared)
        .set("pages_scanned", i64::try_from(new.pages.len()).unwrap_or(i64::MAX))
        .set("security_level", new.security_level.number())
        .set("department", &new.department)
        .set("site", &new.site)
        .set("sealed", false)
        .set("valid_from", new.validity.from.as_str())
        .set("valid_until", new.validity.until.as_str())
        .set(
            "attributes",
            serde_json::Value::from_iter(new.attributes.iter().cloned()).to_string(),
        )
        .set("batch_uid", batch_uid)
        .set("stated", &new.stated)
        .set("announced", &new.announced)
        .set("withdrawn_reason", "")
        .set("withdrawn_by", "")
        .set("created_at", at)
        .set("changed_at", at)
        .set("version", 1);
    with_particulars(row, new).run().await
}

/// What is said of the paper itself.
fn with_particulars<'c>(row: Insert<'c>, new: &NewDocument) -> Insert<'c> {
    let more = &new.particulars;
    row.set("medium", medium_of(new).as_str())
        .set("copy_state", new.copy_state.as_str())
        .set("verified_by", &more.verified_by)
        .set("verified_on", more.verified_on.as_str())
        .set("counterpart", more.counterpart.map_or("", Counterpart::as_str))
        .set("copies", more.copies)
        .set(
            "seals",
            serde_json::Value::from_iter(more.seals.iter().cloned()).to_string(),
        )
        .set("form_code", &more.form_code)
        .set("retention_class", &more.retention_class)
}

/// Where there is no paper the file is the document; paper is what is said of it.
fn medium_of(new: &NewDocument) -> Medium {
    match (new.original, new.particulars.medium) {
        (NewOriginal::None, _) => Medium::Digital,
        (NewOriginal::Paper { .. }, Medium::Digital) => Medium::Paper,
        (NewOriginal::Paper { .. }, medium) => medium,
    }
}
