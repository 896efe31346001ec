//! The declaration form: who declared the outage, since when, what may be written on paper until when.

use super::canvas::{Canvas, LEFT, RIGHT, Style};
use super::print::{Order, Words, blank, foot, heading};

/// Distance of two lines to write on, points.
const STEP: f32 = 29.0;
const EDGES: (f32, f32) = (LEFT, RIGHT);

/// The lines; two names share one line.
const LINES: [&[&str]; 10] = [
    &["kit-form-reference", "kit-form-ticket"],
    &["kit-form-systems"],
    &["kit-form-units"],
    &["kit-form-detected", "kit-form-declared"],
    &["kit-form-cause"],
    &["kit-form-paper-from", "kit-form-paper-to"],
    &["kit-form-sheets", "kit-form-numbers"],
    &["kit-form-basis"],
    &["kit-form-restored", "kit-form-due"],
    &["kit-form-note"],
];

/// Draws the form; what the kit knows about itself is filled in.
pub(super) fn draw(canvas: &mut Canvas, words: &Words, order: &Order) {
    canvas.page();
    let mut y = heading(canvas, words, order, "kit-form-title", 50.0);
    y = canvas.paragraph(&words.line("kit-form-use", &[]), Style::left(10.5), EDGES, y);
    y = canvas.paragraph(&words.other("kit-form-use", &[]), Style::left(8.5), EDGES, y) + STEP - 8.0;
    let middle = (LEFT + RIGHT) / 2.0;
    for line in LINES {
        match line {
            [one] => blank(canvas, &words.both(one), EDGES, y),
            [left, right, ..] => {
                blank(canvas, &words.both(left), (LEFT, middle + 6.0), y);
                blank(canvas, &words.both(right), (middle + 14.0, RIGHT), y);
            }
            [] => {}
        }
        y += STEP;
    }
    let command = words.line("kit-form-enter", &[("kit", order.kit.as_str())]);
    y = canvas.paragraph(&command, Style::left(9.5), EDGES, y - 4.0);
    y = canvas.paragraph(
        &words.other("kit-form-enter", &[("kit", order.kit.as_str())]),
        Style::left(8.0),
        EDGES,
        y,
    );
    for (id, edges) in
        [("kit-form-clerk", (LEFT, middle - 10.0)), ("kit-form-leader", (middle + 10.0, RIGHT))]
    {
        canvas.text(&words.line(id, &[]), Style::center(10.5).bold(), edges, y + 28.0);
        canvas.text(&words.other(id, &[]), Style::center(8.5), edges, y + 40.0);
        canvas.text(&words.both("kit-form-sign"), Style::center(8.0), edges, y + 53.0);
    }
    let sheets = [("count", order.count.to_string()), ("blocks", blocks(order))];
    let sheets = sheets.each_ref().map(|(name, value)| (*name, value.as_str()));
    foot(canvas, &words.line("kit-form-foot", &sheets));
}

fn blocks(order: &Order) -> String {
    match order.blocks.is_empty() {
        true => "–".to_owned(),
        false => order.blocks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}
