//! The words of the audit trail: which action, on what kind of object, with which outcome.

use crate::list::closed_list;

closed_list! {
    /// An action of a person. Dotted verb; a row of the trail keeps the code.
    AuditAction ("act in the audit trail", "审计动作") {
        SessionAllClosed = "session.all_closed" ["在所有地方退出"] ["signed out everywhere"];
        SessionClosed = "session.closed" ["退出"] ["signed out"];
        SessionOpened = "session.opened" ["登录"] ["signed in"];
        LinkIssued = "link.issued" ["发出一次性链接"] ["one-time link issued"];
        UserAdded = "user.added" ["添加用户"] ["user added"];
        UserChanged = "user.changed" ["修改用户"] ["user changed"];
        UserLanguageSet = "user.language_set" ["选择语言"] ["language chosen"];
        UserPasswordRehashed = "user.password_rehashed" ["更新密码摘要"] ["password digest renewed"];
        UserPasswordSet = "user.password_set" ["设置密码"] ["password set"];
        FactorAsked = "factor.asked" ["密码正确，等动态码"] ["password right, code asked for"];
        FactorBegun = "factor.begun" ["开始设置动态码"] ["second factor begun"];
        FactorOff = "factor.off" ["关闭动态码"] ["second factor turned off"];
        FactorOn = "factor.on" ["启用动态码"] ["second factor turned on"];
        FactorReset = "factor.reset" ["重置动态码"] ["second factor reset"];
        RecoveryCodeUsed = "recovery_code.used" ["使用备用码"] ["recovery code used"];
        RecoveryCodesMade = "recovery_codes.made" ["重新生成备用码"] ["recovery codes made"];
        TokenAdded = "token.added" ["新建令牌"] ["token made"];
        TokenRevoked = "token.revoked" ["吊销令牌"] ["token revoked"];
        SettingChanged = "setting.changed" ["修改设置"] ["setting changed"];
        KindSet = "kind.set" ["修改文件类型"] ["kind changed"];
        KindDeleted = "kind.deleted" ["删除文件类型"] ["kind deleted"];
        KindsImported = "kinds.imported" ["导入文件类型"] ["kinds imported"];
        ChecklistSet = "checklist.set" ["修改齐全清单"] ["checklist changed"];
        ChecklistDeleted = "checklist.deleted" ["删除齐全清单"] ["checklist deleted"];
        ChecklistsImported = "checklists.imported" ["导入齐全清单"] ["checklists imported"];
        CustomerAdded = "customer.added" ["新增客户"] ["customer added"];
        CustomerViewed = "customer.viewed" ["查看客户"] ["customer viewed"];
        CustomerChanged = "customer.changed" ["修改客户"] ["customer changed"];
        CustomersListed = "customers.listed" ["查看客户名册"] ["customers listed"];
        CustomersImported = "customers.imported" ["导入客户"] ["customers imported"];
        DossierAccepted = "dossier.accepted" ["档案立户"] ["dossier accepted"];
        DossierChecklistSet = "dossier.checklist_set" ["选定完整性清单"] ["checklist chosen"];
        DossierExported = "dossier.exported" ["导出文件目录"] ["item list exported"];
        DossierProtected = "dossier.protected" ["改档案密级或封存"] ["dossier protection changed"];
        BatchBegun = "batch.begun" ["批次开始"] ["batch begun"];
        BatchDecided = "batch.decided" ["批次决定"] ["batch decided"];
        BatchFinished = "batch.finished" ["批次完成"] ["batch finished"];
        BatchViewed = "batch.viewed" ["查看批次"] ["batch viewed"];
        BatchResumed = "batch.resumed" ["批次续做"] ["batch gone on with"];
        UploadBegun = "upload.begun" ["开始上传"] ["upload begun"];
        UploadChanged = "upload.changed" ["改动上传"] ["upload changed"];
        UploadCancelled = "upload.cancelled" ["取消上传"] ["upload cancelled"];
        UploadFailed = "upload.failed" ["上传未能入档"] ["upload failed"];
        UploadHandedOver = "upload.handed_over" ["上传完毕"] ["upload complete"];
        UploadTaken = "upload.taken" ["上传入档"] ["upload taken in"];
        ScanDownloaded = "scan.downloaded" ["下载原扫描件"] ["scan downloaded"];
        ScanRejected = "scan.rejected" ["退回文件"] ["file rejected"];
        DocumentChanged = "document.changed" ["修改著录"] ["record changed"];
        DocumentCustomerAdded = "document.customer_added" ["添加涉及的客户"] ["further customer added"];
        DocumentCustomerRemoved = "document.customer_removed" ["去掉涉及的客户"] ["further customer removed"];
        DocumentFiled = "document.filed" ["入档"] ["filed"];
        DocumentLinked = "document.linked" ["归到客户"] ["linked to a customer"];
        DocumentOfNobody = "document.of_nobody" ["定为不属任何客户"] ["said to belong to no customer"];
        DocumentNeedsReview = "document.needs_review" ["入档，待确认"] ["filed for review"];
        DocumentReread = "document.reread" ["重新识别"] ["read again"];
        DocumentRereadFailed = "document.reread_failed" ["重新识别失败"] ["re-reading failed"];
        DocumentRestored = "document.restored" ["恢复"] ["restored"];
        DocumentSealed = "document.sealed" ["封存"] ["sealed"];
        DocumentUnlinked = "document.unlinked" ["退回待确认"] ["taken back into review"];
        DocumentUnsealed = "document.unsealed" ["解封"] ["unsealed"];
        DocumentViewed = "document.viewed" ["查看"] ["viewed"];
        DocumentWithdrawn = "document.withdrawn" ["撤回"] ["withdrawn"];
        PageCorrected = "page.corrected" ["更正文字"] ["text corrected"];
        PageLayerChosen = "page.layer_chosen" ["改用另一份识别结果"] ["another reading chosen"];
        PageSeen = "page.seen" ["校对页面"] ["page looked at"];
        PageViewed = "page.viewed" ["查看页面"] ["page viewed"];
        RereadCancelled = "reread.cancelled" ["停止重新识别"] ["re-reading stopped"];
        RereadOrdered = "reread.ordered" ["安排重新识别"] ["re-reading ordered"];
        PersonalNumberLookedUp = "personal_number.looked_up" ["按个人号码检索"] ["looked up by personal number"];
        PersonalNumberRevealed = "personal_number.revealed" ["显示个人号码"] ["personal number shown"];
        SecondAgreed = "second.agreed" ["第二人同意"] ["second person agreed"];
        SecondAsked = "second.asked" ["提请第二人同意"] ["second person asked for"];
        SecondRefused = "second.refused" ["第二人不同意"] ["second person refused"];
        SealedListed = "sealed.listed" ["查看封存清单"] ["sealed things listed"];
        TodayListed = "today.listed" ["查看待办清单"] ["documents to attend to listed"];
        WithdrawnListed = "withdrawn.listed" ["查看撤回清单"] ["withdrawn documents listed"];
        GrantAdded = "grant.added" ["授权"] ["access granted"];
        GrantConfirmed = "grant.confirmed" ["确认授权"] ["grant confirmed"];
        GrantProposed = "grant.proposed" ["提请授权"] ["grant proposed"];
        GrantRefused = "grant.refused" ["否决授权"] ["grant refused"];
        GrantRevoked = "grant.revoked" ["收回授权"] ["grant ended"];
        GrantUsed = "grant.used" ["凭授权查看"] ["seen by a grant"];
        OriginalPutAway = "original.put_away" ["上架"] ["put away"];
        LoanAsked = "loan.asked" ["填写出借单"] ["loan asked for"];
        LoanDecided = "loan.decided" ["审批出借单"] ["loan decided"];
        LoanIssued = "loan.issued" ["出借"] ["lent"];
        LoanCancelled = "loan.cancelled" ["取消出借单"] ["loan cancelled"];
        LoanReturned = "loan.returned" ["归还注销"] ["returned and struck off"];
        LoanShelved = "loan.shelved" ["归还复位"] ["back in its place"];
        LoansListed = "loans.listed" ["查看外借登记"] ["loans listed"];
        IncidentOpened = "incident.opened" ["登记异常"] ["incident opened"];
        IncidentResolved = "incident.resolved" ["处理异常"] ["incident resolved"];
        ContainerAdded = "container.added" ["新增盒袋"] ["container added"];
        ContainerChanged = "container.changed" ["修改盒袋"] ["container changed"];
        ContainerMoved = "container.moved" ["移动盒袋"] ["container moved"];
        LocationViewed = "location.viewed" ["查看库位"] ["location viewed"];
        LocationAdded = "location.added" ["新增库位"] ["place added"];
        LocationChanged = "location.changed" ["修改库位"] ["place changed"];
        StocktakeBegun = "stocktake.begun" ["开始盘点"] ["stocktake begun"];
        StocktakeClosed = "stocktake.closed" ["结束盘点"] ["stocktake closed"];
        StocktakeScanned = "stocktake.scanned" ["盘点扫码"] ["labels scanned for a stocktake"];
        StocktakeScanUndone = "stocktake.scan_undone" ["撤销盘点扫码"] ["scan of a stocktake taken back"];
        StocktakeSettled = "stocktake.settled" ["处理盘点差异"] ["difference of a stocktake settled"];
        StocktakeViewed = "stocktake.viewed" ["查看盘点"] ["stocktake viewed"];
        KeepingChecked = "keeping.checked" ["保管检查"] ["keeping checked"];
        KeepingOrdered = "keeping.ordered" ["安排保管检查"] ["check of keeping ordered"];
        KeepingRulesSet = "keeping.rules_set" ["修改检查项目"] ["items of checks changed"];
        RepairClosed = "repair.closed" ["了结修复"] ["repair closed"];
        RepairOpened = "repair.opened" ["开修复任务"] ["repair opened"];
        ImportUndone = "import.undone" ["撤销导入"] ["import taken back"];
        LocationsImported = "locations.imported" ["导入库位"] ["locations imported"];
        SearchDeleted = "search.deleted" ["删除检索"] ["search deleted"];
        SearchExported = "search.exported" ["导出检索结果"] ["hits exported"];
        SearchRan = "search.ran" ["检索"] ["searched"];
        SearchRecentCleared = "search.recent_cleared" ["清除最近的检索"] ["recent searches cleared"];
        SearchRenamed = "search.renamed" ["改检索名"] ["search renamed"];
        SearchSaved = "search.saved" ["保存检索"] ["search saved"];
        SearchUndeleted = "search.undeleted" ["恢复检索"] ["search brought back"];
        JobAdded = "job.added" ["安排任务"] ["job added"];
        BatchExported = "batch.exported" ["导出批次报告"] ["batch report exported"];
        ListExported = "list.exported" ["导出清单"] ["list exported"];
        HistoryExported = "history.exported" ["导出修改台账"] ["history exported"];
        HistoryListed = "history.listed" ["查阅修改台账"] ["history of changes read"];
        HistoryPutBack = "history.put_back" ["恢复原值"] ["former value put back"];
        AuditChecked = "audit.checked" ["校验审计"] ["trail verified"];
        FilesChecked = "files.checked" ["校验文件"] ["files checked"];
        AuditRead = "audit.read" ["查阅审计"] ["audit read"];
    }
}

