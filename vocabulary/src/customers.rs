//! Customers (户) and the parties behind them.

use crate::list::{closed_list, open_list};

closed_list! {
    CustomerStatus ("status of a customer", "客户状态") {
        Potential = "potential" ["潜在"] ["potential"];
        Active = "active" ["在户", "正常", "在用", "有效"] ["active"];
        Historic = "historic" ["历史", "注销", "已注销", "停用"] ["historic", "former"];
    }
}

impl CustomerStatus {
    /// Historic customers still receive late papers, but nothing is linked to them without a person.
    pub fn is_open(self) -> bool {
        self != CustomerStatus::Historic
    }
}

closed_list! {
    /// What a customer is; a person's customers have a person as holder, all others an organisation.
    CustomerKind ("kind of a customer", "客户类型") {
        Person = "person" ["个人", "自然人", "居民", "居民户"] ["person", "individual", "household"];
        Organisation = "organisation" ["企业", "单位", "公司", "法人", "机构", "组织", "个体工商户"]
            ["organisation", "organization", "company", "enterprise", "legal person"];
    }
}

impl CustomerKind {
    /// What the party is that holds such a customer.
    pub const fn party(self) -> PartyKind {
        match self {
            CustomerKind::Person => PartyKind::Person,
            CustomerKind::Organisation => PartyKind::Organisation,
        }
    }
}

closed_list! {
    PartyKind ("kind of a party", "当事人类型") {
        Person = "person" ["个人", "自然人"] ["person", "individual"];
        Organisation = "organisation" ["组织", "单位", "企业", "公司", "法人"] ["organisation", "organization", "company"];
    }
}

open_list! {
    /// What a party is towards a customer.
    PartyRoleKind ("role of a party", "当事人身份") {
        /// Who the customer is at the time.
        Holder = "holder" ["户主", "持有人"] ["holder"];
        LegalRepresentative = "legal_representative" ["法定代表人", "法人代表"] ["legal representative"];
        Guarantor = "guarantor" ["担保人"] ["guarantor"];
        CounterGuarantor = "counter_guarantor" ["反担保人"] ["counter-guarantor"];
        Tenant = "tenant" ["承租人", "租户"] ["tenant"];
        Contact = "contact" ["联系人"] ["contact"];
        Agent = "agent" ["代理人", "经办人"] ["agent"];
        Counterparty = "counterparty" ["相对方", "对方当事人"] ["counterparty"];
    }
}

closed_list! {
    /// What an identifier of a party is.
    IdentifierKind ("kind of an identifier", "证件类型") {
        /// GB 32100-2015, 18 characters.
        CreditCode = "credit_code" ["统一社会信用代码", "信用代码"] ["credit code"];
        /// GB 11643-1999, 18 characters.
        IdNumber = "id_number" ["证件号码", "身份证号", "身份证号码", "居民身份证", "身份证"] ["ID number", "identity card"];
        Phone = "phone" ["电话", "手机", "联系电话"] ["phone"];
        BankAccount = "bank_account" ["银行账号", "银行帐号"] ["bank account"];
        Other = "other" ["其他"] ["other"];
    }
}

impl IdentifierKind {
    /// Whether it names one party for sure when it is valid, so that it may link a document. Phones are shared and
    /// handed on; bank accounts and others have no check that holds everywhere.
    pub const fn is_strong(self) -> bool {
        matches!(self, IdentifierKind::CreditCode | IdentifierKind::IdNumber)
    }

    /// Whether it must be masked for those who may not see personal numbers. Credit codes are public; what is in a
    /// free identifier nobody knows, so what looks personal in it is masked too.
    pub const fn is_personal(self) -> bool {
        !matches!(self, IdentifierKind::CreditCode)
    }
}

open_list! {
    /// What another code of a customer is.
    AliasKind ("kind of another code", "其他编号类型") {
        Account = "account_no" ["户号"] ["account number"];
        FormerCode = "former_code" ["原编号", "原客户代码"] ["former code"];
    }
}
