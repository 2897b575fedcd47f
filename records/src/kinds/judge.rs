//! Which kind a paper is, and why: by the words of its title first, by what stands in its text where the title says
//! nothing. Two kinds that fit alike are no kind: unknown stays unknown.

use super::{DocumentKind, Kinds};
use crate::fold;

/// Between words of one content pattern that must all stand in the text.
pub const ALL_OF: char = '+';
/// Characters of a text that are looked at; what a paper is stands on its first page.
const TEXT_CHARACTERS_MAX: usize = 20_000;

/// Where the words stood that speak for a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KindBasis {
    Content,
    Title,
}

impl KindBasis {
    pub fn as_str(self) -> &'static str {
        match self {
            KindBasis::Content => "content",
            KindBasis::Title => "title",
        }
    }
}

/// A kind that fits, by its best pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindFit<'k> {
    pub kind: &'k DocumentKind,
    pub basis: KindBasis,
    /// As it is written in the list of kinds.
    pub pattern: &'k str,
    /// Characters of the pattern that were found; more is surer.
    pub strength: usize,
}

/// Every kind that fits, best first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement<'k> {
    pub fits: Vec<KindFit<'k>>,
}

impl<'k> Judgement<'k> {
    /// The kind that fits better than every other; `None` when none fits or the best are alike.
    pub fn kind(&self) -> Option<&'k DocumentKind> {
        let best = self.fits.first()?;
        let alike = |other: &KindFit<'_>| (other.basis, other.strength) == (best.basis, best.strength);
        (!self.fits.get(1).is_some_and(alike)).then_some(best.kind)
    }

    /// The best fits are alike, so that nobody can say which.
    pub fn is_tied(&self) -> bool {
        !self.fits.is_empty() && self.kind().is_none()
    }
}

impl Kinds {
    /// Judges a paper by its title and its text; either may be empty.
    pub fn judge(&self, title: &str, text: &str) -> Judgement<'_> {
        let title = fold::name(title);
        let text: String = text.chars().take(TEXT_CHARACTERS_MAX).collect();
        let text = fold::name(&text);
        let mut fits: Vec<KindFit<'_>> = Vec::new();
        for kind in self.all().iter().filter(|kind| kind.active) {
            let by_title = kind.title_patterns.iter().filter_map(|pattern| {
                let strength = found_whole(&title, pattern)?;
                Some(fit(kind, KindBasis::Title, pattern, strength))
            });
            let by_content = kind.content_patterns.iter().filter_map(|pattern| {
                let strength = found_all(&text, pattern)?;
                Some(fit(kind, KindBasis::Content, pattern, strength))
            });
            fits.extend(by_title.chain(by_content).max_by_key(|fit| (fit.basis, fit.strength)));
        }
        fits.sort_by_key(|fit| std::cmp::Reverse((fit.basis, fit.strength)));
        Judgement { fits }
    }
}

fn fit<'k>(kind: &'k DocumentKind, basis: KindBasis, pattern: &'k str, strength: usize) -> KindFit<'k> {
    KindFit {
        kind,
        basis,
        pattern,
        strength,
    }
}

fn found_whole(text: &str, pattern: &str) -> Option<usize> {
    let wanted = fold::name(pattern);
    (!wanted.is_empty() && text.contains(&wanted)).then(|| wanted.chars().count())
}

fn found_all(text: &str, pattern: &str) -> Option<usize> {
    let mut strength = 0;
    for word in pattern.split(ALL_OF) {
        strength += found_whole(text, word)?;
    }
    Some(strength)
}

#[cfg(test)]
mod tests {
    use super::super::ready_made;
    use super::*;

    #[test]
    fn title_before_content_and_unknown_stays_unknown() -> crate::Result<()> {
        let kinds = Kinds::new(ready_made()?);
        let check = |title: &str, text: &str, expected: Option<&str>| {
            let judged = kinds.judge(title, text);
            assert_eq!(
                judged.kind().map(|kind| kind.code.as_str()),
                expected,
                "{title} / {text}"
            );
        };
        check("房 屋 租 赁 合 同", "", Some("lease_contract"));
        check("", "公民身份号码 110101199003070000 住址 北京市", Some("id_card_copy"));
        check("房屋租赁合同", "公民身份号码 住址", Some("lease_contract"));
        check("会议通知", "各部门：定于下周一开会。", None);
        check("", "", None);
        Ok(())
    }

    #[test]
    fn two_that_fit_alike_are_none() -> crate::Result<()> {
        let mut list = ready_made()?;
        list[0].content_patterns = vec!["红+蓝".to_owned()];
        list[1].content_patterns = vec!["蓝+绿".to_owned()];
        let kinds = Kinds::new(list);
        let judged = kinds.judge("", "红蓝绿");
        assert!(judged.is_tied());
        assert_eq!(judged.fits.len(), 2);
        assert_eq!(
            kinds.judge("", "红蓝").kind().map(|kind| kind.code.as_str()),
            Some("id_card_copy")
        );
        Ok(())
    }
}
