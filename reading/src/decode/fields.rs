//! Values typed into the form fields of a page, each with the place where it is drawn.

use super::frame::Frame;
use crate::page::FilledField;
use pdfium_render::prelude::*;

/// Fields of a page that are looked at, and letters of one; more is no form that anybody filled in.
const FIELDS_MAX: usize = 2_000;
const LETTERS_MAX: usize = 200;

/// The values of one line. Whether they are shown so is for what is read there to say.
pub(super) fn values(page: &PdfPage<'_>, frame: &Frame) -> Vec<FilledField> {
    let value_of = |note: PdfPageAnnotation<'_>| {
        let value = match note.as_form_field()? {
            PdfFormField::Text(field) => field.value(),
            PdfFormField::ComboBox(field) => field.value(),
            _ => None,
        };
        let value = value?.trim().to_owned();
        let bounds = note.bounds().ok()?;
        let rect = [bounds.left(), bounds.bottom(), bounds.right(), bounds.top()].map(|side| side.value);
        let is_line = !value.is_empty() && !value.contains(char::is_control) && value.chars().count() <= LETTERS_MAX;
        (is_line && rect[2] > rect[0] && rect[3] > rect[1]).then(|| FilledField {
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
