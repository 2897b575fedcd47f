//! Doing, as the second person, what another has asked for.

use super::{DoneAct, TwoPersonAct, WantedState, sql::ActRow};
use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Thing,
    identity::UserChange,
    ids::{DocumentId, SecondActId},
    permission::SealTerms,
};

impl Archive {
    /// Does what another has asked for. A new link is answered to whoever confirmed it, and never again.
    ///
    /// # Errors
    /// [`crate::Error::Refused`] to the one who asked, and to an account that is no second person.
    pub async fn act_confirm(&self, asker: &Asker, id: &SecondActId) -> Result<DoneAct> {
        let ActRow { act, by_uid } = self.act_waiting(asker, id).await?;
        asker.require_writing(super::sql::needed(act.act))?;
        if by_uid == asker.user_uid {
            return Err(RefusedBecause::SecondIsYourself {}.into());
        }
        match (act.act, act.wanted) {
            (TwoPersonAct::UnsealDocument, _) => {
                let id = DocumentId::parse(&act.object)?;
                self.document_unseal(asker, &id, &act.reason).await?;
            }
            (TwoPersonAct::LowerDocument, WantedState::Level(level)) => {
                let id = DocumentId::parse(&act.object)?;
                self.document_lower(asker, &id, level, &act.reason).await?;
            }
            (TwoPersonAct::UnsealDossier | TwoPersonAct::LowerDossier, WantedState::Protection(protection)) => {
                let (_, version) = self.dossier_protection(asker, &act.object).await?;
                let terms = SealTerms {
                    reason: act.reason.clone(),
                    ..SealTerms::default()
                };
                self.dossier_protect(asker, &act.object, version, protection, &terms)
                    .await?;
            }
            (TwoPersonAct::Clearance, WantedState::Level(level)) => {
                let raised = UserChange {
                    clearance: Some(level),
                    ..UserChange::default()
                };
                self.user_change(asker, &act.object, None, &raised).await?;
            }
            (TwoPersonAct::FactorReset, _) => self.factor_reset(asker, &act.object).await?,
            (TwoPersonAct::Link, _) => {
                let link = self.issue_link_for(asker, &act.object).await?;
                return Ok(DoneAct {
                    object: act.object,
                    link: Some(link),
                });
            }
            // A row is read by its act, see `sql::wanted_of`.
            (
                TwoPersonAct::LowerDocument
                | TwoPersonAct::UnsealDossier
                | TwoPersonAct::LowerDossier
                | TwoPersonAct::Clearance,
                _,
            ) => return Err(Error::absent(Thing::SecondAct, id.as_str())),
        }
        Ok(DoneAct {
            object: act.object,
            link: None,
        })
    }
}
