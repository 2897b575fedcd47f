//! Quotation marks of a CSV that are opened and never closed. Readers of CSV take all that follows for one cell, up to
//! the next mark or the end, so that whole lines are swallowed without a word.

/// A table of fewer columns has too few signs between cells to tell a line of it from a text.
const COLUMNS_MIN: usize = 3;

/// Where a mark is opened that nobody closes: line, and cell of the line. Besides a mark that is open at the end these
/// are seen: a cell of several lines whose mark is closed in the midst of a text (the next line's mark has closed it),
/// and one of whose lines has as many cells as the table has columns.
pub(super) fn left_open(text: &[u8], delimiter: u8, columns: usize) -> Option<(u64, usize)> {
    let mut place = CellPlace { line: 1, cell: 1 };
    let mut state = State::CellBegins;
    for byte in text {
        state = match (state, *byte) {
            (State::CellBegins, b'"') => State::Quoted(Quoted {
                opened: place,
                breaks: 0,
                delimiters: 0,
            }),
            (State::CellBegins | State::Plain, byte) => after_plain(byte, delimiter, &mut place),
            (State::Quoted(quoted), b'"') => State::MarkSeen(quoted),
            (State::Quoted(quoted), byte) => {
                let quoted = quoted.with(byte, delimiter, &mut place);
                if quoted.holds_a_line(columns) {
                    return Some(quoted.opened.told());
                }
                State::Quoted(quoted)
            }
            (State::MarkSeen(quoted), b'"') => State::Quoted(quoted),
            (State::MarkSeen(quoted), byte) => {
                let ends = byte == delimiter || matches!(byte, b'\r' | b'\n' | b' ');
                if quoted.breaks > 0 && !ends {
                    return Some(quoted.opened.told());
                }
                after_plain(byte, delimiter, &mut place)
            }
        };
    }
    match state {
        State::Quoted(quoted) => Some(quoted.opened.told()),
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum State {
    CellBegins,
    Plain,
    Quoted(Quoted),
    /// A mark inside a quoted cell: its end, or the first of two that stand for one.
    MarkSeen(Quoted),
}

#[derive(Clone, Copy)]
struct CellPlace {
    line: u64,
    cell: usize,
}

impl CellPlace {
    fn told(self) -> (u64, usize) {
        (self.line, self.cell)
    }
}

#[derive(Clone, Copy)]
struct Quoted {
    opened: CellPlace,
    /// Line breaks in the cell so far.
    breaks: usize,
    /// Signs between cells since the last of them.
    delimiters: usize,
}

impl Quoted {
    fn with(mut self, byte: u8, delimiter: u8, place: &mut CellPlace) -> Self {
        if byte == b'\n' {
            place.line += 1;
            self.breaks += 1;
            self.delimiters = 0;
        } else if byte == delimiter {
            self.delimiters += 1;
        }
        self
    }

    fn holds_a_line(&self, columns: usize) -> bool {
        self.breaks > 0 && columns >= COLUMNS_MIN && self.delimiters + 1 >= columns
    }
}

fn after_plain(byte: u8, delimiter: u8, place: &mut CellPlace) -> State {
    match byte {
        b'\n' => {
            place.line += 1;
            place.cell = 1;
            State::CellBegins
        }
        b'\r' => {
            place.cell = 1;
            State::CellBegins
        }
        byte if byte == delimiter => {
            place.cell += 1;
            State::CellBegins
        }
        _ => State::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_that_nobody_closes_is_named() {
        let check = |text: &str, expected| assert_eq!(left_open(text.as_bytes(), b',', 3), expected, "{text:?}");
        check("a,b,c\n1,\"x,3\n2,y,4\n", Some((2, 2)));
        check("a,b,c\n1,\"x\n2,\"y\",4\n", Some((2, 2)));
        check("a,b,c\n1,x,\"3\n2,y,\"4\"\n", Some((2, 3)));
        check("a,b,c\n\"1,x,3\n2,\"\"y\"\",4\n", Some((2, 1)));
        check("a,b,c\n1,x,\"3\r\n2,y,4,\"\r\n", Some((2, 3)));
        check("a,b,c\n\"\n", Some((2, 1)));
    }

    #[test]
    fn what_is_closed_is_left_alone() {
        let check = |text: &str| assert_eq!(left_open(text.as_bytes(), b',', 3), None, "{text:?}");
        check("a,b,c\n1,\"x\ny, z\",3\n");
        check("a,b,c\n1,\"x \"\"y\"\"\",3\r\n");
        check("a,b,c\n1,\"华宸\"公司,3\n");
        check("a,b,c\n1,5\" pipe,3\n");
        check("a,b,c\n1,\"\",\"\"\n\"\"\n");
        check("");
    }
}
