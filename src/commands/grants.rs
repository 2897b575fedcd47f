//! `dossier grants`: who may see what for a time.

use crate::{
    command_line::Grants,
    house::House,
    output::{Ending, print, print_json, print_table},
    settings::Settings,
};
use anyhow::{Result, bail};
use api_types::grants::{self as shapes, GrantJson};
use records::{
    Moment,
    ids::GrantId,
    moment::Edge,
    permission::grants::{Grant, GrantDraft, GrantFilter, GrantTarget},
};

/// Grants that one list shows.
const LISTED_MAX: usize = 10_000;

pub async fn run(settings: &Settings, words: Grants) -> Result<Ending> {
    let house = House::open(settings).await?;
    match words {
        Grants::List {
            document,
            dossier,
            open,
            json,
        } => {
            let filter = GrantFilter {
                target: target(document, dossier)?,
                open_only: open,
            };
            let found = house.archive.grants(&house.asker, &filter, LISTED_MAX).await?;
            let found = shapes::grants(found, house.system.environment().now());
            if json {
                print_json(&found)?;
            } else {
                let header = [
                    "grant",
                    "state",
                    "user",
                    "what",
                    "from",
                    "until",
                    "proposed",
                    "confirmed",
                ];
                let rows: Vec<_> = found.rows.into_iter().map(row).collect();
                print_table(&header, &rows)?;
            }
        }
        Grants::Propose {
            user,
            document,
            dossier,
            purpose,
            from,
            until,
            json,
        } => {
            let zone = house.archive.settings(&house.asker).await?.time_zone.clone();
            let Some(target) = target(document, dossier)? else {
                bail!("say what may be seen: --document ID or --dossier CUSTOMER");
            };
            let draft = GrantDraft {
                user_name: user,
                target,
                purpose,
                from: match from {
                    Some(text) => Moment::parse(&text, &zone, Edge::Start)?,
                    None => house.system.environment().now(),
                },
                until: Moment::parse(&until, &zone, Edge::End)?,
            };
            let made = house.archive.grant_propose(&house.asker, &draft).await?;
            tell(&house, made, json, "proposed; another administrator confirms it")?;
        }
        Grants::Confirm { grant, json } => {
            let made = house
                .archive
                .grant_confirm(&house.asker, &GrantId::parse(&grant)?)
                .await?;
            tell(&house, made, json, "confirmed")?;
        }
        Grants::Refuse { grant, reason, json } => {
            let id = GrantId::parse(&grant)?;
            let made = house.archive.grant_refuse(&house.asker, &id, &reason).await?;
            tell(&house, made, json, "refused")?;
        }
        Grants::Revoke { grant, reason, json } => {
            let id = GrantId::parse(&grant)?;
            let made = house.archive.grant_revoke(&house.asker, &id, &reason).await?;
            tell(&house, made, json, "revoked")?;
        }
    }
    house.close().await;
    Ok(Ending::Fine)
}

fn target(document: Option<String>, dossier: Option<String>) -> Result<Option<GrantTarget>> {
    match (document, dossier) {
        (None, None) => Ok(None),
        (Some(document), None) => Ok(Some(GrantTarget::Document(document))),
        (None, Some(dossier)) => Ok(Some(GrantTarget::Dossier(dossier))),
        (Some(_), Some(_)) => bail!("name a document or a dossier, not both"),
    }
}

fn tell(house: &House, made: Grant, json: bool, what: &str) -> Result<()> {
    let made = shapes::grant(made, house.system.environment().now());
    if json {
        return print_json(&made);
    }
    print(&format!("grant {} for {}: {what}\n", made.id, made.user))
}

fn row(grant: GrantJson) -> Vec<String> {
    let what = match (grant.document_id.as_str(), grant.customer_code.as_str()) {
        ("", code) => format!("dossier {code}"),
        (id, _) => format!("document {id}"),
    };
    vec![
        grant.id,
        grant.state,
        grant.user,
        what,
        grant.from_at,
        grant.until_at,
        grant.proposed_by,
        grant.confirmed_by,
    ]
}
