//! The objects of an OFD page drawn into the content of a PDF page: paths, pictures, drawings within drawings. Text is
//! in `glyphs`.

use super::fonts::PageFont;
use super::geometry::{Matrix, POINTS, PageBox, PathPiece, path};
use super::images;
use super::markup::Element;
use super::package::Package;
use super::pdf_file::{ObjectNumber, PageContent, PdfFile, num};
use super::resources::{Colour, DrawingPen, Resources};
use crate::reason::Refusal;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::rc::Rc;
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// Objects drawn on one page, those of drawings counted as often as they are used.
const OBJECTS_MAX: usize = 300_000;
/// Drawings within drawings.
const DEPTH_MAX: usize = 16;
/// Sides of a page in millimetres.
const SIDE_MIN: f64 = 1.0;
const SIDE_MAX: f64 = 20_000.0;

/// A page while it is drawn.
pub(super) struct Painter {
    file: PdfFile,
    pub content: String,
    pub fonts: Vec<PageFont>,
    /// Fonts and pictures by the package they are in and their id or path.
    pub font_places: HashMap<(usize, String), usize>,
    pictures: HashMap<(usize, String), Option<usize>>,
    images: Vec<(String, ObjectNumber)>,
    opacities: BTreeSet<u8>,
    objects: usize,
    /// Where pictures are that could not be drawn, in points.
    pub lost: Vec<[f32; 4]>,
    size: (f64, f64),
}

/// What objects of one package are drawn with.
pub(super) struct Scene<'s> {
    pub package: &'s mut Package,
    pub resources: Rc<Resources>,
    /// The number of the package: pictures of stamps have packages of their own.
    pub scope: usize,
}

/// What an object takes from where it lies.
#[derive(Clone)]
pub(super) struct Ground {
    /// From its own millimetres to points of the page.
    pub matrix: Matrix,
    pub pen: DrawingPen,
    pub alpha: u8,
    depth: usize,
}

impl Ground {
    pub fn of(matrix: Matrix) -> Ground {
        Ground {
            matrix,
            pen: DrawingPen::default(),
            alpha: u8::MAX,
            depth: 0,
        }
    }

    /// That of what lies in it, by its own matrix.
    pub fn at(&self, matrix: &Matrix) -> Ground {
        Ground {
            matrix: matrix.then(&self.matrix),
            ..self.clone()
        }
    }
}

impl Painter {
    /// A page of this size in millimetres.
    pub fn new(area: &PageBox) -> Result<Painter, Refusal> {
        let sides = [area.w, area.h];
        if sides.iter().any(|side| !(SIDE_MIN..=SIDE_MAX).contains(side)) {
            return Err(Refusal::new(Reason::PageFailed, DetailCode::PageWithoutSize));
        }
        Ok(Painter {
            file: PdfFile::new(),
            content: String::new(),
            fonts: Vec::new(),
            font_places: HashMap::new(),
            pictures: HashMap::new(),
            images: Vec::new(),
            opacities: BTreeSet::new(),
            objects: 0,
            lost: Vec::new(),
            size: (area.w * POINTS, area.h * POINTS),
        })
    }

    /// From millimetres of the page to points.
    pub fn ground(area: &PageBox) -> Ground {
        let (x, y) = (-area.x * POINTS, (area.y + area.h) * POINTS);
        Ground::of(Matrix([POINTS, 0.0, 0.0, -POINTS, x, y]))
    }

    /// The file, and where pictures are lost in it.
    pub fn finish(mut self) -> (Vec<u8>, Vec<[f32; 4]>) {
        let mut fonts = Vec::new();
        for (at, font) in self.fonts.iter().enumerate() {
            font.write(at, &mut self.file, &mut fonts);
        }
        let opacities: Vec<u8> = self.opacities.into_iter().collect();
        let page = PageContent {
            width: self.size.0,
            height: self.size.1,
            content: &self.content,
            fonts: &fonts,
            images: &self.images,
            opacities: &opacities,
        };
        (self.file.finish(&page), self.lost)
    }

