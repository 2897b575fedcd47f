//! Values typed into the form fields of a page, each with the place where it is drawn.

use super::frame::Frame;
use crate::page::FilledField;
use pdfium_render::prelude::*;

/// Fields of a page that are looked at, and letters of one; more is no form that anybody filled in.
const FIELDS_MAX: usize = 2_000;
const LETTERS_MAX: usize = 2_000;
/// Letters of all of them together.
const ALL_LETTERS_MAX: usize = 40_000;

/// The values, lines of one parted by line feeds. Whether they are shown so is for what is read there to say.
pub(super) fn values(page: &PdfPage<'_>, frame: &Frame) -> Vec<FilledField> {
    let mut left = ALL_LETTERS_MAX;
    let value_of = |note: PdfPageAnnotation<'_>| {
        let value = match note.as_form_field()? {
            PdfFormField::Text(field) => field.value(),
            PdfFormField::ComboBox(field) => field.value(),
            _ => None,
        };
        let value = value?.replace("\r\n", "\n").replace('\r', "\n");
        let value = value.trim().to_owned();
        let bounds = note.bounds().ok()?;
        let rect = [bounds.left(), bounds.bottom(), bounds.right(), bounds.top()].map(|side| side.value);
        let is_text = !value.is_empty() && !value.contains(|c: char| c.is_control() && c != '\n' && c != '\t');
        let count = value.chars().count();
        let is_room = count <= LETTERS_MAX.min(left);
        left -= if is_room { count } else { 0 };
        (is_text && is_room && rect[2] > rect[0] && rect[3] > rect[1]).then(|| FilledField {
            area: frame.area(rect),
            value,
        })
    };
    page.annotations()
        .iter()
        .take(FIELDS_MAX)
        .filter_map(value_of)
        .collect()
}
