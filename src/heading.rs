//! What stands over the columns of a table, in both languages: a table has no other heads than these.

use crate::language::language;
use vocabulary::Language;

/// Makes the enum with its words.
macro_rules! headings {
    ($($variant:ident = $english:literal $chinese:literal,)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Heading {
            $($variant,)+
        }

        impl Heading {
            /// The word in the language of the locale.
            pub fn word(self) -> &'static str {
                match language() {
                    Language::English => match self { $(Heading::$variant => $english,)+ },
                    Language::Chinese => match self { $(Heading::$variant => $chinese,)+ },
                }
            }
        }
    };
}

headings! {
    Code = "code" "代码",
    Name = "name" "名称",
    Kind = "kind" "类型",
    Status = "status" "状态",
    Dossier = "dossier" "档案号",
    Documents = "documents" "件数",
    Date = "date" "日期",
    Title = "title" "题名",
    Number = "number" "编号",
    Pages = "pages" "页数",
    Location = "location" "库位",
    Original = "original" "原件",
    Document = "document" "文件",
    Customer = "customer" "客户",
    By = "by" "经办",
    At = "at" "时间",
    Reason = "reason" "原因",
    As = "as" "身份",
    DossierOf = "dossier of" "所属客户",
    State = "state" "状态",
    Basis = "basis" "依据",
    Confidence = "confidence" "置信度",
    From = "from" "起",
    Until = "until" "止",
    Place = "place" "位置",
    FreeMillimetres = "free mm" "余（毫米）",
    Event = "event" "事件",
    Label = "label" "标签",
    Loan = "slip" "出借单",
    Borrower = "borrower" "借阅人",
    Due = "due" "应还",
    DaysLate = "days late" "逾期天数",
    ReturnedAt = "returned" "归还",
    Grant = "grant" "授权",
    User = "user" "人员",
    What = "what" "内容",
    Proposed = "proposed" "提出人",
    Confirmed = "confirmed" "确认人",
    Object = "object" "对象",
    Field = "field" "字段",
    Before = "before" "原值",
    After = "after" "新值",
    Why = "why" "原因",
    Authority = "authority" "依据",
    Register = "register" "台账",
    File = "file" "文件名",
    Lines = "lines" "行数",
    Added = "added" "新增",
    Changed = "changed" "修改",
    Held = "held" "搁置",
    Undone = "undone" "已撤回",
    Import = "import" "导入",
    Container = "container" "盒",
    Capacity = "capacity" "容量",
    Keeper = "keeper" "保管人",
    Value = "value" "值",
    DisplayName = "display name" "姓名",
    Roles = "roles" "角色",
    Clearance = "clearance" "密级权限",
    Department = "department" "部门",
    Site = "site" "地点",
    Language = "language" "语言",
    LastSignIn = "last sign-in" "上次登录",
    Since = "since" "开户时间",
    Address = "address" "地址",
    LastUsed = "last used" "最近使用",
    SecondFactor = "second factor" "动态码",
    Browser = "browser" "浏览器",
    Id = "id" "编号",
    Account = "account" "账户",
    WhatFor = "what for" "用途",
    Scope = "scope" "范围",
    FoundBy = "found by" "由哪项找到",
    Sequence = "no." "序号",
    Text = "text" "文字",
    Started = "started" "开始",
    Found = "found" "总数",
    Filed = "filed" "已归档",
    Review = "review" "待确认",
    Duplicate = "duplicate" "重复",
    Rejected = "rejected" "退回",
    FoundAt = "found at" "实在",
    BelongsAt = "belongs at" "应在",
    LastChecked = "last checked" "上次检查",
    SeenTo = "seen to" "处理",
    Batch = "batch" "批次",
    Outcome = "outcome" "结果",
    Path = "path" "路径",
    Detail = "detail" "说明",
    Column = "column" "列",
    OtherHeaders = "other headers" "别的表头",
    Customers = "customers" "客户",
    Kinds = "kinds" "文件类型",
    Group = "group" "类别",
    Meaning = "meaning" "含义",
}
