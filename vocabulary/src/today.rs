//! What waits for somebody today.

use crate::list::closed_list;

closed_list! {
    /// Something to do, with how many of it there are.
    TodayItem ("thing to do", "待办") {
        /// Documents in review.
        Review = "review" ["待确认的文件"] ["documents to review"];
        /// Of these, those that have waited for a week.
        ReviewLate = "review_late" ["待确认超过七天的文件"] ["documents in review for over a week"];
        /// Batches with rejected files that nobody has accepted, interrupted ones and those that are held.
        Batches = "batches" ["有问题的批次"] ["batches with problems"];
        /// Deliveries of one's own that were begun and not finished.
        Uploads = "uploads" ["未完成的上传"] ["unfinished uploads"];
        PagesToCheck = "pages_to_check" ["待校对的页"] ["pages to check"];
        OriginalsToShelve = "originals_to_shelve" ["待上架的原件"] ["originals to put away"];
        OriginalsMissing = "originals_missing" ["找不到的原件"] ["missing originals"];
        /// Slips whose next step is one's own to sign.
        LoansToApprove = "loans_to_approve" ["待您审批的出借单"] ["loans to approve"];
        /// Of one's own for those who only borrow.
        LoansDue = "loans_due" ["今日应还的借阅"] ["loans due today"];
        LoansOverdue = "loans_overdue" ["逾期未还的借阅"] ["overdue loans"];
        /// Documents whose validity ends within thirty days.
        Expiring = "expiring" ["三十天内到期的文件"] ["documents that expire within thirty days"];
        /// What another has asked for and takes a second person.
        SecondActs = "acts_to_confirm" ["待您同意的操作"] ["acts that wait for your consent"];
        /// Grants that wait for a second person.
        GrantsToConfirm = "grants_to_confirm" ["待第二人确认的授权"] ["grants to confirm"];
        /// Problems that the last check of the trail has found.
        TrailProblems = "trail_problems" ["审计记录校验出的问题"] ["problems found in the audit trail"];
        /// Problems that the last check of the files has found.
        FileProblems = "file_problems" ["文件校验出的问题"] ["problems found in the files"];
    }
}
