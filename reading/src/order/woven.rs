//! Lines that were read put among lines that were delivered, each where the eye would come upon it.

use crate::layout::{LayoutLine, PixelArea};

/// Puts each read line behind what was delivered to its left in the same row, else behind the line that it goes on from,
/// else before the first line below it.
pub fn woven(delivered: Vec<LayoutLine>, read: Vec<LayoutLine>) -> Vec<LayoutLine> {
    let mut lines: Vec<(LayoutLine, bool)> = delivered.into_iter().map(|line| (line, true)).collect();
    let mut last: Option<usize> = None;
    for line in read {
        let next = || last.filter(|at| is_next(&lines[*at].0, &line, lines.get(at + 1)));
        let behind = left_of(&line, &lines).or_else(next).map(|at| at + 1);
        let at = behind.unwrap_or_else(|| before_what_is_below(&line, &lines));
        lines.insert(at, (line, false));
        last = Some(at);
    }
    lines.into_iter().map(|(line, _)| line).collect()
}

/// Whether a read line goes on where the last one ended: nothing that was delivered stands between the two.
fn is_next(before: &LayoutLine, line: &LayoutLine, after: Option<&(LayoutLine, bool)>) -> bool {
    let (top, bottom) = (before.area.middle_y(), line.area.middle_y());
    let is_over = |area: &PixelArea| area.x < line.area.right() && line.area.x < area.right();
    let parted = after.is_some_and(|(after, _)| {
        let middle = after.area.middle_y();
        middle > top && middle < bottom && is_over(&after.area)
    });
    let near = bottom - top < before.area.h.max(line.area.h) * 3.0;
    is_over(&before.area) && bottom > top && near && !parted
}

/// The nearest delivered line to the left in the row of this one.
fn left_of(line: &LayoutLine, lines: &[(LayoutLine, bool)]) -> Option<usize> {
    let in_row = |(_, (other, delivered)): &(usize, &(LayoutLine, bool))| {
        let (a, b) = (&other.area, &line.area);
        let overlap = a.bottom().min(b.bottom()) - a.y.max(b.y);
        *delivered && overlap > a.h.min(b.h) * 0.5 && a.x + a.w / 2.0 < b.x + b.w / 2.0
    };
    let left = lines.iter().enumerate().filter(in_row);
    left.max_by(|a, b| a.1.0.area.right().total_cmp(&b.1.0.area.right()))
        .map(|(at, _)| at)
}

fn before_what_is_below(line: &LayoutLine, lines: &[(LayoutLine, bool)]) -> usize {
    let middle = line.area.middle_y();
    let below = |(other, _): &(LayoutLine, bool)| other.area.middle_y() > middle;
    lines.iter().position(below).unwrap_or(lines.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, x: f32, y: f32) -> LayoutLine {
        LayoutLine {
            text: text.to_owned(),
            area: PixelArea {
                x,
                y,
                w: 20.0 * text.chars().count() as f32,
                h: 20.0,
            },
            ..LayoutLine::default()
        }
    }

    #[test]
    fn values_stand_behind_their_labels_and_pictures_between_paragraphs() {
        let delivered = vec![
            line("户名", 0.0, 0.0),
            line("电话", 0.0, 40.0),
            line("结束", 0.0, 400.0),
        ];
        let read = vec![
            line("欧阳静怡", 60.0, 1.0),
            line("13900003030", 60.0, 41.0),
            line("营业执照", 30.0, 200.0),
            line("名称", 30.0, 230.0),
        ];
        let texts: Vec<String> = woven(delivered, read).into_iter().map(|line| line.text).collect();
        assert_eq!(
            texts,
            ["户名", "欧阳静怡", "电话", "13900003030", "营业执照", "名称", "结束"]
        );
    }
}
