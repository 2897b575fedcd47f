//! The text of an OFD page: where each character stands, and which glyph shows it.

use super::fonts::{GlyphFace, PageFont, ShownGlyph};
use super::geometry::{Matrix, distances, numbers};
use super::markup::Element;
use super::paint::{Ground, Painter, Scene};
use super::pdf_file::num;
use super::resources::Colour;
use std::fmt::Write;

/// Characters of one text.
const CHARS_MAX: usize = 100_000;
/// Text of the size of nothing is none.
const SIZE_MIN: f64 = 0.01;
/// How far apart, in sizes, two characters of one piece of text are.
const STEP_MAX: f64 = 20.0;

/// A glyph and what it stands for, at its place in the millimetres of its object.
struct PlacedGlyph {
    text: String,
    glyph: Option<u16>,
    x: f64,
    y: f64,
}

/// How the glyphs of an object lie.
struct TextShape {
    size: f64,
    /// From a glyph of size 1, upwards, to the millimetres of its object.
    glyph: Matrix,
    /// Characters stand one below the other where nothing else is said.
    is_down: bool,
}

impl Painter {
    pub(super) fn text(&mut self, scene: &mut Scene<'_>, object: &Element, ground: &Ground) {
        let size = object.number("Size").unwrap_or(0.0);
        if size < SIZE_MIN {
            return;
        }
        let wide = object.number("HScale").filter(|wide| *wide > 0.0).unwrap_or(1.0);
        let (sin, cos) = object.number("CharDirection").unwrap_or(0.0).to_radians().sin_cos();
        let upright = Matrix([size * wide, 0.0, 0.0, -size, 0.0, 0.0]);
        let shape = TextShape {
            size,
            glyph: upright.then(&Matrix([cos, sin, -sin, cos, 0.0, 0.0])),
            is_down: matches!(object.number("ReadDirection"), Some(turn) if turn == 90.0 || turn == 270.0),
        };
        let font = self.font(scene, object);
        let glyphs = placed(object, &shape, &mut self.fonts[font]);
        let fill = object
            .is("Fill", true)
            .then(|| ground.pen.fill.unwrap_or(Colour::BLACK));
        let stroke = object
            .is("Stroke", false)
            .then(|| ground.pen.stroke.unwrap_or(Colour::BLACK));
        let how = match (fill, stroke) {
            (Some(_), Some(_)) => 2,
            (None, Some(_)) => 1,
            (Some(_), None) => 0,
            (None, None) => 3,
        };
        let alpha = fill.or(stroke).map_or(u8::MAX, |colour| colour.alpha);
        let clear = self.begin_opacity(alpha, ground.alpha);
        self.colour(fill.unwrap_or(Colour::BLACK), "rg");
        if let Some(colour) = stroke {
            self.colour(colour, "RG");
            let _ = writeln!(self.content, "{} w", num(ground.pen.width * ground.matrix.scale()));
        }
        let _ = writeln!(self.content, "BT {how} Tr");
        self.runs(&glyphs, font, &shape, &ground.matrix);
        self.content.push_str("0 Tr ET\n");
        self.end_opacity(clear);
    }

    /// The font of a text object, by its place among those of the page.
    fn font(&mut self, scene: &mut Scene<'_>, object: &Element) -> usize {
        let id = object.attribute("Font").unwrap_or_default().trim().to_owned();
        let key = (scene.scope, id);
        if let Some(at) = self.font_places.get(&key) {
            return *at;
        }
        let font = match scene.resources.fonts.get(&key.1) {
            Some(font) => {
                let file = font.file.as_ref().and_then(|path| scene.package.bytes(path).ok());
                match file {
                    Some(file) => PageFont::embedded(file, &font.name, font.is_bold),
                    None => PageFont::borrowed(&font.name, font.is_bold),
                }
            }
            None => PageFont::borrowed("", false),
        };
        self.fonts.push(font);
        self.font_places.insert(key, self.fonts.len() - 1);
        self.fonts.len() - 1
    }

