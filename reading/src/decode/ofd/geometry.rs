//! Places on an OFD page: boxes and matrices in millimetres with the origin at the top, and paths as they are abbreviated.

use super::markup::number;

/// Points of PDF in a millimetre.
pub(super) const POINTS: f64 = 72.0 / 25.4;
/// Pieces of one path.
const PIECES_MAX: usize = 100_000;
/// Numbers of one list.
const NUMBERS_MAX: usize = 200_000;

/// `x' = a x + c y + e`, `y' = b x + d y + f`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix(pub [f64; 6]);

impl Matrix {
    pub const SAME: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub fn moved(x: f64, y: f64) -> Matrix {
        Matrix([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// The matrix of an attribute.
    pub fn read(text: &str) -> Option<Matrix> {
        let values: [f64; 6] = numbers(text).try_into().ok()?;
        Some(Matrix(values))
    }

    /// First this, then the other.
    pub fn then(&self, next: &Matrix) -> Matrix {
        let ([a, b, c, d, e, f], [na, nb, nc, nd, ne, nf]) = (self.0, next.0);
        Matrix([
            a * na + b * nc,
            a * nb + b * nd,
            c * na + d * nc,
            c * nb + d * nd,
            e * na + f * nc + ne,
            e * nb + f * nd + nf,
        ])
    }

    pub fn point(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// How much longer lengths become, on the average of both directions.
    pub fn scale(&self) -> f64 {
        let [a, b, c, d, ..] = self.0;
        (a * d - b * c).abs().sqrt()
    }

    pub fn is_usable(&self) -> bool {
        self.0.iter().all(|v| v.is_finite() && v.abs() < 1e9)
    }
}

/// A box: left, top, width, height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PageBox {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

impl PageBox {
    pub fn read(text: &str) -> Option<PageBox> {
        let [x, y, w, h]: [f64; 4] = numbers(text).try_into().ok()?;
        Some(PageBox { x, y, w, h })
    }

    /// Left, bottom, right, top of what it becomes.
    pub fn under(&self, matrix: &Matrix) -> [f32; 4] {
        let corners = [
            (self.x, self.y),
            (self.x + self.w, self.y),
            (self.x, self.y + self.h),
            (self.x + self.w, self.y + self.h),
        ];
        let corners = corners.map(|corner| matrix.point(corner));
        let least = |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        [least(|c| c.0), least(|c| c.1), most(|c| c.0), most(|c| c.1)].map(|v| v as f32)
    }
}

/// The numbers of a list; what is none is left out.
pub(super) fn numbers(text: &str) -> Vec<f64> {
    text.split([' ', '\t', '\n', '\r', ','])
        .filter_map(number)
        .take(NUMBERS_MAX)
        .collect()
}

/// The distances of a text, where `g 3 5.5` stands for three times 5.5; at most `most` of them.
pub(super) fn distances(text: &str, most: usize) -> Vec<f64> {
    let mut found = Vec::new();
    let mut words = text.split([' ', '\t', '\n', '\r', ',']).filter(|word| !word.is_empty());
    while let Some(word) = words.next().filter(|_| found.len() < most) {
        if word == "g" || word == "G" {
            let times = words.next().and_then(|word| word.parse::<usize>().ok()).unwrap_or(0);
            let Some(value) = words.next().and_then(number) else {
                break;
            };
            found.extend(std::iter::repeat_n(value, times.min(most - found.len())));
        } else if let Some(value) = number(word) {
            found.push(value);
        }
    }
    found
}

/// A piece of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum PathPiece {
    Move((f64, f64)),
    Line((f64, f64)),
    Curve((f64, f64), (f64, f64), (f64, f64)),
    Close,
}

/// The pieces of an abbreviated path; it ends where it cannot be understood.
pub(super) fn path(text: &str) -> Vec<PathPiece> {
    let mut pieces = Vec::new();
    let mut words = text
        .split([' ', '\t', '\n', '\r', ','])
        .filter(|word| !word.is_empty())
        .peekable();
    let mut at = (0.0, 0.0);
    let mut start = at;
    while let Some(word) = words.next().filter(|_| pieces.len() < PIECES_MAX) {
        let wanted = match word {
            "S" | "M" | "L" => 2,
            "Q" => 4,
            "B" => 6,
            "A" => 7,
            "C" => 0,
            _ => break,
        };
        let mut values = [0.0; 7];
        let mut given = 0;
        while given < wanted {
            let Some(value) = words.peek().and_then(|word| number(word)) else {
                break;
            };
            values[given] = value;
            given += 1;
            words.next();
        }
        if given < wanted {
            break;
        }
        let [a, b, c, d, e, f, g] = values;
        match word {
            "S" | "M" => {
                (at, start) = ((a, b), (a, b));
                pieces.push(PathPiece::Move(at));
            }
            "L" => {
                at = (a, b);
                pieces.push(PathPiece::Line(at));
            }
            "Q" => {
                let toward = |from: (f64, f64)| (from.0 + (a - from.0) * 2.0 / 3.0, from.1 + (b - from.1) * 2.0 / 3.0);
                pieces.push(PathPiece::Curve(toward(at), toward((c, d)), (c, d)));
                at = (c, d);
            }
            "B" => {
                pieces.push(PathPiece::Curve((a, b), (c, d), (e, f)));
                at = (e, f);
            }
            "A" => {
                arc(at, &[a, b, c, d, e], (f, g), &mut pieces);
                at = (f, g);
            }
            _ => {
                pieces.push(PathPiece::Close);
                at = start;
            }
        }
    }
    pieces
}

/// An arc of an ellipse as curves, by the ends and the radii (as SVG describes it in its notes on implementation).
fn arc(from: (f64, f64), how: &[f64; 5], to: (f64, f64), pieces: &mut Vec<PathPiece>) {
    let [rx, ry, degrees, large, sweep] = *how;
    let (mut rx, mut ry) = (rx.abs(), ry.abs());
    let same = (from.0 - to.0).abs() + (from.1 - to.1).abs() < 1e-9;
    if rx < 1e-9 || ry < 1e-9 || same {
        pieces.push(PathPiece::Line(to));
        return;
    }
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (dx, dy) = ((from.0 - to.0) / 2.0, (from.1 - to.1) / 2.0);
    let (x1, y1) = (cos * dx + sin * dy, cos * dy - sin * dx);
    let over = (x1 / rx).powi(2) + (y1 / ry).powi(2);
    if over > 1.0 {
        (rx, ry) = (rx * over.sqrt(), ry * over.sqrt());
    }
    let below = (rx * y1).powi(2) + (ry * x1).powi(2);
    let root = (((rx * ry).powi(2) - below).max(0.0) / below).sqrt();
    let side = if (large != 0.0) == (sweep != 0.0) { -root } else { root };
    let (cx, cy) = (side * rx * y1 / ry, -side * ry * x1 / rx);
    let middle = (
        cos * cx - sin * cy + (from.0 + to.0) / 2.0,
        sin * cx + cos * cy + (from.1 + to.1) / 2.0,
    );
    let begin = ((y1 - cy) / ry).atan2((x1 - cx) / rx);
    let mut turn = ((-y1 - cy) / ry).atan2((-x1 - cx) / rx) - begin;
    let whole = std::f64::consts::TAU;
    if sweep != 0.0 && turn < 0.0 {
        turn += whole;
    } else if sweep == 0.0 && turn > 0.0 {
        turn -= whole;
    }
    let count = (turn.abs() / (whole / 4.0)).ceil().clamp(1.0, 4.0) as usize;
    let step = turn / count as f64;
    let reach = 4.0 / 3.0 * (step / 4.0).tan();
    let place = |x: f64, y: f64| {
        (
            middle.0 + cos * rx * x - sin * ry * y,
            middle.1 + sin * rx * x + cos * ry * y,
        )
    };
    for piece in 0..count {
        let (s0, c0) = (begin + step * piece as f64).sin_cos();
        let (s1, c1) = (begin + step * (piece + 1) as f64).sin_cos();
        let end = if piece + 1 == count { to } else { place(c1, s1) };
        pieces.push(PathPiece::Curve(
            place(c0 - reach * s0, s0 + reach * c0),
            place(c1 + reach * s1, s1 - reach * c1),
            end,
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_may_be_repeated_and_never_without_bound() {
        assert_eq!(distances("g 3 1.5 2 g 1 4", 10), [1.5, 1.5, 1.5, 2.0, 4.0]);
        assert_eq!(distances("g 4000000000 1.5", 4), [1.5; 4]);
        assert_eq!(distances("3 x 4", 9), [3.0, 4.0]);
        assert_eq!(distances("g", 9), [0.0; 0]);
    }

    #[test]
    fn paths_are_pieces_until_they_cannot_be_understood() {
        let rectangle = path("M 0 0 L 10 0 L 10 5 L 0 5 C");
        assert_eq!(rectangle.len(), 5);
        assert_eq!(path("M 1 2 L 3"), [PathPiece::Move((1.0, 2.0))]);
        let half = path("M 0 0 A 5 5 0 0 1 10 0");
        let Some(PathPiece::Curve(_, _, end)) = half.last() else {
            panic!("{half:?}")
        };
        assert_eq!((half.len(), *end), (3, (10.0, 0.0)));
    }

    #[test]
    fn matrices_follow_each_other() {
        let turned = Matrix([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]).then(&Matrix::moved(10.0, 20.0));
        assert_eq!(turned.point((1.0, 0.0)), (10.0, 21.0));
        let area = PageBox::read("1 2 3 4").expect("a box");
        assert_eq!(area.under(&turned), [4.0, 21.0, 8.0, 24.0]);
    }
}
