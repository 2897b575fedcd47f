//! Documents (件): their states, what the paper is, and the basis of their link to a customer.

use crate::list::closed_list;

closed_list! {
    DocumentState ("state of a document", "文件状态") {
        /// In a dossier.
        Filed = "filed" ["已入档", "已归档", "归档", "入档", "已立卷"] ["filed"];
        /// Stored and searchable, waits for a person to say whose it is.
        InReview = "in_review" ["待确认", "待审", "待核", "待核对", "待审核"] ["in review", "review", "needs review"];
        /// Hidden, with a reason; comes back when restored.
        Withdrawn = "withdrawn" ["已撤回", "撤回"] ["withdrawn"];
    }
}

closed_list! {
    /// 原件, 复印件, 与原件核对一致.
    CopyState ("original or copy", "原件或复印件") {
        Original = "original" ["原件", "正本"] ["original"] also ["yes", "1", "是"];
        Copy = "copy" ["复印件", "副本"] ["copy"] also ["no", "0", "否"];
        VerifiedCopy = "verified_copy" ["复印件，与原件核对一致", "与原件核对一致", "核对一致"]
            ["copy, checked against the original", "verified copy"];
        Unknown = "unknown" ["未注明", "未知"] ["not stated", "unknown"];
    }
}

closed_list! {
    /// What a document is made of.
    Medium ("medium", "载体") {
        Paper = "paper" ["纸质", "纸张"] ["paper"];
        /// Born digital: there is no paper behind it.
        Digital = "digital" ["电子", "电子件", "电子文件", "无"] ["digital", "electronic", "none"];
        Photograph = "photograph" ["照片"] ["photograph", "photo"];
        Audio = "audio" ["录音"] ["audio"];
        Video = "video" ["录像"] ["video"];
        Film = "film" ["缩微胶片", "胶片"] ["film", "microfilm"];
        Disc = "disc" ["光盘", "磁盘"] ["disc", "disk"];
        Object = "object" ["实物"] ["object"];
    }
}

closed_list! {
    /// 正本, 副本: which of several originals of one paper it is.
    Counterpart ("counterpart", "正本或副本") {
        Principal = "principal" ["正本"] ["principal copy", "principal"];
        Duplicate = "duplicate" ["副本"] ["duplicate original", "duplicate"];
    }
}

closed_list! {
    /// A seal or signature stated to be on the paper. Not verified by the archive.
    Seal ("seal", "印章") {
        Company = "company" ["公章", "单位公章"] ["company seal"];
        Contract = "contract" ["合同专用章", "合同章"] ["contract seal"];
        Finance = "finance" ["财务专用章", "财务章"] ["finance seal"];
        Invoice = "invoice" ["发票专用章", "发票章"] ["invoice seal"];
        LegalRepresentative = "legal_representative" ["法定代表人章", "法人章"] ["seal of the legal representative"];
        Personal = "personal" ["个人名章", "名章", "私章"] ["personal seal"];
        AcrossPages = "across_pages" ["骑缝章"] ["seal across the pages"];
        Signature = "signature" ["签字", "签名"] ["signature"];
        Fingerprint = "fingerprint" ["手印", "指印"] ["fingerprint"];
        Other = "other" ["其他印章"] ["other seal"];
    }
}

closed_list! {
    /// What made a link certain, or proposed it.
    LinkBasis ("basis of a link", "归户依据") {
        /// A person confirmed or corrected it.
        Person = "person" ["人工确认"] ["a person"];
        Manifest = "manifest" ["清单"] ["manifest"];
        CommandLine = "command_line" ["命令行"] ["command line"];
        CoverSheet = "cover_sheet" ["封面页"] ["cover sheet"];
        Folder = "folder" ["文件夹"] ["folder"];
        CustomerCode = "customer_code" ["客户代码"] ["customer code"];
        AccountNumber = "account_number" ["户号"] ["account number"];
        ContractNumber = "contract_number" ["合同编号"] ["contract number"];
        PartyIdentifier = "party_identifier" ["证件号码"] ["identifier of a party"];
        Name = "name" ["名称"] ["name"];
        Phone = "phone" ["电话"] ["phone"];
        /// A person has said that it belongs to no customer.
        Nobody = "nobody" ["不属任何客户"] ["no customer"];
        /// The paper in whose file it came.
        Enclosing = "enclosing" ["所在的文件"] ["the file it came in"];
        None = "none" ["无"] ["none"];
    }
}

