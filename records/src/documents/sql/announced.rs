//! An announcement of bytes that are in the archive already, carried out.

use super::{
    announced_read::{WhichDocument, documents, held, paper, which_document},
    correct::fields_of,
    proposals,
};
use crate::{
    Archive, Asker, Result,
    batches::{BatchLease, BatchLine},
    changes::ChangeSubject,
    documents::{
        Announced, AnnouncedCustomer, AnnouncedPlace, Announcement, DocumentField, DocumentState,
        announced::{HeldDocument, Weighed},
        recorded::DOCUMENTS,
        states::{DocumentAct, step},
    },
    dossiers,
    ids::Fingerprint,
    places,
    store::{
        EventDraft, Store,
        sql::{Change, Columns},
    },
};
use vocabulary::{
    AuditAction, AuditObject, Reason,
    detail::{Detail, DetailCode},
};

impl Archive {
    /// What would come of an announcement about scans that are in the archive; nothing is written.
    pub async fn announcement_weigh(
        &self,
        asker: &Asker,
        scans: &[Fingerprint],
        said: &Announcement,
    ) -> Result<Announced> {
        Ok(match which_document(&self.0, asker, scans, said).await? {
            WhichDocument::These { documents, hidden } => {
                let said = of_each(said, documents.len());
                let weighed = documents.into_iter().map(|document| {
                    let weighed = document.weigh(&said);
                    (document, weighed)
                });
                outcome(&weighed.collect::<Vec<_>>(), hidden)
            }
            other => unchanged(other),
        })
    }

    /// Carries out an announcement about scans that are in the archive: fills what their document does not have, and
    /// writes the lines of the files, which say so. Where it contradicts, nothing is written.
    ///
    /// # Errors
    /// Refused when another run holds the batch by now.
    pub async fn announcement_take(
        &self,
        asker: &Asker,
        lease: &BatchLease,
        scans: &[Fingerprint],
        said: &Announcement,
        lines: &mut [BatchLine],
    ) -> Result<Announced> {
        let which = which_document(&self.0, asker, scans, said).await?;
        let mut change = self.0.change(asker.name()).await?;
        crate::batches::sql::hold(&mut change, lease).await?;
        let announced = match which {
            WhichDocument::These { documents, hidden } => {
                let said = of_each(said, documents.len());
                match held_again(&self.0, &mut change, asker, documents, &said).await? {
                    None => unchanged(WhichDocument::NotSeen),
                    Some(weighed) => {
                        let announced = outcome(&weighed, hidden);
                        if matches!(announced, Announced::Fits { .. }) {
                            for (document, weighed) in &weighed {
                                write(&mut change, document, &said, weighed).await?;
                                said_in_lines(lines, &said, weighed);
                            }
                        }
                        announced
                    }
                }
            }
            other => unchanged(other),
        };
        if let Announced::Fits { filled, noted } = &announced {
            for line in lines.iter_mut() {
                let details = filled.iter().chain(noted).cloned();
                line.detail = line
                    .detail
                    .take()
                    .into_iter()
                    .chain(details)
                    .reduce(|all, next| all.and(Some(next)));
                let reason = noted.iter().find_map(|detail| match detail.code {
                    DetailCode::LocationUnknown => Some(Reason::LocationUnknown),
                    DetailCode::LocationRetired => Some(Reason::LocationRetired),
                    _ => None,
                });
                if let Some(reason) = reason {
                    reason.as_str().clone_into(&mut line.reason);
                }
                crate::batches::sql::insert_line(&mut change, lease.batch_uid, line).await?;
            }
            change.commit().await?;
        }
        Ok(announced)
    }
}

/// The announcement as it holds for each of so many documents of one file.
fn of_each(said: &Announcement, documents: usize) -> Announcement {
    match documents {
        1 => said.clone(),
        _ => said.of_stack(),
    }
}

/// The documents as they are in this change, each compared with what is announced; nothing when one of them has gone.
async fn held_again(
    store: &Store,
    change: &mut Change,
    asker: &Asker,
    found: Vec<HeldDocument>,
    said: &Announcement,
) -> Result<Option<Vec<(HeldDocument, Weighed)>>> {
    let mut all = Vec::with_capacity(found.len());
    for found in found {
        let row = documents(asker, &change.at)
            .and("d.uid = ?", [found.uid.into()])
            .locked(change.dialect)
            .held(change.connection())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let mut document = held(&row)?;
        document.paper = paper(store, &document, &row, said).await?;
        let weighed = document.weigh(said);
        all.push((document, weighed));
    }
    Ok(Some(all))
}

fn outcome(all: &[(HeldDocument, Weighed)], hidden: bool) -> Announced {
    let once = |details: fn(&Weighed) -> &Vec<Detail>| {
        let mut once: Vec<Detail> = Vec::new();
        for detail in all.iter().flat_map(|(_, weighed)| details(weighed)) {
            if !once.contains(detail) {
                once.push(detail.clone());
            }
        }
        once
    };
    match all.iter().find(|(_, weighed)| !weighed.differences.is_empty()) {
        None => {
            let mut noted = once(|weighed| &weighed.noted);
            noted.extend(hidden.then(|| DetailCode::AnnouncedNotSeen.alone()));
            Announced::Fits {
                filled: once(|weighed| &weighed.filled),
                noted,
            }
        }
        Some((document, _)) => Announced::Differs {
            document_id: document.id.clone(),
            customer_code: document.customer_code.clone(),
            differences: once(|weighed| &weighed.differences),
            other_customer: all.iter().any(|(_, weighed)| weighed.other_customer),
        },
    }
}

