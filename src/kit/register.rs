//! The register sheets: one row a number of each block, or one row a cover sheet where no block is handed out.

use super::canvas::{BOTTOM, Canvas, LEFT, RIGHT, Style};
use super::print::{Order, Words, foot, heading};
use super::{Block, SheetCode};

/// Height of a row to write in, points.
const ROW: f32 = 25.0;
/// Height of the heading row.
const HEAD: f32 = 32.0;
/// Right edges of the columns behind the first, in hundredths of the width.
const COLUMNS: [f32; 6] = [0.19, 0.32, 0.44, 0.70, 0.86, 1.0];

/// Draws the registers.
pub(super) fn draw(canvas: &mut Canvas, words: &Words, order: &Order) {
    for block in &order.blocks {
        let rows: Vec<String> = (block.from..=block.to).map(|n| n.to_string()).collect();
        table(canvas, words, order, Some(block), &rows);
    }
    if order.blocks.is_empty() {
        let code = |serial| SheetCode { kit: order.kit.clone(), serial }.to_string();
        let rows: Vec<String> = (1..=order.count).map(code).collect();
        table(canvas, words, order, None, &rows);
    }
}

/// What stands over the columns.
fn heads(block: bool) -> [&'static str; 6] {
    let (first, second) = match block {
        true => ("kit-col-number", "kit-col-sheet"),
        false => ("kit-col-sheet", "kit-col-number"),
    };
    [first, second, "kit-col-date", "kit-col-subject", "kit-col-signer", "kit-col-note"]
}

fn table(canvas: &mut Canvas, words: &Words, order: &Order, block: Option<&Block>, rows: &[String]) {
    let room = BOTTOM - 180.0 - HEAD;
    let a_page = (room / ROW).floor().max(1.0) as usize;
    let pages = rows.len().div_ceil(a_page);
    for (page, part) in rows.chunks(a_page).enumerate() {
        canvas.page();
        let mut y = heading(canvas, words, order, "kit-register-title", 50.0);
        let what = block.map_or_else(
            || words.line("kit-register-sheets", &[("count", &order.count.to_string())]),
            |b| words.line("kit-register-block", &[("block", &b.to_string())]),
        );
        canvas.text(&what, Style::left(10.5).bold(), (LEFT, RIGHT), y);
        y = canvas.paragraph(&words.line("kit-register-use", &[]), Style::left(9.0), (LEFT, RIGHT), y + 15.0);
        y = canvas.paragraph(&words.other("kit-register-use", &[]), Style::left(8.0), (LEFT, RIGHT), y);
        grid(canvas, words, block.is_some(), part, y);
        let number = format!("{}/{}", page + 1, pages);
        foot(canvas, &words.line("kit-register-foot", &[("kit", order.kit.as_str()), ("page", &number)]));
    }
}

fn grid(canvas: &mut Canvas, words: &Words, block: bool, rows: &[String], top: f32) {
    let edge = |share: f32| LEFT + (RIGHT - LEFT) * share;
    let low = top + HEAD + ROW * rows.len() as f32;
    let edges: Vec<f32> = std::iter::once(LEFT).chain(COLUMNS.map(edge)).collect();
    edges.iter().for_each(|x| canvas.rule((*x, top), (*x, low), 0.5));
    canvas.rule((LEFT, top), (RIGHT, top), 0.8);
    for (pair, id) in edges.windows(2).zip(heads(block)) {
        canvas.text(&words.line(id, &[]), Style::center(9.0).bold(), (pair[0], pair[1]), top + 14.0);
        canvas.text(&words.other(id, &[]), Style::center(7.5), (pair[0], pair[1]), top + 25.0);
    }
    let mut y = top + HEAD;
    for row in rows {
        canvas.rule((LEFT, y), (RIGHT, y), 0.5);
        canvas.text(row, Style::center(10.5), (edges[0], edges[1]), y + 16.5);
        y += ROW;
    }
    canvas.rule((LEFT, y), (RIGHT, y), 0.8);
}
