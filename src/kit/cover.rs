//! A cover sheet: laid on top of its document before scanning, it splits the stack and says which paper this is.

use qrcode::{Color, EcLevel, QrCode};

use crate::error::{Result, kinds};

use super::SheetCode;
use super::canvas::{Canvas, HEIGHT, LEFT, MM, RIGHT, Style, WIDTH};
use super::print::{Order, Words, blank, foot, heading};

/// Side of the large code: a module is 2.4 mm, 14 pixels of a 150 dpi scan.
const LARGE: f32 = 70.0 * MM;
/// Side of the small code in the opposite part of the sheet, for a sheet that is torn or soiled.
const SMALL: f32 = 42.0 * MM;
/// White around a code in modules (ISO/IEC 18004 5.3.8).
const QUIET: f32 = 4.0;
const EDGES: (f32, f32) = (LEFT, RIGHT);

/// Draws the sheet of a serial.
pub(super) fn draw(canvas: &mut Canvas, words: &Words, order: &Order, serial: u32) -> Result<()> {
    let code = SheetCode { kit: order.kit.clone(), serial };
    // High error correction: 30 % of the code may be unreadable.
    let qr = QrCode::with_error_correction_level(code.qr_text(), EcLevel::H)
        .map_err(|e| kinds::INTERNAL.with("cause", format!("{e:?}")))?;
    let (count, black) = (qr.width(), qr.to_colors());
    let black: Vec<bool> = black.into_iter().map(|c| c == Color::Dark).collect();
    canvas.page();
    let y = heading(canvas, words, order, "kit-cover-title", 50.0);
    let top = y + QUIET * LARGE / count as f32;
    canvas.modules(&black, count, ((WIDTH - LARGE) / 2.0, top), LARGE);
    let y = top + LARGE + 36.0;
    canvas.text(&code.to_string(), Style::center(24.0).bold(), EDGES, y);
    let y = y + 22.0;
    canvas.text(&words.line("kit-cover-use", &[]), Style::center(11.5).bold(), EDGES, y);
    canvas.text(&words.other("kit-cover-use", &[]), Style::center(9.5), EDGES, y + 14.0);
    let y = by_hand(canvas, words, y + 44.0);
    let small = (RIGHT - SMALL - QUIET * SMALL / count as f32, HEIGHT - 62.0 - SMALL);
    canvas.modules(&black, count, small, SMALL);
    advice(canvas, words, (LEFT, small.0 - QUIET * SMALL / count as f32 - 6.0), y.max(small.1));
    foot(canvas, &words.line("kit-cover-foot", &[("code", &code.to_string())]));
    Ok(())
}

/// What is written by hand, the number only when the paper is signed.
fn by_hand(canvas: &mut Canvas, words: &Words, y: f32) -> f32 {
    let middle = (LEFT + RIGHT) / 2.0;
    blank(canvas, &words.both("kit-by-hand-number"), (LEFT, middle + 30.0), y);
    blank(canvas, &words.both("kit-by-hand-date"), (middle + 40.0, RIGHT), y);
    for (row, id) in (1u8..).zip(["kit-by-hand-subject", "kit-by-hand-signer", "kit-by-hand-receiver"]) {
        blank(canvas, &words.both(id), EDGES, y + 25.0 * f32::from(row));
    }
    blank(canvas, &words.both("kit-by-hand-pages"), (LEFT, middle - 30.0), y + 100.0);
    blank(canvas, &words.both("kit-by-hand-scanned"), (middle - 20.0, RIGHT), y + 100.0);
    y + 126.0
}

/// Four rules for a tired person, each in both languages.
fn advice(canvas: &mut Canvas, words: &Words, edges: (f32, f32), y: f32) {
    let mut y = y + 4.0;
    for id in ["kit-rule-one", "kit-rule-number", "kit-rule-clean", "kit-rule-spoilt"] {
        y = canvas.paragraph(&format!("• {}", words.line(id, &[])), Style::left(9.5), edges, y);
        y = canvas.paragraph(&words.other(id, &[]), Style::left(8.0), (edges.0 + 8.0, edges.1), y) + 3.0;
    }
}
