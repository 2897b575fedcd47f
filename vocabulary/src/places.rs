//! Places and the paper kept in them.

use crate::list::{closed_list, open_list};

open_list! {
    /// What a place is, widest first. Nobody may write another word any more; one that an older archive holds is kept as
    /// it was written and shown so in both languages, because a name is all that is known of it.
    LocationKind ("kind of a place", "库位类型") {
        Site = "site" ["地点", "站点", "园区", "库区", "楼", "楼层"] ["site"];
        Room = "room" ["库房", "房间", "室"] ["room"];
        Rack = "rack" ["架", "柜", "档案架", "档案柜", "密集架"] ["rack"];
        Column = "column" ["列"] ["column"];
        Shelf = "shelf" ["层", "搁板"] ["shelf"];
        Slot = "slot" ["格", "位", "格位", "盒位"] ["slot"];
        Safe = "safe" ["保险柜", "保险箱"] ["safe"];
        ReadingTable = "reading_table" ["阅览桌", "阅览室"] ["reading table"];
    }
}

impl LocationKind {
    /// What a place in the n-th segment of a code usually is, from 1.
    pub fn at_depth(depth: usize) -> Self {
        match depth {
            0 | 1 => Self::Room,
            2 => Self::Rack,
            3 => Self::Column,
            4 => Self::Shelf,
            _ => Self::Slot,
        }
    }
}

closed_list! {
    /// How places of a row are numbered.
    PlaceNumbering ("numbering of places", "编号方式") {
        TwoDigits = "two_digits" ["01、02、03"] ["01, 02, 03"];
        Digits = "digits" ["1、2、3"] ["1, 2, 3"];
        Letters = "letters" ["A、B、C"] ["A, B, C"];
    }
}

closed_list! {
    /// Whether a place takes paper.
    PlaceUse ("state of a place", "库位状态") {
        InUse = "in_use" ["在用", "启用", "正常"] ["in use", "active"] also ["0"];
        /// It takes no new paper and keeps its history.
        Retired = "retired" ["停用", "已停用", "废止"] ["retired", "out of use"] also ["1"];
    }
}

closed_list! {
    /// Where an original is in its life. Overdue is a flag of a loan and not a state.
    OriginalState ("state of an original", "原件状态") {
        ToBeShelved = "to_be_shelved" ["待上架", "未上架"] ["to be shelved"];
        InPlace = "in_place" ["在架", "在库", "在位"] ["in place"];
        OnLoan = "on_loan" ["已借出", "借出", "外借", "出借"] ["on loan", "loan"];
        OnReadingTable = "on_reading_table" ["在阅览桌", "阅览", "阅览中"] ["on reading table"];
        OutForScanning = "out_for_scanning" ["送扫描", "扫描中", "外送扫描"] ["out for scanning"];
        InTransit = "in_transit" ["途中", "在途", "移交中"] ["in transit"];
        InSafe = "in_safe" ["在保险柜", "保险柜"] ["in safe"];
        Missing = "missing" ["未找到", "缺失"] ["missing"];
        Lost = "lost" ["已丢失", "丢失", "遗失"] ["lost"];
        HeldForDestruction = "held_for_destruction" ["待销毁"] ["held for destruction"];
        Destroyed = "destroyed" ["已销毁", "销毁"] ["destroyed"];
    }
}

closed_list! {
    /// What can be put somewhere.
    ThingKind ("kind of a thing", "实物类型") {
        Original = "original" ["原件"] ["original"];
        Volume = "volume" ["案卷"] ["volume"];
        Container = "container" ["盒袋", "容器"] ["container"];
    }
}

closed_list! {
    /// What papers are kept in that can be moved, largest first.
    ContainerKind ("kind of a container", "盒袋类型") {
        Box = "box" ["盒", "档案盒", "卷盒"] ["box"];
        Binder = "binder" ["夹", "文件夹"] ["binder"];
        Bag = "bag" ["袋", "档案袋"] ["bag"];
    }
}

closed_list! {
    /// By what a place is full.
    CapacityUnit ("unit of a capacity", "容量单位") {
        Millimetres = "mm" ["毫米"] ["mm", "millimetres"];
        Pieces = "pieces" ["件"] ["pieces"];
    }
}

closed_list! {
    /// Why a place is proposed for a thing.
    ProposedBecause ("reason of a proposed place", "推荐理由") {
        BesideDossier = "beside_dossier" ["同一档案的材料在这里"] ["papers of the dossier lie there"];
        KindAndYear = "kind_and_year" ["同类同年的材料在这里"] ["papers of this kind and year lie there"];
        Room = "room" ["有空位"] ["there is room"];
    }
}

closed_list! {
    /// Where something can be put.
    PlaceKind ("kind of where it lies", "位置类型") {
        Location = "location" ["库位"] ["location"];
        Container = "container" ["盒袋", "容器"] ["container"];
        /// Off its place.
        None = "none" ["无"] ["none"];
    }
}

closed_list! {
    /// The event of a row of the ledger of places.
    PlacementEvent ("event of a placement", "存放变动") {
        /// It had no place before.
        FirstPlaced = "first_placed" ["上架"] ["put away", "first placed"];
        Moved = "moved" ["移位"] ["moved"];
        /// It was taken off its place.
        TakenOut = "taken_out" ["离架"] ["taken out"];
        /// Somebody has it; the label says under which slip.
        Lent = "lent" ["借出"] ["lent"];
    }
}
