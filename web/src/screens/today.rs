//! Today: what needs me.

use super::{
    batches::BatchRow,
    parts::{Figure, Link},
    shell::Shell,
};
use crate::text::Text;
use askama::Template;

#[derive(Template)]
#[template(path = "today.html")]
pub struct TodayView {
    pub t: Text,
    pub shell: Shell,
    pub date: String,
    pub figures: Vec<Figure>,
    pub next: Vec<Link>,
    pub batches: Vec<BatchRow>,
}
