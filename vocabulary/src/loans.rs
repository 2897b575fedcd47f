//! Lending: slips, what becomes of them, and what goes wrong.

use crate::list::closed_list;

closed_list! {
    /// Where a slip is in its life. Overdue is computed and no state.
    LoanState ("state of a loan", "出借单状态") {
        Asked = "asked" ["待审批"] ["asked for", "waiting for approval"];
        Approved = "approved" ["待出借", "已批准"] ["approved"];
        /// Something of it is out; it waits in the queue.
        Held = "held" ["排队中", "预约"] ["held", "in the queue"];
        Out = "out" ["借出中", "已出借"] ["out"];
        Returned = "returned" ["已归还", "已注销"] ["returned"];
        Refused = "refused" ["未批准"] ["refused"];
        Cancelled = "cancelled" ["已取消"] ["cancelled"];
    }
}

closed_list! {
    /// Which slips a list shows: a state, or those that are late.
    LoanList ("list of loans", "出借单清单") {
        Asked = "asked" ["待审批"] ["waiting for approval"];
        Approved = "approved" ["待出借"] ["to hand out"];
        Held = "held" ["排队中"] ["in the queue"];
        Out = "out" ["借出中"] ["out"];
        DueToday = "due_today" ["今日应还"] ["due today"];
        Overdue = "overdue" ["逾期未还"] ["overdue"];
        Returned = "returned" ["已归还"] ["returned"];
        Refused = "refused" ["未批准"] ["refused"];
        Cancelled = "cancelled" ["已取消"] ["cancelled"];
    }
}

closed_list! {
    /// How long something is lent.
    LoanClass ("class of a loan", "借期类别") {
        /// At most so many days as the archive has set.
        Days = "days" ["限期"] ["a few days"] also ["standard", "default"];
        /// Until close of business.
        SameDay = "same_day" ["当日归还", "当日"] ["same day"];
        /// Until the day on the slip.
        Slip = "slip" ["按单约定", "按单"] ["as the slip says", "per slip"] also ["per_slip"];
    }
}

closed_list! {
    /// Where a lent paper may be used.
    LoanUse ("place of use", "使用范围") {
        ReadingRoom = "reading_room" ["仅限阅览室"] ["reading room only"];
        Office = "office" ["不出办公区"] ["inside the building"];
        Outside = "outside" ["可带出"] ["may leave the building"];
    }
}

closed_list! {
    /// Who signs before something is handed out.
    LoanStepKind ("step of a loan", "审批环节") {
        Head = "head" ["部门负责人"] ["head of the department"];
        Archive = "archive" ["档案室"] ["archive"];
        Executive = "executive" ["主管领导"] ["executive"];
    }
}

closed_list! {
    /// How something came back.
    ReturnCondition ("condition at return", "归还时状况") {
        Intact = "intact" ["完好"] ["intact"] also ["good", "ok", "complete"];
        Damaged = "damaged" ["破损", "损坏"] ["damaged"];
        Lost = "lost" ["丢失", "遗失"] ["lost"];
    }
}

closed_list! {
    /// What went wrong with a paper that was lent.
    IncidentKind ("kind of an incident", "异常类型") {
        PagesMissing = "pages_missing" ["缺页"] ["pages missing"];
        Damaged = "damaged" ["破损"] ["damaged"];
        Lost = "lost" ["丢失"] ["lost"];
    }
}
