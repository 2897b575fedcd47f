//! Imports of tables: which register one is for, and why a double is one and an undo leaves something.

use crate::list::closed_list;

closed_list! {
    /// A list that is kept as a table: what an import adds to and changes.
    Register ("register", "登记簿") {
        Customers = "customers" ["客户"] ["customers"];
        Locations = "locations" ["库位"] ["locations", "places"];
        Kinds = "kinds" ["文件类型"] ["document kinds", "kinds"];
        Checklists = "checklists" ["应有文件清单", "清单"] ["checklists"];
    }
}

closed_list! {
    /// Why two records are likely one.
    DoubleBecause ("sign of a double", "疑似重复的依据") {
        /// An organisation has one credit code.
        CreditCode = "credit_code" ["统一社会信用代码"] ["credit code"];
        /// One person may be several customers (one for each 户号), so this is said and holds nothing.
        IdNumber = "id_number" ["证件号码"] ["ID number"];
        NameAndAddress = "name_and_address" ["户名和地址"] ["name and address"];
    }
}

closed_list! {
    /// Why an undo leaves a record, or a field of it, as it is.
    KeptBecause ("reason why an undo leaves it", "撤销时保留的原因") {
        /// Somebody has changed it since.
        ChangedSince = "changed_since" ["保留：之后改过"] ["kept: changed since"];
        /// It is there no more.
        Gone = "gone" ["已不存在"] ["no longer exists"];
        /// Documents, proposals or grants hang on the dossier.
        HasDocuments = "has_documents" ["保留：挂有文件"] ["kept: has documents"];
        /// A dossier number was issued, and numbers are never used again.
        HasNumber = "has_number" ["保留：已发档号"] ["kept: has a dossier number"];
        /// Other places are inside.
        HasPlacesInside = "has_places_inside" ["保留：下面还有库位"] ["kept: contains other locations"];
        /// Papers or boxes stand there or have stood there.
        HasHeldPapers = "has_held_papers" ["保留：放有或放过原件"] ["kept: holds or held originals"];
        /// What stood there before belongs to another record now.
        Taken = "taken" ["保留：原值现属别的记录"] ["kept: its former value now belongs to another record"];
        /// Documents are of this kind, checklists ask for it, or dossiers are held against it.
        InUse = "in_use" ["保留：正在使用"] ["kept: in use"];
    }
}

closed_list! {
    /// What a spreadsheet has made of a cell, so that it is no longer what was typed.
    SheetFault ("fault of a spreadsheet", "电子表格的问题") {
        Rounded = "sheet_rounded"
            ["电子表格只保留 15 位数字，后面的位数已经丢失；请把该列设为文本格式后重新填写"]
            ["a spreadsheet keeps 15 digits and has lost the others; format the column as text and type it again"];
        Formula = "sheet_formula"
            ["单元格里是电子表格的错误值；请改正公式或直接填写内容"]
            ["the spreadsheet shows an error there; mend the formula or type the value"];
        Day = "sheet_day"
            ["电子表格把编号变成了日期；请把该列设为文本格式后重新填写"]
            ["a spreadsheet has made a date of the code; format the column as text and type it again"];
        Format = "sheet_format"
            ["这个数字格式读不懂，不知道表里显示的是什么；请把单元格设为文本格式并填写显示的内容"]
            ["its number format is not understood, so what the sheet shows is not known; format the cell as text and type what it shows"];
    }
}
