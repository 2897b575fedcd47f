//! Rights: security levels, roles, scopes of tokens.

use crate::list::closed_list;

closed_list! {
    /// 密级. The number is stored and compared: a higher one is seen by fewer. State secrets do not belong in here.
    SecurityLevel ("security level", "密级") {
        Public = "public" ["公开"] ["public"] also ["0"];
        Internal = "internal" ["内部"] ["internal"] also ["1"];
        Confidential = "confidential" ["秘密", "秘密级", "秘密级（企业）"] ["confidential", "confidential (company)"] also ["2"];
        Secret = "secret" ["机密", "机密级", "机密级（企业）"] ["secret", "secret (company)"] also ["3"];
    }
    misleading {
        ["top_secret", "绝密", "绝密级"] => "there is no such level here: the highest is secret 机密 (3), and state secrets do not belong in here",
            "这里没有这个密级：最高是机密（3），国家秘密不能放进来";
    }
}

impl SecurityLevel {
    pub const PUBLIC: Self = Self::Public;
    pub const INTERNAL: Self = Self::Internal;

    /// The number that is stored, 0 to 3.
    pub const fn number(self) -> i64 {
        self as i64
    }

    pub fn from_number(number: i64) -> Option<Self> {
        usize::try_from(number).ok().and_then(|at| Self::ALL.get(at).copied())
    }
}

closed_list! {
    /// What a person does here. Rights follow from roles; several may be held at once.
    Role ("role", "角色") {
        /// Searches and views.
        Viewer = "viewer" ["查阅人"] ["viewer"];
        /// Ingests, links, places, corrects.
        Archivist = "archivist" ["档案管理员", "档案员"] ["archivist"];
        /// Reads the audit trail, checks holdings.
        Auditor = "auditor" ["审计员", "审计"] ["auditor"];
        /// Users and settings.
        Administrator = "administrator" ["系统管理员", "管理员"] ["administrator", "admin"];
    }
}

closed_list! {
    /// What one person alone cannot do: another must do the same.
    TwoPersonAct ("act that takes two people", "需两人同意的操作") {
        UnsealDocument = "document_unseal" ["解封文件"] ["breaking the seal of a document"];
        UnsealDossier = "dossier_unseal" ["解封整户档案"] ["breaking the seal of a dossier"];
        LowerDocument = "document_lower" ["降低文件密级"] ["lowering the level of a document"];
        LowerDossier = "dossier_lower" ["降低整户密级"] ["lowering the level of a dossier"];
        Clearance = "clearance" ["给予高于自己的可见密级"] ["a clearance above one's own"];
        Link = "link" ["给可见密级更高的人重设密码"] ["a new password for somebody with more clearance"];
        FactorReset = "factor_reset" ["重置可见密级更高的人的动态码"] ["resetting the second factor of somebody with more clearance"];
    }
}

closed_list! {
    /// Where a grant is in its life. That its time has not come or is over is computed, see [`GrantPhase`].
    GrantState ("state of a grant", "授权状态") {
        /// Waits for a second person.
        Proposed = "proposed" ["待第二人确认"] ["waits for a second person", "proposed"];
        Confirmed = "confirmed" ["已确认"] ["confirmed"];
        /// The second person refused.
        Refused = "refused" ["已否决"] ["refused"];
        /// Ended before its time, or taken back before it was confirmed.
        Revoked = "revoked" ["已撤销"] ["revoked"];
    }
}

closed_list! {
    /// What a grant means now: its state and its time together.
    GrantPhase ("phase of a grant", "授权现况") {
        Proposed = "proposed" ["待第二人确认"] ["waits for a second person", "proposed"];
        /// Confirmed, but its time has not come.
        Coming = "coming" ["未到时间"] ["not yet", "coming"];
        /// It opens what it names.
        Holding = "holding" ["生效中"] ["holds", "holding"];
        /// Its time is over; a proposal whose time passed unconfirmed is over too.
        Over = "over" ["已到期"] ["over"];
        Refused = "refused" ["已否决"] ["refused"];
        Revoked = "revoked" ["已撤销"] ["revoked"];
    }
}

impl GrantPhase {
    /// Whether it is still open.
    pub const fn is_open(self) -> bool {
        matches!(self, GrantPhase::Proposed | GrantPhase::Coming | GrantPhase::Holding)
    }
}

closed_list! {
    /// What a bearer token may be used for.
    Scope ("scope", "令牌范围") {
        /// Everything its user may read.
        Read = "read" ["只读"] ["read only", "read"];
        /// Everything its user may do.
        Write = "write" ["读写"] ["read and write", "write"];
    }
}
