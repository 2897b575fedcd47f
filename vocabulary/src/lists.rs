//! The lists of an archive that are taken away whole, for a spreadsheet or for paper.

use crate::list::closed_list;

closed_list! {
    /// A list that is made into a file.
    RecordList ("list", "清单") {
        Customers = "customers" ["客户一览表"] ["customers"];
        Locations = "locations" ["库位一览表"] ["places"];
        /// What should be at one place, in shelf order.
        Contents = "contents" ["调档单"] ["retrieval list"];
        /// What one stocktake says, differences first.
        Stocktake = "stocktake" ["盘点报告"] ["stocktake report"];
        /// What was lent, and when it was struck off.
        Loans = "loans" ["外借登记册"] ["lending register"];
        /// One slip, to sign.
        Slip = "slip" ["出借单"] ["loan slip"];
        /// What is to be fetched for all slips, in walking order.
        Picking = "picking" ["待取清单"] ["pick list"];
        Batches = "batches" ["批次一览表"] ["batches"];
        Review = "review" ["待确认文件清单"] ["documents in review"];
        Imports = "imports" ["导入记录"] ["imports"];
        Withdrawn = "withdrawn" ["已撤回文件清单"] ["withdrawn documents"];
        Sealed = "sealed" ["封存清单"] ["sealed records"];
        Grants = "grants" ["授权一览表"] ["grants"];
        Users = "users" ["用户一览表"] ["users"];
        Kinds = "kinds" ["文件类型表"] ["document kinds"];
        Checklists = "checklists" ["齐全清单一览表"] ["checklists"];
    }
}

impl RecordList {
    /// Whether it is of one place or one stocktake, which must be named.
    pub fn is_of_one(self) -> bool {
        matches!(self, Self::Contents | Self::Stocktake | Self::Slip)
    }
}
