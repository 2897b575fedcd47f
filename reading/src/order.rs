//! Reading order of lines: top to bottom, columns that belong together first, cells of a table
//! row by row.
//!
//! Works on boxes and a little on the text of the lines (a label ends with a colon). Knows nothing
//! of where the lines came from.

mod cells;
mod typed;
mod woven;

pub use typed::typed;
pub use woven::woven;

use crate::layout::{LayoutLine, PixelArea, Turn};

/// Ruling lines of a page, or pieces of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct RulingLines<'r> {
    pub upright: &'r [PixelArea],
    pub level: &'r [PixelArea],
}

/// Gap between two columns, in line heights, from which they are columns at all.
const COLUMN_GAP: f32 = 1.0;
/// A ruling line between cells is longer than this, in heights of the text beside it.
const RULE_HEIGHTS_MIN: f32 = 2.5;
/// Lines that each column needs; two lines beside each other are just a row.
const COLUMN_ROWS_MIN: usize = 3;
const COLONS: [char; 2] = ['：', ':'];
/// How much shorter than the others a line is that was broken where the column ends, in heights of a line.
const BREAK_SLACK: f32 = 1.3;
/// Heights that a broken line is wide; labels are shorter.
const BROKEN_HEIGHTS_MIN: f32 = 4.5;

/// Puts the lines into reading order: inside a ruled table rows go before columns.
pub fn reading_order(lines: Vec<LayoutLine>, rules: RulingLines<'_>) -> Vec<LayoutLine> {
    let slope = common_slope(&lines);
    let boxes: Vec<PixelArea> = lines
        .iter()
        .map(|l| PixelArea {
            y: l.area.y - slope * middle_x(&l.area),
            ..l.area
        })
        .collect();
    let unslanted = |rules: &[PixelArea]| -> Vec<PixelArea> {
        let moved = rules.iter().map(|r| r.moved(0.0, -slope * middle_x(r)));
        moved.collect()
    };
    let (upright, level) = (unslanted(rules.upright), unslanted(rules.level));
    let rows = rows(&boxes);
    let mut order = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < rows.len() {
        match column_block(&lines, &boxes, &rows, at, &upright) {
            Some((end, split)) => {
                for left in [true, false] {
                    let side = rows[at..end].iter().flatten();
                    order.extend(side.filter(|&&i| (middle_x(&boxes[i]) < split) == left).copied());
                }
                at = end;
            }
            None => {
                order.extend(rows[at].iter().copied());
                at += 1;
            }
        }
    }
    let rules = RulingLines {
        upright: &upright,
        level: &level,
    };
    cells::together(&mut order, &boxes, &rules);
    let mut lines: Vec<Option<LayoutLine>> = lines.into_iter().map(Some).collect();
    order.into_iter().filter_map(|i| lines[i].take()).collect()
}

/// Puts the lines of a page of this size whose text runs downwards into reading order: as those of the page that lies on
/// its side, with its right side up.
pub fn columns_from_the_right(lines: Vec<LayoutLine>, rules: RulingLines<'_>, size: (u32, u32)) -> Vec<LayoutLine> {
    let turned = |areas: &[PixelArea]| -> Vec<PixelArea> {
        let lying = areas.iter().map(|area| area.turned(size, Turn::ThreeQuarters));
        lying.collect()
    };
    let (upright, level) = (turned(rules.level), turned(rules.upright));
    let lie = |line: LayoutLine| LayoutLine {
        area: line.area.turned(size, Turn::ThreeQuarters),
        ..line
    };
    let lying = RulingLines {
        upright: &upright,
        level: &level,
    };
    let ordered = reading_order(lines.into_iter().map(lie).collect(), lying);
    let back = |line: LayoutLine| LayoutLine {
        area: line
            .area
            .turned(Turn::ThreeQuarters.size(size.0, size.1), Turn::Quarter),
        ..line
    };
    ordered.into_iter().map(back).collect()
}