    /// Writes the glyphs, those that follow each other on one level in one piece.
    fn runs(&mut self, glyphs: &[PlacedGlyph], font: usize, shape: &TextShape, matrix: &Matrix) {
        let whole = shape.glyph.then(matrix);
        let scale = whole.scale();
        if scale <= 0.0 || !scale.is_finite() {
            return;
        }
        let thousandth = shape.glyph.0[0] / 1_000.0;
        let is_level = shape.glyph.0[1].abs() < 1e-9 && thousandth > 0.0;
        let mut last: Option<(GlyphFace, f64, f64, f64)> = None;
        for placed in glyphs {
            let Some(shown) = self.fonts[font].show(&placed.text, placed.glyph) else {
                continue;
            };
            let ShownGlyph { digits, width, face } = shown;
            let follows = last.filter(|(before, x, y, _)| {
                let step = placed.x - x;
                let near = (placed.y - y).abs() < 1e-6 && step >= 0.0 && step < shape.size * STEP_MAX;
                *before == face && is_level && near
            });
            match follows {
                Some((_, x, _, wide)) => {
                    let back = wide - (placed.x - x) / thousandth;
                    let _ = write!(self.content, "{}<{digits}>", num(back));
                }
                None => {
                    if last.is_some() {
                        self.content.push_str("]TJ\n");
                    }
                    let (e, f) = matrix.point((placed.x, placed.y));
                    let [a, b, c, d, ..] = whole.0.map(|part| num(part / scale));
                    let name = face.name(font);
                    let (scale, e, f) = (num(scale), num(e), num(f));
                    let _ = write!(self.content, "/{name} {scale} Tf {a} {b} {c} {d} {e} {f} Tm[<{digits}>");
                }
            }
            last = Some((face, placed.x, placed.y, width));
        }
        if last.is_some() {
            self.content.push_str("]TJ\n");
        }
    }
}

/// The glyphs of a text object. The glyphs that are said stand before the text that they belong to.
fn placed(object: &Element, shape: &TextShape, font: &mut PageFont) -> Vec<PlacedGlyph> {
    let mut all = Vec::new();
    let mut said: Vec<&Element> = Vec::new();
    let mut at = (0.0, 0.0);
    for element in &object.children {
        match element.name.as_str() {
            "CGTransform" => said.push(element),
            "TextCode" => {
                at = (element.number("X").unwrap_or(at.0), element.number("Y").unwrap_or(at.1));
                let room = CHARS_MAX.saturating_sub(all.len());
                let mut glyphs = with_glyphs(&element.text, &said, room);
                place(&mut glyphs, element, at, shape, font);
                all.append(&mut glyphs);
                said.clear();
            }
            _ => {}
        }
    }
    all
}

/// Characters with the glyphs that are said for them. Where their numbers differ, the first glyph stands for all
/// characters and the others for nothing.
fn with_glyphs(text: &str, said: &[&Element], room: usize) -> Vec<PlacedGlyph> {
    // Line ends are how the file was written.
    let text = text.trim_matches(['\n', '\r', '\t']);
    let chars: Vec<char> = text.chars().take(room).collect();
    let plain = |text: String, glyph| PlacedGlyph {
        text,
        glyph,
        x: 0.0,
        y: 0.0,
    };
    let mut glyphs: Vec<PlacedGlyph> = chars.iter().map(|char| plain(char.to_string(), None)).collect();
    for element in said {
        let from = element.number("CodePosition").unwrap_or(0.0).max(0.0) as usize;
        let listed: Vec<u16> = match element.said("Glyphs") {
            Some(list) => numbers(list).into_iter().map(|glyph| glyph as u16).collect(),
            None => continue,
        };
        let count = element.number("CodeCount").unwrap_or(1.0).max(1.0) as usize;
        if listed.len() == count {
            let of_text = glyphs.iter_mut().skip(from).take(count);
            of_text
                .zip(listed)
                .for_each(|(placed, glyph)| placed.glyph = Some(glyph));
        } else if let (Some(first), Some(_)) = (listed.first(), glyphs.get(from)) {
            let end = from.saturating_add(count).min(glyphs.len());
            let whole: String = glyphs[from..end].iter().map(|placed| placed.text.as_str()).collect();
            glyphs[from] = plain(whole, Some(*first));
            // Nothing is shown for the others, which keep their places.
            glyphs[from + 1..end].iter_mut().for_each(|placed| placed.text.clear());
        }
    }
    glyphs
}

