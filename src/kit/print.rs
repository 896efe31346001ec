//! The printed kit: cover sheets, registers, declaration form, each in the person's language with the other one below.

use crate::error::{Result, kinds};
use crate::locales::{self, Lang};
use crate::report::ruler::Ruler;

use super::canvas::{BOTTOM, Canvas, HEIGHT, LEFT, RIGHT, Style};
use super::{Block, KitId, MAX_SHEETS, cover, declaration, register};

/// What is to be printed.
#[derive(Clone, Debug)]
pub struct Order {
    /// Number of the kit.
    pub kit: KitId,
    /// How many cover sheets.
    pub count: u32,
    /// Blocks of document numbers; a register each.
    pub blocks: Vec<Block>,
    /// Name of the office, where it is known.
    pub office: Option<String>,
    /// The language on top.
    pub lang: Lang,
}

/// The kit as a PDF file: first the declaration form, then the registers, then the cover sheets.
///
/// # Errors
/// [`kinds::KIT_SIZE`] for no sheet or more than [`MAX_SHEETS`]; an internal error when the font cannot be embedded.
pub fn print(order: &Order) -> Result<Vec<u8>> {
    if order.count == 0 || order.count > MAX_SHEETS {
        return Err(kinds::KIT_SIZE.with("count", order.count).with("limit", MAX_SHEETS));
    }
    let ruler = Ruler::new()?;
    let mut canvas = Canvas::new(&ruler);
    let words = Words { lang: order.lang };
    declaration::draw(&mut canvas, &words, order);
    register::draw(&mut canvas, &words, order);
    for serial in 1..=order.count {
        cover::draw(&mut canvas, &words, order, serial)?;
    }
    canvas.finish(&words.line("kit-title", &[("kit", order.kit.as_str())]))
}

/// Sentences of the kit.
pub(super) struct Words {
    lang: Lang,
}

impl Words {
    /// In the person's language.
    pub fn line(&self, id: &str, args: &[(&str, &str)]) -> String {
        locales::text(self.lang, id, args)
    }

    /// In the other one.
    pub fn other(&self, id: &str, args: &[(&str, &str)]) -> String {
        let other = match self.lang {
            Lang::Vi => Lang::En,
            Lang::En => Lang::Vi,
        };
        locales::text(other, id, args)
    }

    /// Both, as a label has them: `Ngày / Date`.
    pub fn both(&self, id: &str) -> String {
        format!("{} / {}", self.line(id, &[]), self.other(id, &[]))
    }
}

/// Office at the left, kit at the right, title and its translation in the middle; gives the next base line.
pub(super) fn heading(canvas: &mut Canvas, words: &Words, order: &Order, title: &str, y: f32) -> f32 {
    let office = order.office.clone().unwrap_or_default();
    let kit = words.line("kit-number", &[("kit", order.kit.as_str())]);
    let width = canvas.ruler.width(&canvas.ruler.tidy(&kit), 10.0);
    canvas.text(&kit, Style::left(10.0), (RIGHT - width, RIGHT), y);
    let office = canvas.ruler.tidy(&office);
    let room = RIGHT - LEFT - width - 20.0;
    let office = canvas.ruler.lines(&office, 11.0, room, 1).concat();
    canvas.text(&office, Style::left(11.0).bold(), (LEFT, RIGHT), y);
    canvas.text(&words.line(title, &[]), Style::center(17.0).bold(), (LEFT, RIGHT), y + 34.0);
    canvas.text(&words.other(title, &[]), Style::center(11.0), (LEFT, RIGHT), y + 50.0);
    y + 74.0
}

/// A label with a dotted room to write on behind it, as forms have it; `y` is the base line.
pub(super) fn blank(canvas: &mut Canvas, label: &str, (left, right): (f32, f32), y: f32) {
    let width = canvas.text(label, Style::left(10.0), (left, right), y);
    canvas.rule((left + width + 4.0, y + 1.5), (right, y + 1.5), 0.5);
}

/// The line at the foot of a page.
pub(super) fn foot(canvas: &mut Canvas, text: &str) {
    canvas.text(text, Style::left(8.0), (LEFT, RIGHT), (BOTTOM + HEIGHT) / 2.0);
}
