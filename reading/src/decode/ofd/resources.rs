//! What the pages of an OFD share: fonts, colours, pens, pictures and drawings that are used again.

use super::geometry::numbers;
use super::markup::Element;
use super::package::{Package, folder_of, resolved};
use std::collections::HashMap;
use std::rc::Rc;

/// Pens that name each other.
const PENS_MAX: usize = 8;
/// Width of a line in millimetres where none is stated.
const LINE_WIDTH: f64 = 0.353;
/// Colours within colours: of patterns.
const COLOURS_DEEP_MAX: usize = 4;

/// A font by its name, with the path of its file where it is in the package.
#[derive(Clone, Debug)]
pub(super) struct FontResource {
    pub name: String,
    pub is_bold: bool,
    pub file: Option<String>,
}

/// Red, green, blue, and how much of it covers what lies beneath.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour {
    pub rgb: [u8; 3],
    pub alpha: u8,
}

impl Colour {
    pub const BLACK: Colour = Colour {
        rgb: [0; 3],
        alpha: u8::MAX,
    };
}

/// How lines and areas are drawn.
#[derive(Clone, Debug)]
pub(super) struct DrawingPen {
    pub width: f64,
    pub dashes: Vec<f64>,
    pub dash_offset: f64,
    pub cap: u8,
    pub join: u8,
    pub fill: Option<Colour>,
    pub stroke: Option<Colour>,
}

impl Default for DrawingPen {
    fn default() -> DrawingPen {
        DrawingPen {
            width: LINE_WIDTH,
            dashes: Vec::new(),
            dash_offset: 0.0,
            cap: 0,
            join: 0,
            fill: None,
            stroke: None,
        }
    }
}

/// The resources by their ids.
#[derive(Clone, Debug, Default)]
pub(super) struct Resources {
    pub fonts: HashMap<String, FontResource>,
    /// Paths of pictures.
    pub media: HashMap<String, String>,
    pub units: HashMap<String, Rc<Element>>,
    pens: HashMap<String, Rc<Element>>,
    colour_spaces: HashMap<String, Rc<Element>>,
}

impl Resources {
    /// Adds those that a file describes. What cannot be read leaves its users without.
    pub fn add(&mut self, package: &mut Package, path: &str) {
        let Ok(root) = package.element(path) else { return };
        let folder = folder_of(path).to_owned();
        let base = root.attribute("BaseLoc").and_then(|base| resolved(&folder, base));
        let base = base.unwrap_or_else(|| folder.clone());
        let place = |package: &Package, said: &str| {
            let inside = resolved(&base, said).filter(|path| package.has(path));
            inside.or_else(|| resolved(&folder, said))
        };
        for element in root.children.into_iter().flat_map(|group| group.children) {
            let Some(id) = element.attribute("ID").map(|id| id.trim().to_owned()) else {
                continue;
            };
            match element.name.as_str() {
                "Font" => {
                    let font = FontResource {
                        name: element.attribute("FontName").unwrap_or_default().to_owned(),
                        is_bold: element.is("Bold", false),
                        file: element.said("FontFile").and_then(|file| place(package, file)),
                    };
                    self.fonts.insert(id, font);
                }
                "MultiMedia" => {
                    if let Some(path) = element.said("MediaFile").and_then(|file| place(package, file)) {
                        self.media.insert(id, path);
                    }
                }
                "CompositeGraphicUnit" | "VectorG" => {
                    self.units.insert(id, Rc::new(element));
                }
                "DrawParam" => {
                    self.pens.insert(id, Rc::new(element));
                }
                "ColorSpace" => {
                    self.colour_spaces.insert(id, Rc::new(element));
                }
                _ => {}
            }
        }
    }

    /// The pen of an object: that of what it lies in, with what its own parameters and it itself say.
    pub fn pen(&self, outer: &DrawingPen, object: &Element) -> DrawingPen {
        let mut chain = Vec::new();
        let mut named = object.attribute("DrawParam");
        while let Some(pen) = named
            .and_then(|id| self.pens.get(id.trim()))
            .filter(|_| chain.len() < PENS_MAX)
        {
            chain.push(pen.clone());
            named = pen.attribute("Relative");
        }
        let mut pen = outer.clone();
        for element in chain.iter().rev() {
            self.change(&mut pen, element);
        }
        self.change(&mut pen, object);
        pen
    }

