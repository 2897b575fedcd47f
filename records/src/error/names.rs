//! What an error is about: a field that people fill in, or a thing of the record. Codes stay; words may change.

/// Makes an enum of names, each with its code and its word in both languages.
macro_rules! names {
    ($(#[$about:meta])* $name:ident { $($variant:ident = $code:literal $chinese:literal $english:literal;)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $($variant),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// A stable word for programs.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }

            pub const fn chinese(self) -> &'static str {
                match self { $($name::$variant => $chinese),+ }
            }

            pub const fn english(self) -> &'static str {
                match self { $($name::$variant => $english),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.english())
            }
        }
    };
}

names! {
    /// What somebody fills in.
    Field {
        Id = "id" "标识" "id";
        Fingerprint = "fingerprint" "指纹" "fingerprint";
        Date = "date" "日期" "date";
        Reason = "reason" "理由" "reason";
        Purpose = "purpose" "用途" "purpose";
        Text = "text" "文字" "text";
        Department = "department" "部门" "department";
        Site = "site" "机构" "site";
        Language = "language" "语言" "language";
        SecurityLevel = "security_level" "密级" "security level";
        UserName = "user_name" "账号名" "user name";
        DisplayName = "display_name" "姓名" "display name";
        Role = "role" "角色" "role";
        Roles = "roles" "角色" "roles";
        PasswordHash = "password_hash" "密码摘要" "password hash";
        FileName = "file_name" "文件名" "file name";
        Scope = "scope" "权限" "scope";
        TokenName = "token_name" "令牌名称" "token name";
        TokenLifetime = "token_lifetime" "令牌有效期" "token lifetime";
        Title = "title" "题名" "title";
        Number = "number" "编号" "number";
        Copies = "copies" "份数" "copies";
        VerifiedBy = "verified_by" "核对人" "person who compared it";
        ValidUntil = "valid_until" "有效期至" "end of validity";
        PagesDeclared = "pages_declared" "应有页数" "declared pages";
        FormCode = "form_code" "表单编号" "form code";
        Attribute = "attribute" "自定义字段" "further field";
        GrantEnd = "grant_end" "授权截止" "end of the grant";
        CustomerCode = "customer_code" "户号" "customer code";
        AccountNumber = "account_number" "户号" "account number";
        CreditCode = "credit_code" "统一社会信用代码" "credit code";
        IdNumber = "id_number" "身份证号" "ID number";
        Phone = "phone" "电话" "phone number";
        BankAccount = "bank_account" "银行账号" "bank account";
        Identifier = "identifier" "证件号码" "identifier";
        PartyRole = "party_role" "当事人身份" "role of a party";
        LocationCode = "location_code" "库位号" "location code";
        Serial = "serial" "盒号" "serial";
        ContainerSize = "container_size" "盒的尺寸" "size of a container";
        Thing = "thing" "实物" "thing to put away";
        PageThickness = "page_thickness_um" "每页厚度" "thickness of a page";
        LocationProfile = "location_profile" "库位编码方式" "location profile";
        NumberPattern = "dossier_number_pattern" "案卷编号规则" "number pattern of dossiers";
        AccountNumberPattern = "account_number_pattern" "户号表达式" "pattern of account numbers";
        CustomerNumberPattern = "customer_number_pattern" "客户代码表达式" "pattern of customer codes";
        ContractNumberPattern = "contract_number_pattern" "合同号表达式" "pattern of contract numbers";
        OwnIdentifiers = "own_identifiers" "本单位证件号码" "own identifiers";
        GroupRunningNumbers = "group_running_numbers" "按序号归组" "grouping by running numbers";
        TakeOutFilesInside = "take_out_files_inside" "取出里面的文件" "taking out files inside";
        SecurityLevelDefault = "security_level_default" "默认密级" "default security level";
        SecurityLevelNamesZh = "security_level_names_zh" "密级中文名" "Chinese names of security levels";
        SecurityLevelNamesEn = "security_level_names_en" "密级英文名" "English names of security levels";
        SignInContact = "sign_in_contact" "登录联系人" "contact for signing in";
        SecondFactorRoles = "second_factor_roles" "须用动态码的角色" "roles that need a second factor";
        CloseOfBusiness = "close_of_business" "下班时间" "close of business";
        ClosedDays = "closed_days" "休息日" "days without work";
        LoanDaysMax = "loan_days_max" "借期上限" "longest loan";
        LoanSlipDaysMax = "loan_slip_days_max" "按单借期上限" "longest loan by slip";
        LoanSteps = "loan_steps" "借阅审批环节" "steps before lending";
        LoanHeads = "loan_heads" "部门负责人" "heads of departments";
        LoanExecutives = "loan_executives" "免审批领导" "executives who borrow unasked";
        LoanUntil = "until" "归还日期" "day of return";
        Borrower = "borrower" "借阅人" "borrower";
        Things = "things" "借阅材料" "things";
        PagesReturned = "pages_returned" "归还页数" "pages that came back";
        Pattern = "pattern" "表达式" "pattern";
        ArchiveName = "archive_name" "档案馆名称" "archive name";
        TimeZone = "time_zone" "时区" "time zone";
        Setting = "setting" "设置" "setting";
        KindCode = "kind_code" "文种代码" "code of a document kind";
        KindGroup = "kind_group" "文种类别" "group of document kinds";
        KindNameZh = "kind_name_zh" "文种中文名" "Chinese name of a kind";
        KindNameEn = "kind_name_en" "文种英文名" "English name of a kind";
        KindFlags = "kind_flags" "文种标志" "flags of a document kind";
        TitleWords = "title_words" "标题词" "title words";
        ContentWords = "content_words" "正文词" "content words";
        RetentionClass = "retention_class" "保管期限" "retention class";
        Position = "position" "顺序" "position";
        Active = "active" "启用" "active";
        Checklist = "checklist" "归档清单" "checklist";
        ChecklistKinds = "checklist_kinds" "清单的类型" "kinds of a checklist";
        SearchName = "search_name" "检索名称" "name of a search";
        Query = "query" "检索式" "search";
        Confidence = "confidence" "置信度" "confidence";
        Turn = "turn" "旋转角度" "turn";
        Page = "page" "页" "page";
        Pages = "pages" "页数" "pages";
        JobKind = "job_kind" "任务类别" "kind of a job";
        JobPayload = "job_payload" "任务内容" "payload of a job";
        JobAttempts = "job_attempts" "任务次数" "attempts of a job";
        DatabasePath = "database_path" "数据库路径" "database path";
        Code = "code" "编号" "code";
        AliasKind = "alias_kind" "其他编号类型" "kind of another code";
        CustomerKind = "customer_kind" "客户类型" "kind of a customer";
        CustomerStatus = "customer_status" "客户状态" "status of a customer";
        PartyKind = "party_kind" "当事人类型" "kind of a party";
        IdentifierKind = "identifier_kind" "证件类型" "kind of an identifier";
        FactKind = "fact_kind" "要素类型" "kind of a fact";
        LocationKind = "location_kind" "库位类型" "kind of a place";
        DocumentState = "document_state" "文件状态" "state of a document";
        OriginalState = "original_state" "原件状态" "state of an original";
        BatchState = "batch_state" "批次状态" "state of a batch";
        JobState = "job_state" "任务状态" "state of a job";
        CopyState = "copy_state" "原件或复印件" "original or copy";
        Counterpart = "counterpart" "正本或副本" "counterpart";
        Medium = "medium" "载体" "medium";
        Seal = "seal" "印章" "seal";
        StocktakeScope = "stocktake_scope" "盘点范围" "scope of a stocktake";
        Labels = "labels" "标签" "labels";
        Owner = "owner" "责任人" "owner";
        DueDate = "due_date" "期限" "due date";
        Resolution = "resolution" "处理方式" "resolution";
        Years = "years" "年数" "years";
        CheckItem = "check_item" "检查项目" "item of a check";
        Months = "months" "月数" "months";
        Value = "value" "值" "value";
    }
}

