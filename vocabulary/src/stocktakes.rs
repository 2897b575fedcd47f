//! Counting what stands on the shelves.

use crate::list::closed_list;

closed_list! {
    /// Whether a stocktake still counts.
    StocktakeState ("state of a stocktake", "盘点状态") {
        Open = "open" ["清点中", "进行中"] ["being counted", "open"];
        Closed = "closed" ["已结束", "结束"] ["closed"];
    }
}

closed_list! {
    /// What a stocktake says of one thing. A thing that is worn or dead has a second line that says so.
    StocktakeVerdict ("verdict of a stocktake", "盘点结果") {
        Present = "present" ["在位"] ["present"];
        Missing = "missing" ["缺失", "未见"] ["missing"];
        /// It belongs into the scope and was found at another place of it.
        Misplaced = "misplaced" ["错位", "放错"] ["misplaced"];
        /// It is known, belongs elsewhere and was found here.
        Foreign = "foreign" ["外来", "不属本处"] ["foreign"];
        /// A label that nothing has, or nothing that the person who looks may see.
        Unknown = "unknown" ["不识标签", "未知标签"] ["unknown label"];
        /// Out with somebody, which is no loss.
        OnLoan = "on_loan" ["借出中"] ["on loan"];
        OnLoanButHere = "on_loan_but_here" ["登记借出而在架"] ["on loan but here"];
        /// Moved while it was being counted, as the ledger of places says.
        Moved = "moved" ["盘点中移位"] ["moved meanwhile"];
        Worn = "worn" ["破损"] ["worn"];
        /// Its paper was not touched for years.
        Dead = "dead" ["死档"] ["dead"];
    }
}

closed_list! {
    /// How a difference of a stocktake was settled.
    StocktakeResolution ("resolution of a difference", "差异处理") {
        /// Somebody put it where it belongs.
        PutBack = "put_back" ["已归位"] ["put back"];
        /// The ledger of places now says that it stands where it was found.
        KeptHere = "kept_here" ["按实存处登记"] ["kept where found"];
        Found = "found" ["已找到"] ["found"];
        /// The record now says that the original is missing.
        ReportedMissing = "reported_missing" ["报缺失"] ["reported missing"];
        Repaired = "repaired" ["已修复"] ["repaired"];
        /// What it is about stands in the note.
        Explained = "explained" ["已查明"] ["explained"];
    }
}

impl StocktakeVerdict {
    /// Whether somebody must settle it before the stocktake is closed.
    pub fn is_difference(self) -> bool {
        !self.settlements().is_empty()
    }

    /// How it may be settled; nothing for what is no difference.
    pub fn settlements(self) -> &'static [StocktakeResolution] {
        use StocktakeResolution as R;
        match self {
            Self::Missing => &[R::Found, R::ReportedMissing, R::Explained],
            Self::Misplaced | Self::Foreign => &[R::PutBack, R::KeptHere, R::Explained],
            Self::OnLoanButHere => &[R::PutBack, R::Explained],
            Self::Unknown => &[R::Explained],
            Self::Worn => &[R::Repaired, R::Explained],
            Self::Present | Self::OnLoan | Self::Moved | Self::Dead => &[],
        }
    }
}