closed_list! {
    /// What became of the act.
    AuditOutcome ("outcome in the audit trail", "审计结果") {
        Ok = "ok" ["成功"] ["done"];
        Refused = "refused" ["被拒绝"] ["refused"];
        Failed = "failed" ["失败"] ["failed"];
    }
}

closed_list! {
    /// What an act was done to.
    AuditObject ("kind of an object in the audit trail", "审计对象") {
        Archive = "archive" ["档案库"] ["archive"];
        Audit = "audit" ["审计"] ["audit trail"];
        Batch = "batch" ["批次"] ["batch"];
        Upload = "upload" ["上传"] ["upload"];
        Checklist = "checklist" ["齐全清单"] ["checklist"];
        Container = "container" ["盒袋"] ["container"];
        Volume = "volume" ["分册"] ["volume"];
        Customer = "customer" ["客户"] ["customer"];
        Document = "document" ["文件"] ["document"];
        Dossier = "dossier" ["档案"] ["dossier"];
        Grant = "grant" ["授权"] ["grant"];
        History = "history" ["修改台账"] ["history"];
        Job = "job" ["任务"] ["job"];
        KeepingCheck = "keeping_check" ["保管检查"] ["check of keeping"];
        Kind = "kind" ["文件类型"] ["kind"];
        Incident = "incident" ["异常"] ["incident"];
        Loan = "loan" ["出借单"] ["loan"];
        Location = "location" ["库位"] ["location"];
        Import = "import" ["导入"] ["import"];
        Repair = "repair" ["修复任务"] ["repair"];
        Reread = "reread" ["重新识别"] ["re-reading"];
        SavedSearch = "saved_search" ["保存的检索"] ["saved search"];
        Scan = "scan" ["扫描件"] ["scan"];
        Search = "search" ["检索"] ["search"];
        Setting = "setting" ["设置"] ["setting"];
        SignIn = "sign_in" ["登录"] ["sign-in"];
        Stocktake = "stocktake" ["盘点"] ["stocktake"];
        Table = "table" ["表格"] ["table"];
        Token = "token" ["令牌"] ["token"];
        User = "user" ["用户"] ["user"];
    }
}