/// Lines grouped into rows from the top, each row from the left.
fn rows(boxes: &[PixelArea]) -> Vec<Vec<usize>> {
    let mut by_top: Vec<usize> = (0..boxes.len()).collect();
    by_top.sort_by(|&a, &b| {
        let (a, b) = (&boxes[a], &boxes[b]);
        a.middle_y().total_cmp(&b.middle_y()).then(a.x.total_cmp(&b.x))
    });
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for i in by_top {
        let fits = rows.last().is_some_and(|row| {
            // Compared with the nearest box of the row, because skewed rows drift.
            let near = |j: &&usize| (middle_x(&boxes[**j]) - middle_x(&boxes[i])).abs();
            row.iter().min_by(|a, b| near(a).total_cmp(&near(b))).is_some_and(|&j| {
                let (a, b) = (&boxes[i], &boxes[j]);
                let overlap = a.bottom().min(b.bottom()) - a.y.max(b.y);
                // Two pieces of one line share a character where the detector cut it.
                let beside = a.x.max(b.x) > a.right().min(b.right()) - a.h.min(b.h) * 1.2;
                beside && overlap > a.h.min(b.h) * 0.5
            })
        });
        match rows.last_mut().filter(|_| fits) {
            Some(row) => row.push(i),
            None => rows.push(vec![i]),
        }
    }
    for row in &mut rows {
        row.sort_by(|&a, &b| boxes[a].x.total_cmp(&boxes[b].x));
    }
    rows
}

/// A block of rows from `at` on in two columns: where it ends and the x between them.
fn column_block(
    lines: &[LayoutLine],
    boxes: &[PixelArea],
    rows: &[Vec<usize>],
    at: usize,
    rules: &[PixelArea],
) -> Option<(usize, f32)> {
    let area = |i: usize| &boxes[i];
    let first = rows.get(at).filter(|r| r.len() == 2)?;
    let height = area(first[0]).h.max(area(first[1]).h);
    let (mut left_end, mut right_start) = (area(first[0]).right(), area(first[1]).x);
    if right_start - left_end < height * COLUMN_GAP {
        return None;
    }
    let mut end = at;
    // Counted by side: on a photographed page the two sides of a row drift apart.
    let mut sides = [0usize; 2];
    for row in &rows[at..] {
        if row.len() > 2 {
            break;
        }
        // A ruling line between two cells makes them a row of a table, to be read across.
        if let [left, right] = row.as_slice()
            && rules.iter().any(|rule| is_between(rule, area(*left), area(*right)))
        {
            break;
        }
        // Each line stays on its side of one gap; a line across the gap ends the block.
        let split = (left_end + right_start) / 2.0;
        let (mut left, mut right) = (left_end, right_start);
        for &i in row {
            if middle_x(area(i)) < split {
                left = left.max(area(i).right());
            } else {
                right = right.min(area(i).x);
            }
        }
        let gone = right - left < height * COLUMN_GAP;
        let below = row
            .iter()
            .all(|&i| area(i).y > rows_bottom(boxes, rows, end) + height * 4.0);
        if gone || (end > at && below) {
            break;
        }
        (left_end, right_start) = (left, right);
        for &i in row {
            sides[usize::from(middle_x(area(i)) >= split)] += 1;
        }
        end += 1;
    }
    let split = (left_end + right_start) / 2.0;
    let block: Vec<usize> = rows[at..end].iter().flatten().copied().collect();
    let (left, right): (Vec<usize>, Vec<usize>) = block.iter().partition(|&&i| middle_x(area(i)) < split);
    let are_columns = match sides.iter().any(|lines| *lines < COLUMN_ROWS_MIN) {
        true => is_headed(lines, boxes, &left) && is_headed(lines, boxes, &right),
        false => is_said(lines, boxes, &left) && is_said(lines, boxes, &right),
    };
    are_columns.then_some((end, split))
}

