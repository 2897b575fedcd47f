//! What a text says of its document, and when the record is updated from another reading of it.

use super::{Validity, ValidityEnd};
use crate::PartialDate;

/// What a text says of its document; empty where it does not say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Described {
    pub kind: String,
    pub title: String,
    pub number: String,
    pub date: PartialDate,
    pub validity: Validity,
}

impl Described {
    /// What the record says after a re-reading, and which of it is new. Empty fields are filled; fields from the
    /// former text are updated if the new one is `trusted`; all others were entered by people and stay.
    pub(crate) fn following(
        &self,
        former: &Described,
        described: &Described,
        trusted: bool,
    ) -> (Described, Vec<&'static str>) {
        let mut filled = Vec::new();
        let mut follows = |name: &'static str, known: &str, former: &str, new: &str| {
            let open = known.is_empty() || (trusted && known == former);
            let follows = open && !new.is_empty() && new != known;
            if follows {
                filled.push(name);
            }
            follows
        };
        let span = |validity: &Validity| match validity {
            Validity { from, until } if *until == ValidityEnd::Unsaid && from.as_str().is_empty() => String::new(),
            Validity { from, until } => format!("{}/{}", from.as_str(), until.as_str()),
        };
        let mut now = self.clone();
        if follows("kind", &self.kind, &former.kind, &described.kind) {
            now.kind.clone_from(&described.kind);
        }
        if follows("title", &self.title, &former.title, &described.title) {
            now.title.clone_from(&described.title);
        }
        if follows("number", &self.number, &former.number, &described.number) {
            now.number.clone_from(&described.number);
        }
        if follows(
            "date",
            self.date.as_str(),
            former.date.as_str(),
            described.date.as_str(),
        ) {
            now.date = described.date.clone();
        }
        let (before, was, is) = (span(&self.validity), span(&former.validity), span(&described.validity));
        if follows("validity", &before, &was, &is) {
            now.validity = described.validity.clone();
        }
        (now, filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Result;

    #[test]
    fn what_the_text_had_said_follows_it_and_what_somebody_said_stays() -> Result<()> {
        let said = |title: &str, number: &str, until: &str| -> Result<Described> {
            Ok(Described {
                title: title.to_owned(),
                number: number.to_owned(),
                validity: Validity {
                    until: match until {
                        "" => ValidityEnd::Unsaid,
                        date => ValidityEnd::Date(PartialDate::parse(date)?),
                    },
                    ..Validity::default()
                },
                ..Described::default()
            })
        };
        let former = said("租货合同", "ZL-1", "2024-02-28")?;
        let described = said("租赁合同", "ZL-7", "2024-12-28")?;
        let known = said("租货合同", "档-12", "2024-02-28")?;
        let (now, filled) = known.following(&former, &described, true);
        assert_eq!(filled, ["title", "validity"]);
        assert_eq!(now, said("租赁合同", "档-12", "2024-12-28")?);
        // A reading that is less sure than the one before fills only what is empty.
        let (now, filled) = known.following(&former, &described, false);
        assert_eq!((now, filled), (known, Vec::new()));
        let (_, filled) = said("", "", "")?.following(&former, &described, false);
        assert_eq!(filled, ["title", "number", "validity"]);
        Ok(())
    }
}