fn unchanged(which: WhichDocument) -> Announced {
    let fits = |noted| Announced::Fits {
        filled: Vec::new(),
        noted,
    };
    match which {
        WhichDocument::Settled | WhichDocument::These { .. } => fits(Vec::new()),
        WhichDocument::NotSeen => fits(vec![DetailCode::AnnouncedNotSeen.alone()]),
        WhichDocument::Several { first, documents } => Announced::Differs {
            document_id: first.id,
            customer_code: first.customer_code,
            differences: vec![DetailCode::AnnouncedOfSeveral.with(documents)],
            other_customer: false,
        },
    }
}

/// The lines name the customer and the place that their document has now.
fn said_in_lines(lines: &mut [BatchLine], said: &Announcement, weighed: &Weighed) {
    for line in lines {
        if let (true, AnnouncedCustomer::Certain { code, .. }) = (weighed.link, &said.customer) {
            line.customer_code.clone_from(code);
        }
        if let (Some(_), AnnouncedPlace::Known { code, .. }) = (weighed.place, &said.place) {
            line.location_code.clone_from(code);
        }
        if weighed.changed.contains(&DocumentField::Kind) {
            line.kind.clone_from(&weighed.draft.kind);
        }
    }
}

async fn write(change: &mut Change, document: &HeldDocument, said: &Announcement, weighed: &Weighed) -> Result<()> {
    change.because(&said.source, "");
    if weighed.changed.contains(&DocumentField::Medium) {
        places::sql::originals::follow_medium(change, document.uid, weighed.draft.particulars.medium).await?;
    }
    let words = |former: &str, new: &str| {
        let new = new
            .split(' ')
            .filter(|word| !former.split(' ').any(|known| known == *word));
        let mut words: Vec<&str> = former.split(' ').filter(|word| !word.is_empty()).collect();
        words.extend(new.filter(|word| !word.is_empty()));
        words.join(" ")
    };
    let (stated, announced) = (
        words(&document.stated, &said.stated()),
        words(&document.announced, &said.digest),
    );
    let mut update = fields_of(change.update(&DOCUMENTS, document.uid), &weighed.draft)
        .set("stated", stated)
        .set("announced", announced);
    if let Some(attributes) = &weighed.attributes {
        let attributes = serde_json::Value::from_iter(attributes.iter().cloned());
        update = update.set("attributes", attributes.to_string());
    }
    update.run().await?;
    if weighed.link {
        link(change, document, said).await?;
    }
    if let AnnouncedCustomer::Unclear { candidates, .. } = &said.customer {
        proposals::insert(change, document.uid, candidates, &[]).await?;
    }
    if let (Some(place), AnnouncedPlace::Known { code, .. }) = (weighed.place, &said.place) {
        places::sql::originals::shelve(change, document.uid, place).await?;
        event(change, AuditAction::OriginalPutAway, document, format!("place={code}"));
    }
    if !weighed.filled.is_empty() {
        let fields: Vec<&str> = weighed.changed.iter().map(|field| field.as_str()).collect();
        if !fields.is_empty() || weighed.attributes.is_some() {
            event(
                change,
                AuditAction::DocumentChanged,
                document,
                format!("announced={}", fields.join(",")),
            );
        }
        change.touch(ChangeSubject::Document, document.uid);
    }
    Ok(())
}

/// Files it with the customer that was announced.
async fn link(change: &mut Change, document: &HeldDocument, said: &Announcement) -> Result<()> {
    let AnnouncedCustomer::Certain {
        uid,
        code,
        basis,
        detail,
    } = &said.customer
    else {
        return Ok(());
    };
    step(document.state, DocumentAct::Link)?;
    let dossier = sqlx::query("SELECT uid FROM dossiers WHERE customer_uid = $1")
        .bind(*uid)
        .fetch_one(change.connection())
        .await?
        .of("dossiers")
        .int("uid")?;
    change
        .update(&DOCUMENTS, document.uid)
        .set("dossier_uid", dossier)
        .set("state", DocumentState::Filed.as_str())
        .set("link_basis", basis.as_str())
        .set("link_detail", detail.stored())
        .run()
        .await?;
    proposals::decide(change, document.uid, *uid, true).await?;
    dossiers::sql::accept(change, dossier).await?;
    let said = format!("customer={code} basis={}", basis.as_str());
    event(change, AuditAction::DocumentLinked, document, said);
    Ok(())
}

fn event(change: &mut Change, action: AuditAction, document: &HeldDocument, said: String) {
    change.event(EventDraft::new(action, AuditObject::Document, document.id.as_str()).detail(said));
}