/// Whether the lines of a column say something by themselves. Labels with their values beside them are read row by row:
/// short and without a colon.
fn is_said(lines: &[LayoutLine], boxes: &[PixelArea], column: &[usize]) -> bool {
    let statement = |i: &&usize| {
        let text = lines[**i].text.trim_end();
        text.contains(COLONS) || text.chars().count() > 12
    };
    column.iter().filter(statement).count() * 2 >= column.len() || is_running(lines, boxes, column)
}

/// Whether the lines of a column are one text that was broken where the column ends: as wide as each other up to the
/// last, near below each other, and of words.
fn is_running(lines: &[LayoutLine], boxes: &[PixelArea], column: &[usize]) -> bool {
    let Some((last, full)) = column.split_last() else {
        return false;
    };
    let height = full.iter().map(|&i| boxes[i].h).fold(0.0, f32::max);
    let right = full.iter().map(|&i| boxes[i].right()).fold(0.0, f32::max);
    let is_full = |&i: &usize| {
        let area = &boxes[i];
        right - area.right() < height * BREAK_SLACK && area.w > height * BROKEN_HEIGHTS_MIN
    };
    let is_near = |pair: &[usize]| boxes[pair[1]].middle_y() - boxes[pair[0]].middle_y() < height * 2.5;
    let of_words = |&i: &usize| {
        let words = lines[i].text.chars().filter(|c| c.is_alphabetic()).count();
        words * 2 > lines[i].text.chars().count()
    };
    full.iter().all(is_full)
        && column.windows(2).all(is_near)
        && boxes[*last].right() < right + height * BREAK_SLACK
        && column.iter().all(of_words)
}

/// Whether a column is one named value that goes on below its name: `Party A: ...`, and further lines without a colon.
fn is_headed(lines: &[LayoutLine], boxes: &[PixelArea], column: &[usize]) -> bool {
    let [first, rest @ ..] = column else { return false };
    let named = lines[*first].text.trim_end();
    let goes_on = |&i: &usize| {
        let beside = (boxes[i].x - boxes[*first].x).abs() < boxes[*first].h;
        beside && boxes[i].w <= boxes[*first].w && !lines[i].text.contains(COLONS)
    };
    !rest.is_empty() && named.contains(COLONS) && !named.ends_with(COLONS) && rest.iter().all(goes_on)
}

/// Whether an upright ruling line is between two cells of a row.
fn is_between(rule: &PixelArea, left: &PixelArea, right: &PixelArea) -> bool {
    let (top, bottom) = (left.y.min(right.y), left.bottom().max(right.bottom()));
    let beside = rule.bottom().min(bottom) - rule.y.max(top);
    let reach = left.h.min(right.h) * 0.3;
    let inside = rule.x > left.right() - reach && rule.right() < right.x + reach;
    // Edges of stains and pictures are upright for a short way only.
    let long = rule.h > (bottom - top) * RULE_HEIGHTS_MIN;
    inside && long && beside > (bottom - top) * 0.7
}

fn rows_bottom(boxes: &[PixelArea], rows: &[Vec<usize>], end: usize) -> f32 {
    let Some(before) = end.checked_sub(1) else {
        return f32::MAX / 4.0;
    };
    rows[before].iter().map(|&i| boxes[i].bottom()).fold(0.0, f32::max)
}

/// The slope of the page: the middle one of its long lines.
fn common_slope(lines: &[LayoutLine]) -> f32 {
    let mut slopes: Vec<f32> = lines
        .iter()
        .filter(|l| l.area.w > l.area.h * 8.0)
        .map(|l| l.slope)
        .collect();
    slopes.sort_by(f32::total_cmp);
    slopes.get(slopes.len() / 2).copied().unwrap_or(0.0)
}