    /// Draws everything in an element.
    pub fn block(&mut self, scene: &mut Scene<'_>, block: &Element, ground: &Ground) -> Result<(), Refusal> {
        if ground.depth > DEPTH_MAX {
            return Err(too_much());
        }
        for object in &block.children {
            self.objects += 1;
            if self.objects > OBJECTS_MAX || self.file.is_full(self.content.len()) {
                return Err(too_much());
            }
            if !object.is("Visible", true) {
                continue;
            }
            match object.name.as_str() {
                "TextObject" | "PathObject" | "ImageObject" | "CompositeObject" => {
                    self.object(scene, object, ground)?;
                }
                "PageBlock" | "Layer" | "Content" => {
                    let inner = Ground {
                        pen: scene.resources.pen(&ground.pen, object),
                        depth: ground.depth + 1,
                        ..ground.clone()
                    };
                    self.block(scene, object, &inner)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn object(&mut self, scene: &mut Scene<'_>, object: &Element, ground: &Ground) -> Result<(), Refusal> {
        let boundary = object.attribute("Boundary").and_then(PageBox::read);
        let moved = boundary.map_or(Matrix::SAME, |boundary| Matrix::moved(boundary.x, boundary.y));
        let own = object.attribute("CTM").and_then(Matrix::read);
        // A picture without a matrix fills its boundary.
        let filling = || match (object.name.as_str(), boundary) {
            ("ImageObject", Some(boundary)) => Matrix([boundary.w, 0.0, 0.0, boundary.h, 0.0, 0.0]),
            _ => Matrix::SAME,
        };
        let outer = moved.then(&ground.matrix);
        let matrix = own.unwrap_or_else(filling).then(&outer);
        if !matrix.is_usable() {
            return Ok(());
        }
        let alpha = object.number("Alpha").map_or(255.0, |alpha| alpha.clamp(0.0, 255.0));
        let inner = Ground {
            matrix,
            pen: scene.resources.pen(&ground.pen, object),
            alpha: (alpha * f64::from(ground.alpha) / 255.0) as u8,
            depth: ground.depth + 1,
        };
        let clip = self.clip(object, &outer);
        match object.name.as_str() {
            "TextObject" => self.text(scene, object, &inner),
            "PathObject" => self.path(object, &inner),
            "ImageObject" => self.picture(scene, object, &inner),
            _ => {
                let unit = object
                    .attribute("ResourceID")
                    .and_then(|id| scene.resources.units.get(id.trim()));
                if let Some(unit) = unit.cloned() {
                    self.block(scene, &unit, &inner)?;
                }
            }
        }
        if clip {
            self.content.push_str("Q\n");
        }
        Ok(())
    }

    /// Begins the clipping of an object; false where it has none.
    fn clip(&mut self, object: &Element, outer: &Matrix) -> bool {
        let Some(clips) = object.child("Clips") else {
            return false;
        };
        let mut areas = Vec::new();
        for clip in clips.named("Clip") {
            let mut shape = String::new();
            for area in clip.named("Area") {
                let own = area.attribute("CTM").and_then(Matrix::read).unwrap_or(Matrix::SAME);
                for path in area.named("Path") {
                    let boundary = path.attribute("Boundary").and_then(PageBox::read);
                    let moved = boundary.map_or(Matrix::SAME, |b| Matrix::moved(b.x, b.y));
                    shape.push_str(&outline(path, &moved.then(&own).then(outer)));
                }
            }
            if !shape.is_empty() {
                areas.push(shape + "W n\n");
            }
        }
        if areas.is_empty() {
            return false;
        }
        self.content.push_str("q\n");
        areas.iter().for_each(|area| self.content.push_str(area));
        true
    }

    /// Limits what follows to a box, until `unclip`.
    pub fn clip_to(&mut self, area: &PageBox, matrix: &Matrix) {
        let [left, bottom, right, top] = area.under(matrix).map(f64::from);
        let sides = [left, bottom, right - left, top - bottom].map(num);
        let _ = writeln!(self.content, "q {} re W n", sides.join(" "));
    }

    /// What follows lies on the page as ink does, until `unclip`: what is beneath stays to be seen.
    pub fn as_ink(&mut self) {
        self.content.push_str("q /Ink gs\n");
    }

    pub fn unclip(&mut self) {
        self.content.push_str("Q\n");
    }

    fn path(&mut self, object: &Element, ground: &Ground) {
        let pen = &ground.pen;
        let fill = pen.fill.filter(|_| object.is("Fill", false));
        let stroke = object.is("Stroke", true).then(|| pen.stroke.unwrap_or(Colour::BLACK));
        let shape = outline(object, &ground.matrix);
        let even = matches!(object.attribute("Rule"), Some("Even-Odd" | "EvenOdd"));
        let how = match (fill, stroke, even) {
            (Some(_), Some(_), false) => "B",
            (Some(_), Some(_), true) => "B*",
            (Some(_), None, false) => "f",
            (Some(_), None, true) => "f*",
            (None, Some(_), _) => "S",
            (None, None, _) => return,
        };
        if shape.is_empty() {
            return;
        }
        let alpha = fill.or(stroke).map_or(u8::MAX, |colour| colour.alpha);
        let clear = self.begin_opacity(alpha, ground.alpha);
        if let Some(colour) = fill {
            self.colour(colour, "rg");
        }
        if let Some(colour) = stroke {
            self.colour(colour, "RG");
            let scale = ground.matrix.scale();
            let dashes: Vec<String> = pen.dashes.iter().map(|dash| num((dash * scale).max(0.0))).collect();
            // A pattern of nothing would never end.
            let dashes = match pen.dashes.iter().any(|dash| *dash > 0.0) {
                true => dashes.join(" "),
                false => String::new(),
            };
            let width = num(pen.width * scale);
            let offset = num(pen.dash_offset * scale);
            let _ = writeln!(
                self.content,
                "{width} w {} J {} j [{dashes}] {offset} d",
                pen.cap, pen.join
            );
        }
        self.content.push_str(&shape);
        self.content.push_str(how);
        self.content.push('\n');
        self.end_opacity(clear);
    }

    fn picture(&mut self, scene: &mut Scene<'_>, object: &Element, ground: &Ground) {
        let path = object
            .attribute("ResourceID")
            .and_then(|id| scene.resources.media.get(id.trim()));
        let picture = path.cloned().and_then(|path| {
            let key = (scene.scope, path);
            if let Some(known) = self.pictures.get(&key) {
                return *known;
            }
            let bytes = scene.package.bytes(&key.1).ok();
            let put = bytes.and_then(|bytes| self.put(&bytes));
            self.pictures.insert(key, put);
            put
        });
        self.place(picture, ground);
    }

    /// Puts a picture into the file, to be placed by its number. None where it cannot be decoded.
    pub fn put(&mut self, bytes: &[u8]) -> Option<usize> {
        let object = images::put(&mut self.file, bytes)?;
        self.images.push((format!("I{}", self.images.len()), object));
        Some(self.images.len() - 1)
    }

    /// Draws a picture onto the square from 0 to 1.
    pub fn place(&mut self, picture: Option<usize>, ground: &Ground) {
        let square = PageBox {
            x: 0.0,
            y: 0.0,
            w: 1.0,
            h: 1.0,
        };
        let Some(picture) = picture else {
            self.lost.push(square.under(&ground.matrix));
            return;
        };
        let upright = Matrix([1.0, 0.0, 0.0, -1.0, 0.0, 1.0]).then(&ground.matrix);
        let clear = self.begin_opacity(u8::MAX, ground.alpha);
        let matrix = upright.0.map(num).join(" ");
        let _ = writeln!(self.content, "q {matrix} cm /{} Do Q", self.images[picture].0);
        self.end_opacity(clear);
    }

    /// Something of the page is lost, and nobody knows where it was.
    pub fn lose_page(&mut self) {
        let (width, height) = self.size;
        self.lost.push([0.0, 0.0, width as f32, height as f32]);
    }

    pub fn colour(&mut self, colour: Colour, how: &str) {
        let parts = colour.rgb.map(|part| num(f64::from(part) / 255.0));
        let _ = writeln!(self.content, "{} {how}", parts.join(" "));
    }

    /// Sets the opacity where there is one; true when it has to be ended.
    pub fn begin_opacity(&mut self, of_colour: u8, of_object: u8) -> bool {
        let opacity = (u16::from(of_colour) * u16::from(of_object) / 255) as u8;
        if opacity == u8::MAX {
            return false;
        }
        self.opacities.insert(opacity);
        let _ = writeln!(self.content, "q /O{opacity} gs");
        true
    }

    pub fn end_opacity(&mut self, begun: bool) {
        if begun {
            self.content.push_str("Q\n");
        }
    }
}

/// The outline of a path, as PDF writes it.
fn outline(object: &Element, matrix: &Matrix) -> String {
    let Some(data) = object.child("AbbreviatedData") else {
        return String::new();
    };
    let place = |point: (f64, f64)| {
        let (x, y) = matrix.point(point);
        format!("{} {}", num(x), num(y))
    };
    let mut shape = String::new();
    let mut begun = false;
    for piece in path(&data.text) {
        match piece {
            PathPiece::Move(to) => {
                begun = true;
                let _ = writeln!(shape, "{} m", place(to));
            }
            _ if !begun => return String::new(),
            PathPiece::Line(to) => {
                let _ = writeln!(shape, "{} l", place(to));
            }
            PathPiece::Curve(first, second, to) => {
                let _ = writeln!(shape, "{} {} {} c", place(first), place(second), place(to));
            }
            PathPiece::Close => shape.push_str("h\n"),
        }
    }
    shape
}

fn too_much() -> Refusal {
    Refusal::new(Reason::TooLarge, DetailCode::OfdPageTooLarge.with(OBJECTS_MAX))
}
