//! How the holdings are kept: checks of rooms and of what lies in them, and repairs.

use crate::list::{closed_list, open_list};

closed_list! {
    /// What a check of keeping looks at.
    KeepingKind ("kind of a check of keeping", "检查类型") {
        /// The room: air, doors, light, vermin, fire and theft.
        Room = "room" ["库房环境"] ["room"];
        /// The papers and their boxes.
        Holding = "holding" ["档案实体"] ["holding"];
    }
}

closed_list! {
    /// Why a check of keeping is made.
    KeepingOccasion ("occasion of a check of keeping", "检查缘由") {
        Regular = "regular" ["定期"] ["regular"];
        Theft = "theft" ["失窃"] ["theft"];
        Loss = "loss" ["遗失"] ["loss"];
        Fire = "fire" ["火灾"] ["fire"];
        Water = "water" ["水患"] ["water"];
        Move = "move" ["搬迁"] ["move"];
        Doubt = "doubt" ["存疑"] ["doubt"];
    }
}

closed_list! {
    /// Whether a check of keeping was made.
    KeepingState ("state of a check of keeping", "检查状态") {
        Ordered = "ordered" ["待检查"] ["ordered"];
        Done = "done" ["已检查"] ["done"];
    }
}

closed_list! {
    /// Whether something is mended.
    RepairState ("state of a repair", "修复状态") {
        Open = "open" ["待修复"] ["open"];
        Mended = "mended" ["已修复"] ["mended"];
    }
}

open_list! {
    /// What a check of keeping asks. An archive may ask in words of its own.
    KeepingItem ("item of a check of keeping", "检查项目") {
        AgainstFire = "against_fire" ["防火"] ["protection against fire"];
        AgainstTheft = "against_theft" ["防盗"] ["protection against theft"];
        AgainstDamp = "against_damp" ["防潮"] ["protection against damp"];
        AgainstHeat = "against_heat" ["防高温"] ["protection against heat"];
        AgainstInsects = "against_insects" ["防虫"] ["protection against insects"];
        AgainstRodents = "against_rodents" ["防鼠"] ["protection against rodents"];
        AgainstLight = "against_light" ["防光"] ["protection against light"];
        AgainstDust = "against_dust" ["防尘"] ["protection against dust"];
        DoorsAndWindows = "doors_and_windows" ["门窗"] ["doors and windows"];
        SafetyEquipment = "safety_equipment" ["安全设施"] ["safety equipment"];
        Mould = "mould" ["霉变"] ["mould"];
        Vermin = "vermin" ["虫蛀鼠咬"] ["damage by vermin"];
        FadedInk = "faded_ink" ["字迹变色或扩散"] ["faded or spreading ink"];
        TornPaper = "torn_paper" ["材料破损"] ["torn paper"];
        Boxes = "boxes" ["装具"] ["boxes and bindings"];
        Order = "order" ["摆放次序"] ["order on the shelves"];
    }
}