fn middle_x(area: &PixelArea) -> f32 {
    area.x + area.w / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[(&str, f32, f32, f32)], rules: &[PixelArea], expected: &[&str]) {
        let lines = lines
            .iter()
            .map(|(text, x, y, w)| LayoutLine {
                text: (*text).to_owned(),
                area: PixelArea {
                    x: *x,
                    y: *y,
                    w: *w,
                    h: 20.0,
                },
                ..LayoutLine::default()
            })
            .collect();
        let rules = RulingLines {
            upright: rules,
            level: &[],
        };
        let ordered = reading_order(lines, rules);
        let texts: Vec<&str> = ordered.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn signature_columns_do_not_interleave() {
        check(
            &[
                ("乙方：某公司", 500.0, 100.0, 200.0),
                ("甲方：某局", 50.0, 101.0, 200.0),
                ("法定代表人：李", 50.0, 141.0, 200.0),
                ("法定代表人：王", 500.0, 140.0, 200.0),
                ("日期：2024年", 50.0, 180.0, 200.0),
                ("日期：2025年", 500.0, 181.0, 200.0),
                ("第 2 页", 300.0, 400.0, 100.0),
            ],
            &[],
            &[
                "甲方：某局",
                "法定代表人：李",
                "日期：2024年",
                "乙方：某公司",
                "法定代表人：王",
                "日期：2025年",
                "第 2 页",
            ],
        );
    }

    /// On a photograph the right column is half a line lower than the left one.
    #[test]
    fn columns_that_drift_apart_do_not_interleave() {
        check(
            &[
                ("甲方（盖章）：某纺织有限", 50.0, 100.0, 260.0),
                ("乙方（签字）：吕燕", 500.0, 104.0, 200.0),
                ("公司", 50.0, 140.0, 60.0),
                ("联系电话：15132583483", 500.0, 151.0, 240.0),
                ("委托代理人：戚燕", 50.0, 180.0, 200.0),
                ("通信地址：某路656号", 500.0, 197.0, 240.0),
                ("签订日期：2021年1月1日", 50.0, 220.0, 240.0),
                ("签订日期：2021年1月1日", 500.0, 243.0, 240.0),
            ],
            &[],
            &[
                "甲方（盖章）：某纺织有限",
                "公司",
                "委托代理人：戚燕",
                "签订日期：2021年1月1日",
                "乙方（签字）：吕燕",
                "联系电话：15132583483",
                "通信地址：某路656号",
                "签订日期：2021年1月1日",
            ],
        );
    }

    /// Names and addresses of two parties, each broken where its column ends.
    #[test]
    fn broken_text_of_two_columns_is_read_column_by_column() {
        check(
            &[
                ("甲方：宝山澄湖建材", 50.0, 100.0, 180.0),
                ("乙方：奉贤白鹭装饰", 500.0, 100.0, 180.0),
                ("有限公司（以下简称", 50.0, 130.0, 180.0),
                ("工程有限公司（以下", 500.0, 130.0, 180.0),
                ("甲方）住所地宝山区", 50.0, 160.0, 180.0),
                ("简称乙方）住所地奉", 500.0, 160.0, 180.0),
                ("友谊路一千二百号", 50.0, 190.0, 160.0),
                ("贤区南桥镇解放路", 500.0, 190.0, 160.0),
                (
                    "第一条 双方应按照本合同附件一所列的服务范围提供服务",
                    50.0,
                    300.0,
                    700.0,
                ),
            ],
            &[],
            &[
                "甲方：宝山澄湖建材",
                "有限公司（以下简称",
                "甲方）住所地宝山区",
                "友谊路一千二百号",
                "乙方：奉贤白鹭装饰",
                "工程有限公司（以下",
                "简称乙方）住所地奉",
                "贤区南桥镇解放路",
                "第一条 双方应按照本合同附件一所列的服务范围提供服务",
            ],
        );
        check(
            &[
                ("甲方：云栖印务", 50.0, 100.0, 140.0),
                ("乙方：白鹭装饰工程", 500.0, 100.0, 180.0),
                ("有限公司", 50.0, 130.0, 80.0),
                ("有限公司", 500.0, 130.0, 80.0),
            ],
            &[],
            &["甲方：云栖印务", "有限公司", "乙方：白鹭装饰工程", "有限公司"],
        );
    }

    #[test]
    fn columns_go_from_the_right() {
        let line = |text: &str, x: f32, y: f32| LayoutLine {
            text: text.to_owned(),
            area: PixelArea {
                x,
                y,
                w: 20.0,
                h: 300.0,
            },
            ..LayoutLine::default()
        };
        let lines = vec![
            line("三", 100.0, 50.0),
            line("一", 300.0, 52.0),
            line("二", 200.0, 48.0),
        ];
        let ordered = columns_from_the_right(lines.clone(), RulingLines::default(), (400, 400));
        let texts: Vec<&str> = ordered.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["一", "二", "三"]);
        assert_eq!(ordered[0].area, lines[1].area, "where it was");
    }

    /// Codes as long as each other are a list, not a text.
    #[test]
    fn lists_of_codes_go_row_by_row() {
        check(
            &[
                ("2024-01-01", 50.0, 100.0, 100.0),
                ("KH-000123", 300.0, 100.0, 90.0),
                ("2024-01-02", 50.0, 130.0, 100.0),
                ("KH-000124", 300.0, 130.0, 90.0),
                ("2024-01-03", 50.0, 160.0, 100.0),
                ("KH-000125", 300.0, 160.0, 90.0),
            ],
            &[],
            &[
                "2024-01-01",
                "KH-000123",
                "2024-01-02",
                "KH-000124",
                "2024-01-03",
                "KH-000125",
            ],
        );
    }

    #[test]
    fn labels_and_values_go_row_by_row() {
        check(
            &[
                ("名称", 50.0, 100.0, 60.0),
                ("某某信息技术有限公司", 300.0, 100.0, 300.0),
                ("类型", 50.0, 140.0, 60.0),
                ("有限责任公司", 300.0, 141.0, 200.0),
                ("住所", 50.0, 180.0, 60.0),
                ("某市某区某路", 300.0, 180.0, 200.0),
            ],
            &[],
            &[
                "名称",
                "某某信息技术有限公司",
                "类型",
                "有限责任公司",
                "住所",
                "某市某区某路",
            ],
        );
    }

    /// A line above a table, then the table: the cells stay in their rows.
    #[test]
    fn a_table_below_a_pair_of_lines_is_not_its_columns() {
        let rule = |x: f32| PixelArea {
            x,
            y: 130.0,
            w: 3.0,
            h: 900.0,
        };
        check(
            &[
                ("客户编号：KH203540", 50.0, 100.0, 200.0),
                ("填表日期：2023年1月6日", 600.0, 100.0, 250.0),
                ("客户名称", 50.0, 140.0, 80.0),
                ("宁波某某餐饮服务有限责任公司", 300.0, 140.0, 330.0),
                ("信用代码", 50.0, 180.0, 80.0),
                ("91330212J19HPJPGRH", 300.0, 180.0, 330.0),
                ("注册地址", 50.0, 220.0, 80.0),
                ("宁波市鄞州区枫林三路205号", 300.0, 220.0, 330.0),
            ],
            &[rule(40.0), rule(280.0), rule(900.0)],
            &[
                "客户编号：KH203540",
                "填表日期：2023年1月6日",
                "客户名称",
                "宁波某某餐饮服务有限责任公司",
                "信用代码",
                "91330212J19HPJPGRH",
                "注册地址",
                "宁波市鄞州区枫林三路205号",
            ],
        );
    }

    #[test]
    fn a_ruled_table_goes_row_by_row() {
        let rule = PixelArea {
            x: 400.0,
            y: 90.0,
            w: 3.0,
            h: 120.0,
        };
        check(
            &[
                ("初审：同意上报", 50.0, 100.0, 200.0),
                ("经办：张三", 500.0, 100.0, 200.0),
                ("复审：同意", 50.0, 140.0, 200.0),
                ("经办：李四", 500.0, 140.0, 200.0),
                ("审批：同意", 50.0, 180.0, 200.0),
                ("经办：王五", 500.0, 180.0, 200.0),
            ],
            &[rule],
            &[
                "初审：同意上报",
                "经办：张三",
                "复审：同意",
                "经办：李四",
                "审批：同意",
                "经办：王五",
            ],
        );
    }
}