names! {
    /// A thing that the record holds, or does not.
    Thing {
        Document = "document" "文档" "document";
        WithdrawnDocument = "withdrawn_document" "已撤回的文档" "withdrawn document";
        SealedDocument = "sealed_document" "封存的文档" "sealed document";
        Original = "original" "原件" "document with an original";
        Page = "page" "页" "page";
        TextLayer = "text_layer" "识别文本" "text layer";
        UnreadRegion = "unread_region" "未识别区域" "unread region";
        NamedCustomer = "named_customer" "文档中的其他客户" "further customer of this document";
        Customer = "customer" "客户" "customer";
        Dossier = "dossier" "案卷" "dossier";
        Checklist = "checklist" "归档清单" "checklist";
        Kind = "kind" "文种" "document kind";
        TitleWord = "title_word" "标题词" "title word";
        Location = "location" "库位" "location";
        Container = "container" "盒" "container";
        Place = "place" "库位或盒" "location or container";
        Placing = "placing" "上架操作" "putting away";
        Batch = "batch" "批次" "batch";
        Upload = "upload" "上传" "upload";
        Job = "job" "任务" "job";
        Reread = "reread" "重新识别" "re-reading";
        Search = "search" "检索" "saved search";
        Setting = "setting" "设置" "setting";
        User = "user" "账号" "user";
        Token = "token" "令牌" "token";
        Grant = "grant" "授权" "grant";
        SecondAct = "second_act" "待第二人的事项" "act that waits for a second person";
        SecondFactor = "second_factor" "动态码" "second factor";
        Session = "session" "登录会话" "session";
        Link = "link" "链接" "link";
        Party = "party" "当事人" "party";
        Loan = "loan" "出借单" "loan";
        Incident = "incident" "异常" "incident";
        Volume = "volume" "分册" "volume";
        Import = "import" "导入" "import";
        KeepingCheck = "keeping_check" "保管检查" "check of keeping";
        Repair = "repair" "修复任务" "repair";
        Stocktake = "stocktake" "盘点" "stocktake";
        StocktakeLine = "stocktake_line" "盘点差异" "difference of a stocktake";
        StocktakeScan = "stocktake_scan" "盘点扫码" "scan of a stocktake";
        ImportUndo = "import_undo" "导入的撤销" "undo of import";
        Record = "record" "记录" "record";
        HistoryLine = "history_line" "变更记录" "line of the history";
        FieldOfRecord = "field" "字段" "field";
        Other = "thing" "对象" "thing";
    }
}