    fn change(&self, pen: &mut DrawingPen, element: &Element) {
        if let Some(width) = element.number("LineWidth") {
            pen.width = width.max(0.0);
        }
        if let Some(dashes) = element.attribute("DashPattern") {
            pen.dashes = numbers(dashes).into_iter().take(16).collect();
        }
        if let Some(offset) = element.number("DashOffset") {
            pen.dash_offset = offset;
        }
        match element.attribute("Cap") {
            Some("Round") => pen.cap = 1,
            Some("Square") => pen.cap = 2,
            Some(_) => pen.cap = 0,
            None => {}
        }
        match element.attribute("Join") {
            Some("Round") => pen.join = 1,
            Some("Bevel") => pen.join = 2,
            Some(_) => pen.join = 0,
            None => {}
        }
        if let Some(colour) = element.child("FillColor") {
            pen.fill = Some(self.colour(colour, 0));
        }
        if let Some(colour) = element.child("StrokeColor") {
            pen.stroke = Some(self.colour(colour, 0));
        }
    }

    /// A colour. Of one that runs into another or repeats a pattern, the first colour in it.
    fn colour(&self, element: &Element, depth: usize) -> Colour {
        let alpha = element
            .number("Alpha")
            .map_or(u8::MAX, |alpha| alpha.clamp(0.0, 255.0) as u8);
        let space = element
            .attribute("ColorSpace")
            .and_then(|id| self.colour_spaces.get(id.trim()));
        let of_palette = || {
            let at = element.number("Index")? as usize;
            let palette = space?.child("Palette")?;
            palette.named("CV").nth(at).map(|colour| colour.text.clone())
        };
        let value = element.attribute("Value").map(str::to_owned).or_else(of_palette);
        if let Some(value) = value {
            let kind = space.and_then(|space| space.attribute("Type")).unwrap_or_default();
            return Colour {
                rgb: rgb(&value, kind),
                alpha,
            };
        }
        let inner = element
            .children
            .iter()
            .find_map(first_colour)
            .filter(|_| depth < COLOURS_DEEP_MAX);
        match inner {
            Some(inner) => {
                let colour = self.colour(inner, depth + 1);
                Colour {
                    alpha: (u16::from(colour.alpha) * u16::from(alpha) / 255) as u8,
                    ..colour
                }
            }
            None => Colour { rgb: [0; 3], alpha },
        }
    }
}

/// The first colour in the description of a pattern or a run of colours.
fn first_colour(element: &Element) -> Option<&Element> {
    let is_colour = matches!(
        element.name.as_str(),
        "Color" | "FillColor" | "StrokeColor" | "BackColor"
    );
    if is_colour && element.attribute("Value").is_some() {
        return Some(element);
    }
    element.children.iter().find_map(first_colour)
}

/// Red, green and blue of a value: numbers, also in the digits of colours of the web.
fn rgb(value: &str, kind: &str) -> [u8; 3] {
    let part = |word: &str| match word.strip_prefix('#') {
        Some(digits) => u8::from_str_radix(digits, 16).ok(),
        None => super::markup::number(word).map(|v| v.clamp(0.0, 255.0) as u8),
    };
    let parts: Vec<u8> = value.split_whitespace().filter_map(part).take(4).collect();
    match (parts.as_slice(), kind) {
        ([gray], _) | ([gray, ..], "GRAY" | "Gray") => [*gray; 3],
        ([c, m, y, k], _) => crate::decode::raster::from_cmyk(*c, *m, *y, *k),
        ([r, g, b], _) => [*r, *g, *b],
        _ => [0; 3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_said_in_several_ways() {
        assert_eq!(rgb("255 0 10", "RGB"), [255, 0, 10]);
        assert_eq!(rgb("#9c 82 #82", "RGB"), [0x9C, 82, 0x82]);
        assert_eq!(rgb("128", "GRAY"), [128; 3]);
        assert_eq!(rgb("0 0 0 255", "CMYK"), [0; 3]);
        let shaded = Element::read(
            b"<FillColor Alpha='128'><AxialShd><Segment><Color Value='1 2 3'/></Segment></AxialShd></FillColor>",
        );
        let colour = Resources::default().colour(&shaded.expect("read"), 0);
        assert_eq!((colour.rgb, colour.alpha), ([1, 2, 3], 128));
    }

    #[test]
    fn pens_follow_those_they_name_and_never_in_circles() {
        let mut resources = Resources::default();
        let pen = |text: &str| Rc::new(Element::read(text.as_bytes()).expect("read"));
        resources
            .pens
            .insert("1".to_owned(), pen("<DrawParam LineWidth='2' Relative='2'/>"));
        resources.pens.insert(
            "2".to_owned(),
            pen("<DrawParam LineWidth='9' Cap='Round' Relative='1'/>"),
        );
        let object = Element::read(b"<PathObject DrawParam='1'/>").expect("read");
        let pen = resources.pen(&DrawingPen::default(), &object);
        assert_eq!((pen.width, pen.cap), (2.0, 1));
    }
}
