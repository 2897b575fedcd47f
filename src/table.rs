//! A table as text: aligned columns where there is room, one block of lines for each row where there is not.

use crate::heading::Heading;
use vocabulary::width::{cells, padded};

/// Nothing is laid out for less.
const ROOM_MIN: usize = 20;
const BETWEEN: usize = 2;

/// How many cells a line may have: what COLUMNS says, or the terminal; nothing where the output is no terminal.
pub fn room() -> Option<usize> {
    let said = std::env::var("COLUMNS").ok().and_then(|said| said.parse().ok());
    let measured = || {
        console::Term::stdout()
            .size_checked()
            .map(|(_, columns)| usize::from(columns))
    };
    let room: usize = said.or_else(measured)?;
    (room > 0).then(|| room.max(ROOM_MIN))
}

/// A cell as it is shown: on one line.
fn shown(cell: &str) -> String {
    cell.replace(['\n', '\r', '\t'], " ")
}

/// The table in the room that there is.
pub fn text(header: &[Heading], rows: &[Vec<String>], room: Option<usize>) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| shown(cell)).collect())
        .collect();
    let mut widths: Vec<usize> = header.iter().map(|heading| cells(heading.word())).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cells(cell));
        }
    }
    let width = widths.iter().sum::<usize>() + BETWEEN * widths.len().saturating_sub(1);
    match room {
        Some(room) if width > room => in_blocks(header, &rows, room),
        _ => in_columns(header, &rows, &widths),
    }
}

fn in_columns(header: &[Heading], rows: &[Vec<String>], widths: &[usize]) -> String {
    let line = |row: &mut dyn Iterator<Item = &str>| {
        let cells: Vec<String> = widths
            .iter()
            .zip(row)
            .map(|(width, cell)| padded(cell, width + BETWEEN))
            .collect();
        format!("{}\n", cells.concat().trim_end())
    };
    let mut text = line(&mut header.iter().map(|heading| heading.word()));
    for row in rows {
        text.push_str(&line(&mut row.iter().map(String::as_str)));
    }
    text
}

/// Each row as lines of head and value, an empty line between two rows. A value without room beside its head stands below.
fn in_blocks(header: &[Heading], rows: &[Vec<String>], room: usize) -> String {
    let head = header.iter().map(|heading| cells(heading.word())).max().unwrap_or(0) + BETWEEN;
    let block = |row: &Vec<String>| {
        let filled = header.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        let lines = filled.map(|(heading, cell)| match head + cells(cell) <= room {
            true => format!("{}{cell}\n", padded(heading.word(), head)),
            false => {
                let parts = broken(cell, room - BETWEEN);
                let parts: Vec<String> = parts.iter().map(|part| format!("  {part}\n")).collect();
                format!("{}\n{}", heading.word(), parts.concat())
            }
        });
        lines.collect::<String>()
    };
    rows.iter().map(block).collect::<Vec<_>>().join("\n")
}

/// A text in parts that fit; between any two characters, since neither codes nor Han text have spaces.
fn broken(text: &str, room: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut used = 0;
    for c in text.chars() {
        let width = cells(c.encode_utf8(&mut [0; 4]));
        if used + width > room {
            parts.push(String::new());
            used = 0;
        }
        used += width;
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<String>> {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        vec![
            row(["KH-0001", "恒远资产管理有限公司", "two\nlines"]),
            row(["KH-0002", "", "01a2289a-0000-7000-8000-000000000000"]),
        ]
    }

    const HEADER: [Heading; 3] = [Heading::Code, Heading::Name, Heading::Detail];

    #[test]
    fn columns_where_there_is_room() {
        for room in [None, Some(200)] {
            let text = text(&HEADER, &rows(), room);
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(lines.len(), 3, "{text}");
            assert_eq!(lines[0], "code     name                  detail");
            assert_eq!(lines[1], "KH-0001  恒远资产管理有限公司  two lines");
        }
    }

    #[test]
    fn blocks_where_there_is_not() {
        for room in [20, 40, 60] {
            let text = text(&HEADER, &rows(), Some(room));
            assert!(text.lines().all(|line| cells(line) <= room), "{room}:\n{text}");
            assert!(text.contains("code    KH-0001\n"), "{text}");
            assert_eq!(text.matches("\n\n").count(), 1, "{text}");
        }
        assert!(text(&HEADER, &rows(), Some(40)).contains("\n  01a2289a-0000-7000-8000-000000000000\n"));
        assert_eq!(text(&HEADER, &[], Some(40)), "code  name  detail\n");
    }
}