closed_list! {
    /// What became of the proposal of a customer.
    ProposalState ("state of a proposal", "建议状态") {
        Open = "open" ["待定"] ["open"];
        Confirmed = "confirmed" ["已确认"] ["confirmed"];
        Refused = "refused" ["已否定"] ["refused"];
    }
}

closed_list! {
    /// What something read out of the text is.
    FactKind ("kind of a fact", "要素类型") {
        CreditCode = "credit_code" ["统一社会信用代码", "信用代码"] ["credit code"];
        IdNumber = "id_number" ["证件号码", "身份证号"] ["ID number"];
        Phone = "phone" ["电话"] ["phone"];
        BankAccount = "bank_account" ["银行账号"] ["bank account"];
        CustomerCode = "customer_code" ["客户代码"] ["customer code"];
        AccountNumber = "account_number" ["户号"] ["account number"];
        ContractNumber = "contract_number" ["合同编号", "合同号"] ["contract number"];
        Name = "name" ["名称"] ["name"];
        Date = "date" ["日期"] ["date"];
        Amount = "amount" ["金额"] ["amount"];
        Validity = "validity" ["有效期"] ["validity"];
    }
}

impl FactKind {
    /// The identifier of a party that such a fact would be.
    pub const fn identifier(self) -> Option<crate::IdentifierKind> {
        use crate::IdentifierKind as Identifier;
        match self {
            FactKind::CreditCode => Some(Identifier::CreditCode),
            FactKind::IdNumber => Some(Identifier::IdNumber),
            FactKind::Phone => Some(Identifier::Phone),
            FactKind::BankAccount => Some(Identifier::BankAccount),
            _ => None,
        }
    }

    /// Whether it must be masked for those who may not see personal numbers.
    pub const fn is_personal(self) -> bool {
        match self.identifier() {
            Some(kind) => kind.is_personal(),
            None => false,
        }
    }
}

closed_list! {
    /// What kinds of documents are listed under, in the order of lists.
    KindGroup ("group of document kinds", "文件类型分组") {
        Identity = "identity" ["身份与授权"] ["Identity and authority"];
        Licences = "licences" ["客户证照"] ["Licences and certificates of the customer"];
        Certificates = "certificates" ["重要权证"] ["Certificate originals kept in the safe"];
        Applications = "applications" ["申请与登记表单"] ["Applications and customer forms"];
        Contracts = "contracts" ["合同及其过程", "合同协议", "合同类", "合同"] ["Contracts and their history"];
        Credit = "credit" ["信用与调查"] ["Credit and investigation"];
        Service = "service" ["服务与往来"] ["Service and correspondence"];
        Technical = "technical" ["技术与声像"] ["Technical, image and sound"];
        WorkingPapers = "working_papers" ["档案工作用表"] ["Archive working papers"];
        Other = "other" ["其他"] ["Other"];
    }
}

closed_list! {
    /// What is usual for documents of a kind. Tables write the letters.
    KindFlag ("flag of a document kind", "文种标志") {
        OriginalExpected = "original_expected" ["应有原件"] ["original expected"] also ["O"];
        CopyUsual = "copy_usual" ["多为复印件"] ["mostly copies"] also ["C"];
        PersonalData = "personal_data" ["含个人信息"] ["personal data"] also ["P"];
        HasValidity = "has_validity" ["有有效期"] ["has a validity"] also ["V"];
        Safe = "safe" ["存保险柜"] ["kept in the safe"] also ["S"];
        Form = "form" ["表单"] ["form"] also ["F"];
        WorkingPaper = "working_paper" ["档案工作用表"] ["working paper of the archive"] also ["W"];
    }
}

impl KindFlag {
    /// As it is stored, several in a row.
    pub const fn letter(self) -> char {
        match self {
            KindFlag::OriginalExpected => 'O',
            KindFlag::CopyUsual => 'C',
            KindFlag::PersonalData => 'P',
            KindFlag::HasValidity => 'V',
            KindFlag::Safe => 'S',
            KindFlag::Form => 'F',
            KindFlag::WorkingPaper => 'W',
        }
    }
}
