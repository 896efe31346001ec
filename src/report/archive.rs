//! Sheets as PDF/A, for what is kept and signed: the register, the reconciliation, the notice.

use std::fmt::Write;

use jiff::Timestamp;

use crate::error::Result;
use crate::locales::Lang;
use crate::pdf::font::Subset;
use crate::pdf::{ArchivalPdf, Printed, PrintedPage};

use super::sheet::{Drawing, OUTLINE, Page, Rgb, Sheets, Writing};

/// How far a leaning letter leans: 12 degrees.
const LEAN: f32 = 0.2126;

/// Facts of the file beside its pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cover<'a> {
    /// Title.
    pub title: &'a str,
    /// When it is made.
    pub made_at: Timestamp,
    /// Offset of the office's time from UTC in minutes.
    pub utc_offset_minutes: i32,
    /// Language of the text.
    pub lang: Lang,
}

/// The sheets as a file.
///
/// # Errors
/// An internal error when the font cannot be embedded; [`crate::error::kinds::NOT_ARCHIVAL`] when the self-check finds a
/// violation.
pub(super) fn file(sheets: Sheets, cover: &Cover) -> Result<ArchivalPdf> {
    let texts: Vec<&str> = sheets.pages.iter().flat_map(|p| &p.writings).map(|w| w.text.as_str()).collect();
    let font = Subset::new(&[&[" "], texts.as_slice()].concat())?;
    let size = sheets.paper.size;
    let page = |page: &Page| PrintedPage { size, content: content(page, &font) };
    crate::pdf::printed(Printed {
        pages: sheets.pages.iter().map(page).collect(),
        font: &font,
        title: cover.title,
        language: match cover.lang {
            Lang::Vi => "vi",
            Lang::En => "en",
        },
        made_at: cover.made_at,
        utc_offset_minutes: cover.utc_offset_minutes,
    })
}

fn content(page: &Page, font: &Subset) -> Vec<u8> {
    let mut out = String::new();
    page.drawings.iter().for_each(|one| drawing(&mut out, one));
    out.push_str("BT\n");
    page.writings.iter().filter(|w| !w.text.is_empty()).for_each(|one| writing(&mut out, one, font));
    out.push_str("ET\n");
    out.into_bytes()
}

/// Writing into a string does not fail.
fn drawing(out: &mut String, drawing: &Drawing) {
    let Drawing { points, weight, rgb, dashed } = drawing;
    let dash = if *dashed { "[3 2] 0 d " } else { "" };
    let _ = write!(out, "q {weight:.2} w {dash}{} RG 1 j ", colour(*rgb));
    for (place, (x, y)) in points.iter().enumerate() {
        let _ = write!(out, "{x:.2} {y:.2} {} ", if place == 0 { "m" } else { "l" });
    }
    out.push_str("S Q\n");
}

fn colour(rgb: Rgb) -> String {
    rgb.map(|v| format!("{v:.3}")).join(" ")
}

fn writing(out: &mut String, writing: &Writing, font: &Subset) {
    let Writing { text, style, left, base } = writing;
    let codes: String = font.encode(text).iter().map(|byte| format!("{byte:02X}")).collect();
    let lean = if style.italic { LEAN } else { 0.0 };
    let weight = match style.bold {
        true => format!("2 Tr {:.3} w", style.size * OUTLINE),
        false => "0 Tr".to_owned(),
    };
    let _ = writeln!(
        out,
        "/{} {:.2} Tf {weight} 1 0 {lean:.4} 1 {left:.2} {base:.2} Tm <{codes}> Tj",
        crate::pdf::PRINTED_FONT,
        style.size
    );
}