impl Field {
    /// By the English word under which the vocabulary refuses a text.
    pub(super) fn refused_as(what: &str) -> Self {
        let named = Self::ALL.iter().copied().find(|field| field.english() == what);
        let is_id = what.ends_with(" id");
        named.unwrap_or(if is_id { Field::Id } else { Field::Value })
    }
}

impl Thing {
    /// By its code, as the history names records.
    pub fn named(code: &str) -> Self {
        Self::ALL
            .iter()
            .copied()
            .find(|thing| thing.code() == code)
            .unwrap_or(Thing::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(codes: impl Iterator<Item = &'static str>) {
        let mut codes: Vec<_> = codes.collect();
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count, "a code stands for one thing");
        assert!(
            codes
                .iter()
                .all(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        );
    }

    #[test]
    fn what_the_vocabulary_refuses_is_a_field() {
        for what in [
            vocabulary::SecurityLevel::LIST.what,
            vocabulary::PartyRoleKind::LIST.what,
            "date",
            "fingerprint",
        ] {
            assert_ne!(Field::refused_as(what), Field::Value, "{what}");
        }
        assert_eq!(Field::refused_as("customer id"), Field::Id);
        assert_eq!(Field::refused_as("no such word"), Field::Value);
    }

    #[test]
    fn codes_are_unique_words() {
        check(Field::ALL.iter().map(|field| field.code()));
        check(Thing::ALL.iter().map(|thing| thing.code()));
    }
}
