//! Import batches: what became of each file, and why.

use crate::list::closed_list;

closed_list! {
    /// What became of a walked file.
    Outcome ("outcome", "处理结果") {
        /// The customer is certain. Without a shelf its original is to be shelved.
        Filed = "filed" ["入档"] ["filed"];
        /// Stored and searchable, waits for a person.
        NeedsReview = "needs_review" ["待确认"] ["in review", "needs review"];
        /// The same bytes are in the archive already.
        Duplicate = "duplicate" ["重复"] ["duplicate"];
        /// Not taken; the source is untouched, and the file is tried again by the next run.
        Rejected = "rejected" ["退回"] ["rejected"];
        /// Manifests and litter; listed, but outside the count.
        Ignored = "ignored" ["不计"] ["outside the count", "ignored"];
    }
}

closed_list! {
    BatchState ("state of a batch", "批次状态") {
        /// Being walked, or interrupted: the next run over the same roots goes on with it.
        Running = "running" ["进行中"] ["running"];
        Finished = "finished" ["已完成"] ["finished"];
        /// Checked and accepted by a person.
        Accepted = "accepted" ["已验收"] ["accepted"];
        /// Held back by a person.
        Held = "held" ["已搁置"] ["held"];
    }
}

closed_list! {
    /// Why a scan or a page was not taken, or why a document waits in review. Scripts rely on the codes.
    Reason ("reason", "原因") {
        Empty = "empty" ["空文件"] ["empty file"];
        UnsupportedType = "unsupported_type" ["不支持的类型"] ["unsupported type"];
        Encrypted = "encrypted" ["有口令"] ["password-protected"];
        Unreadable = "unreadable" ["打不开"] ["unreadable"];
        Truncated = "truncated" ["不完整"] ["incomplete"];
        TooLarge = "too_large" ["过大"] ["too large"];
        TooManyPages = "too_many_pages" ["页数过多"] ["too many pages"];
        TimedOut = "timed_out" ["超时"] ["took too long"];
        OutOfMemory = "out_of_memory" ["内存不足"] ["out of memory"];
        ChangedWhileReading = "changed_while_reading" ["读取时有变化"] ["changed while it was read"];
        NotSettled = "not_settled" ["还在写入"] ["still being written"];
        Symlink = "symlink" ["符号链接"] ["symbolic link"];
        SpecialFile = "special_file" ["不是普通文件"] ["special file"];
        PermissionDenied = "permission_denied" ["没有读取权限"] ["permission denied"];
        PageFailed = "page_failed" ["有页面失败"] ["a page failed"];
        CustomerUnknown = "customer_unknown" ["客户不存在"] ["unknown customer"];
        CustomerAmbiguous = "customer_ambiguous" ["不止一个客户"] ["several customers fit"];
        CustomerMissing = "customer_missing" ["没有确定的客户"] ["no certain customer"];
        LocationUnknown = "location_unknown" ["库位不存在"] ["unknown location"];
        SameScanOtherCustomer = "same_scan_other_customer" ["同一扫描件已归他户"] ["same scan of another customer"];
    }
}

closed_list! {
    JobState ("state of a job", "任务状态") {
        Waiting = "waiting" ["等待"] ["waiting"];
        /// Somebody works on it.
        Leased = "leased" ["进行中"] ["running", "leased"];
        Done = "done" ["完成"] ["done"];
        Failed = "failed" ["失败"] ["failed"];
    }
}
