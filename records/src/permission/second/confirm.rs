//! Doing, as the second person, what another has asked for.

use super::{DoneAct, TwoPersonAct, sql::ActRow, wanted_of};
use crate::{
    Archive, Asker, RefusedBecause, Result, SecurityLevel,
    identity::UserChange,
    ids::{DocumentId, SecondActId},
    permission::{DossierProtection, SealTerms},
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
        let level = |word| {
            let number = wanted_of(&act.wanted, word).and_then(|number| number.parse().ok());
            number
                .and_then(SecurityLevel::from_number)
                .unwrap_or(SecurityLevel::Secret)
        };
        match act.act {
            TwoPersonAct::UnsealDocument => {
                let id = DocumentId::parse(&act.object)?;
                self.document_unseal(asker, &id, &act.reason).await?;
            }
            TwoPersonAct::LowerDocument => {
                let id = DocumentId::parse(&act.object)?;
                self.document_lower(asker, &id, level("security_level"), &act.reason)
                    .await?;
            }
            TwoPersonAct::UnsealDossier | TwoPersonAct::LowerDossier => {
                let (_, version) = self.dossier_protection(asker, &act.object).await?;
                let protection = DossierProtection {
                    security_level: level("security_level"),
                    sealed: wanted_of(&act.wanted, "sealed") == Some("true"),
                };
                let terms = SealTerms {
                    reason: act.reason.clone(),
                    ..SealTerms::default()
                };
                self.dossier_protect(asker, &act.object, version, protection, &terms)
                    .await?;
            }
            TwoPersonAct::Clearance => {
                let raised = UserChange {
                    clearance: Some(level("clearance")),
                    ..UserChange::default()
                };
                self.user_change(asker, &act.object, None, &raised).await?;
            }
            TwoPersonAct::FactorReset => self.factor_reset(asker, &act.object).await?,
            TwoPersonAct::Link => {
                let link = self.issue_link_for(asker, &act.object).await?;
                return Ok(DoneAct {
                    object: act.object,
                    link: Some(link),
                });
            }
        }
        Ok(DoneAct {
            object: act.object,
            link: None,
        })
    }
}
