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
        /// A run holds it.
        Running = "running" ["进行中"] ["running"];
        /// Nobody is at it: the next run over the same roots goes on with it. Never stored; a run whose lease has ended.
        Interrupted = "interrupted" ["已中断"] ["interrupted"];
        Finished = "finished" ["已完成"] ["finished"];
        /// Checked and accepted by a person.
        Accepted = "accepted" ["已验收"] ["accepted"];
        /// Held back by a person.
        Held = "held" ["已搁置"] ["held"];
    }
}

impl BatchState {
    /// Whether files of it may still be taken.
    pub const fn is_open(self) -> bool {
        matches!(self, BatchState::Running | BatchState::Interrupted)
    }
}

closed_list! {
    /// Why a scan or a page was not taken, or why a document waits in review. Scripts rely on the codes.
    Reason ("reason", "原因") {
        Empty = "empty" ["空文件"] ["empty file"];
        UnsupportedType = "unsupported_type" ["不支持的类型"] ["unsupported type"];
        Encrypted = "encrypted" ["有密码"] ["password-protected"];
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
        LocationRetired = "location_retired" ["库位已停用"] ["location out of use"];
        CoverSheet = "cover_sheet" ["封面页有疑问"] ["question about a cover sheet"];
        OnlyCoverSheets = "only_cover_sheets" ["只有封面页"] ["cover sheets only"];
        SameScanOtherCustomer = "same_scan_other_customer" ["同一扫描件已归他户"] ["same scan of another customer"];
        /// A dynamic form or a portfolio: what it says is not on its pages.
        PagesElsewhere = "pages_elsewhere" ["内容不在页面上"] ["content is not on its pages"];
        AnnouncedOtherwise = "announced_otherwise" ["交来的说明与档案不一致"] ["announced otherwise"];
    }
}

closed_list! {
    /// What people state of a document when they deliver it, besides its scans.
    StatedField ("stated field", "说明的项目") {
        Customer = "customer" ["客户"] ["customer"];
        Place = "place" ["库位"] ["place"];
        Title = "title" ["题名"] ["title"];
        Kind = "kind" ["文件类型"] ["kind"];
        Number = "number" ["文件编号"] ["number"];
        Date = "date" ["日期"] ["date"];
        ValidFrom = "valid_from" ["生效日期"] ["beginning of its validity"];
        ValidUntil = "valid_until" ["有效期至"] ["end of its validity"];
        PagesDeclared = "pages_declared" ["说明页数"] ["declared pages"];
        Medium = "medium" ["载体"] ["medium"];
        CopyState = "copy_state" ["原件或复印件"] ["original or copy"];
        VerifiedBy = "verified_by" ["核对人"] ["who verified it"];
        VerifiedOn = "verified_on" ["核对日期"] ["date of its verification"];
        Counterpart = "counterpart" ["正副本"] ["counterpart"];
        Copies = "copies" ["份数"] ["copies"];
        Seals = "seals" ["印章"] ["seals"];
        FormCode = "form_code" ["表单编号"] ["form code"];
        SecurityLevel = "security_level" ["密级"] ["security level"];
        Department = "department" ["部门"] ["department"];
        Site = "site" ["机构"] ["site"];
        RetentionClass = "retention_class" ["保管期限"] ["retention class"];
        /// A column that the archive does not know.
        Attribute = "attribute" ["附加项目"] ["further column"];
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

closed_list! {
    UploadState ("state of an upload", "上传状态") {
        /// Pieces come.
        Open = "open" ["上传中"] ["open"];
        /// Every byte has come; a worker takes it next.
        Waiting = "waiting" ["待入档"] ["waiting"];
        Running = "running" ["入档中"] ["running"];
        /// It became a batch.
        Done = "done" ["已入档"] ["done"];
        Failed = "failed" ["失败"] ["failed"];
        Cancelled = "cancelled" ["已取消"] ["cancelled"];
    }
}