/// Gives the glyphs of a text their places.
fn place(glyphs: &mut Vec<PlacedGlyph>, code: &Element, at: (f64, f64), shape: &TextShape, font: &mut PageFont) {
    let steps = |name: &str| code.attribute(name).map(|text| distances(text, glyphs.len()));
    let (across, down) = (steps("DeltaX"), steps("DeltaY"));
    let is_said = across.is_some() || down.is_some();
    let of_list = |list: &Option<Vec<f64>>, i: usize| {
        let list = list.as_deref().unwrap_or_default();
        list.get(i).or_else(|| list.last()).copied().unwrap_or(0.0)
    };
    let (mut x, mut y) = at;
    for (i, placed) in glyphs.iter_mut().enumerate() {
        (placed.x, placed.y) = (x, y);
        if is_said {
            x += of_list(&across, i);
            y += of_list(&down, i);
        } else if shape.is_down {
            y += shape.size;
        } else {
            let shown = font.show(&placed.text, placed.glyph);
            x += shown.map_or(0.0, |shown| shown.width) / 1_000.0 * shape.glyph.0[0].abs().max(shape.glyph.0[1].abs());
        }
    }
    glyphs.retain(|placed| !placed.text.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs(text: &str) -> Vec<(String, Option<u16>, f64, f64)> {
        let object = Element::read(text.as_bytes()).expect("read");
        let shape = TextShape {
            size: 4.0,
            glyph: Matrix([4.0, 0.0, 0.0, -4.0, 0.0, 0.0]),
            is_down: false,
        };
        let all = placed(&object, &shape, &mut PageFont::borrowed("", false));
        all.into_iter().map(|g| (g.text, g.glyph, g.x, g.y)).collect()
    }

    #[test]
    fn characters_stand_where_their_distances_say() {
        let text = "<TextObject><TextCode X='1' Y='2' DeltaX='g 2 3'>甲乙丙</TextCode></TextObject>";
        let places: Vec<f64> = glyphs(text).iter().map(|g| g.2).collect();
        assert_eq!(places, [1.0, 4.0, 7.0]);
        let text = "<TextObject><TextCode X='1' Y='2'>甲a乙</TextCode></TextObject>";
        let places: Vec<f64> = glyphs(text).iter().map(|g| g.2).collect();
        assert_eq!(places, [1.0, 5.0, 7.0]);
    }

    #[test]
    fn glyphs_that_are_said_belong_to_the_text_behind_them() {
        let text = "<TextObject><CGTransform CodePosition='0' CodeCount='2' GlyphCount='2'><Glyphs>7 8</Glyphs></CGTransform>\
            <TextCode X='0' Y='0' DeltaX='4'>甲乙</TextCode>\
            <CGTransform CodePosition='1' CodeCount='2' GlyphCount='1'><Glyphs>9</Glyphs></CGTransform>\
            <TextCode DeltaX='4 4'>afi</TextCode></TextObject>";
        let found = glyphs(text);
        let of = |i: usize| (found[i].0.as_str(), found[i].1);
        assert_eq!(
            [of(0), of(1), of(2), of(3)],
            [("甲", Some(7)), ("乙", Some(8)), ("a", None), ("fi", Some(9))]
        );
        assert_eq!(found.len(), 4);
    }
}
