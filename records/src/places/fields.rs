//! The fields of a place, once: columns of its table, what a line states, what is written, what differs, the form.

use super::{LocationCode, LocationKind, PlaceUse};
use crate::{
    SecurityLevel, fold,
    imports::fields::{RegisterField, Shape, columns, position},
    tables::{CellFault, ColumnRule},
};
use vocabulary::CapacityUnit;

/// Where a value is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceFieldStorage {
    /// The key of the place, which never changes.
    Code,
    /// A text column of `locations`.
    Column(&'static str),
    /// A column that holds a number, or nothing.
    Number(&'static str),
    /// A column that always holds a number.
    Level(&'static str),
    /// Whether it takes paper.
    Use,
}

pub type LocationField = RegisterField<PlaceFieldStorage>;

const COUNT: usize = 9;

pub static LOCATION_FIELDS: [LocationField; COUNT] = FIELDS;

/// The columns of the locations table. Parents are made from the code when they are missing.
pub const LOCATION_COLUMNS: &[ColumnRule] = &columns(&FIELDS);

const FIELDS: [LocationField; COUNT] = [
    RegisterField {
        column: column("code", &["库位号", "库位", "储位", "储位码", "位置编码", "编码"], true),
        zh: "库位号",
        en: "Code",
        shape: Shape::Lasting,
        words: None,
        check: code,
        shown: str::to_owned,
        storage: PlaceFieldStorage::Code,
    },
    RegisterField {
        column: column("name", &["名称", "库位名称"], false),
        zh: "名称",
        en: "Name",
        shape: Shape::Text,
        words: None,
        check: text,
        shown: str::to_owned,
        storage: PlaceFieldStorage::Column("name"),
    },
    RegisterField {
        column: column("kind", &["类型", "种类"], false),
        zh: "类型",
        en: "Kind",
        shape: Shape::Lasting,
        words: Some(LocationKind::LIST.closed()),
        check: kind,
        shown: str::to_owned,
        storage: PlaceFieldStorage::Column("kind"),
    },
    RegisterField {
        column: column("capacity", &["容量"], false),
        zh: "容量",
        en: "Capacity",
        shape: Shape::Text,
        words: None,
        check: capacity,
        shown: str::to_owned,
        storage: PlaceFieldStorage::Number("capacity"),
    },
    RegisterField {
        column: column("keeper", &["保管人", "管理员"], false),
        zh: "保管人",
        en: "Keeper",
        shape: Shape::Text,
        words: None,
        check: text,
        shown: str::to_owned,
        storage: PlaceFieldStorage::Column("keeper"),
    },
    RegisterField {
        column: column("owner", &["归属部门", "所属部门"], false),
        zh: "归属部门",
        en: "Owner",
        shape: Shape::Text,
        words: None,
        check: text,
        shown: str::to_owned,
        storage: PlaceFieldStorage::Column("owner"),
    },
    RegisterField {
        column: column("security_level_max", &["最高密级", "可存密级"], false),
        zh: "最高密级",
        en: "Highest security level",
        shape: Shape::Lasting,
        words: Some(SecurityLevel::LIST),
        check: level,
        shown: str::to_owned,
        storage: PlaceFieldStorage::Level("security_level_max"),
    },
    RegisterField {
        column: column("state", &["状态", "使用状态"], false),
        zh: "状态",
        en: "State",
        shape: Shape::Lasting,
        words: Some(PlaceUse::LIST),
        check: state,
        shown: str::to_owned,
        storage: PlaceFieldStorage::Use,
    },
    RegisterField {
        column: column("capacity_unit", &["容量单位"], false),
        zh: "容量单位",
        en: "Unit of the capacity",
        shape: Shape::Lasting,
        words: Some(CapacityUnit::LIST),
        check: capacity_unit,
        shown: str::to_owned,
        storage: PlaceFieldStorage::Column("capacity_unit"),
    },
];

const fn column(name: &'static str, headers: &'static [&'static str], required: bool) -> ColumnRule {
    ColumnRule {
        name,
        headers,
        required,
    }
}

/// Where the field of this name stands among the values of a place.
pub(crate) fn at(name: &'static str) -> usize {
    position(&LOCATION_FIELDS, name).unwrap_or(usize::MAX)
}

fn text(value: &str) -> Result<String, CellFault> {
    Ok(fold::storable(value))
}

fn code(value: &str) -> Result<String, CellFault> {
    let code = LocationCode::parse(value).map_err(|_| CellFault::LocationCode)?;
    Ok(code.as_str().to_owned())
}

fn kind(value: &str) -> Result<String, CellFault> {
    match LocationKind::parse(value) {
        LocationKind::Other(_) => Err(CellFault::LocationKind),
        known => Ok(known.as_str().to_owned()),
    }
}

fn state(value: &str) -> Result<String, CellFault> {
    let state = PlaceUse::parse(value).map_err(|_| CellFault::PlaceUse)?;
    Ok(state.as_str().to_owned())
}

fn capacity(value: &str) -> Result<String, CellFault> {
    match fold::half_width(value).trim().parse::<i64>() {
        Ok(capacity) if capacity >= 0 => Ok(capacity.to_string()),
        _ => Err(CellFault::Capacity),
    }
}

fn capacity_unit(value: &str) -> Result<String, CellFault> {
    let unit = CapacityUnit::parse(value).map_err(|_| CellFault::CapacityUnit)?;
    Ok(unit.as_str().to_owned())
}

fn level(value: &str) -> Result<String, CellFault> {
    let level = SecurityLevel::parse(value).map_err(|_| CellFault::SecurityLevel)?;
    Ok(level.number().to_string())
}
