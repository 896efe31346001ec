//! Sheets of A4 upright on which things stand at fixed places, measured in points from the upper left corner.

use printpdf::{
    FontId, Line, LinePoint, Op, PaintMode, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions,
    Point, Polygon, PolygonRing, Pt, TextItem, TextRenderingMode, WindingOrder,
};

use crate::error::{Result, kinds};
use crate::report::ruler::Ruler;

/// Size of the sheet in points (ISO 216 A4).
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;
/// Edges of the print: office printers leave 5 mm white, a binder takes the left one.
pub(super) const LEFT: f32 = 62.0;
pub(super) const RIGHT: f32 = WIDTH - 40.0;
pub(super) const BOTTOM: f32 = HEIGHT - 40.0;
/// Points in a millimetre.
pub(super) const MM: f32 = 72.0 / 25.4;
/// Outline that makes the one weight of the font heavier, in multiples of the size.
const BOLD: f32 = 0.035;

/// Where a text stands between its edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Center,
}

/// Size, weight and place of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub size: f32,
    pub bold: bool,
    pub align: Align,
}

impl Style {
    pub const fn left(size: f32) -> Self {
        Self { size, bold: false, align: Align::Left }
    }

    pub const fn center(size: f32) -> Self {
        Self { size, bold: false, align: Align::Center }
    }

    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
}

/// The pages so far.
pub(super) struct Canvas<'a> {
    pub ruler: &'a Ruler,
    pages: Vec<Page>,
}

#[derive(Default)]
struct Page {
    shapes: Vec<Op>,
    texts: Vec<Op>,
    cursor: (f32, f32),
}

impl<'a> Canvas<'a> {
    pub fn new(ruler: &'a Ruler) -> Self {
        Self { ruler, pages: Vec::new() }
    }

    /// A fresh page.
    pub fn page(&mut self) {
        self.pages.push(Page::default());
    }

    /// Writes tidied text on the base line `y`; gives the width that it takes.
    pub fn text(&mut self, text: &str, style: Style, (left, right): (f32, f32), y: f32) -> f32 {
        let text = self.ruler.tidy(text);
        let width = self.ruler.width(&text, style.size);
        let x = match style.align {
            Align::Left => left,
            Align::Center => left + (right - left - width) / 2.0,
        };
        if let Some(page) = self.pages.last_mut().filter(|_| !text.is_empty()) {
            page.show(&text, style, x, HEIGHT - y);
        }
        width
    }

    /// Writes a paragraph whose first base line is `y`; gives the base line that would come next.
    pub fn paragraph(&mut self, text: &str, style: Style, edges: (f32, f32), y: f32) -> f32 {
        let text = self.ruler.tidy(text);
        let mut y = y;
        for line in self.ruler.lines(&text, style.size, edges.1 - edges.0, usize::MAX - 1) {
            self.text(&line, style, edges, y);
            y += style.size * 1.25;
        }
        y
    }

    /// A straight line, `weight` points wide.
    pub fn rule(&mut self, from: (f32, f32), to: (f32, f32), weight: f32) {
        let point = |(x, y): (f32, f32)| LinePoint { p: at(x, y), bezier: false };
        let line = Line { points: vec![point(from), point(to)], is_closed: false };
        if let Some(page) = self.pages.last_mut() {
            page.shapes.push(Op::SetOutlineThickness { pt: Pt(weight) });
            page.shapes.push(Op::DrawLine { line });
        }
    }

    /// Black modules of a QR code of `count` modules a side, on a square of `side` points. One path, so that a printer
    /// leaves no seams between them.
    pub fn modules(&mut self, black: &[bool], count: usize, (left, top): (f32, f32), side: f32) {
        let module = side / count as f32;
        let mut rings = Vec::new();
        for (row, modules) in black.chunks(count).enumerate() {
            let mut column = 0;
            while column < modules.len() {
                let run = modules[column..].iter().take_while(|black| **black).count();
                if run > 0 {
                    let (x, y) = (left + column as f32 * module, top + row as f32 * module);
                    rings.push(ring(x, y, x + run as f32 * module, y + module));
                }
                column += run.max(1);
            }
        }
        let polygon = Polygon { rings, mode: PaintMode::Fill, winding_order: WindingOrder::NonZero };
        if let Some(page) = self.pages.last_mut() {
            page.shapes.push(Op::DrawPolygon { polygon });
        }
    }

    /// The file.
    ///
    /// # Errors
    /// An internal error when the font cannot be made or the library reports a fault.
    pub fn finish(self, title: &str) -> Result<Vec<u8>> {
        let mut document = PdfDocument::new(title);
        document.resources.fonts.map.insert(font_id(), PdfFont::new(self.ruler.font()?));
        let producer = format!("scanseal {}", env!("CARGO_PKG_VERSION"));
        let info = &mut document.metadata.info;
        (info.creator, info.producer) = (producer.clone(), producer);
        document.pages = self.pages.into_iter().map(Page::finish).collect();
        let mut warnings = Vec::new();
        let bytes = document.save(&PdfSaveOptions::default(), &mut warnings);
        match warnings.into_iter().next() {
            Some(warning) => Err(kinds::INTERNAL.with("cause", format!("{warning:?}"))),
            None => Ok(bytes),
        }
    }
}

/// PDF counts from below.
fn at(x: f32, y: f32) -> Point {
    Point { x: Pt(x), y: Pt(HEIGHT - y) }
}

fn ring(left: f32, top: f32, right: f32, low: f32) -> PolygonRing {
    let corners = [(left, top), (right, top), (right, low), (left, low)];
    PolygonRing { points: corners.map(|(x, y)| LinePoint { p: at(x, y), bezier: false }).to_vec() }
}

fn font_id() -> FontId {
    FontId("T".to_owned())
}

impl Page {
    fn show(&mut self, text: &str, style: Style, left: f32, base: f32) {
        let font = PdfFontHandle::External(font_id());
        let mode = if style.bold { TextRenderingMode::FillStroke } else { TextRenderingMode::Fill };
        self.texts.push(Op::SetFont { font, size: Pt(style.size) });
        self.texts.push(Op::SetTextRenderingMode { mode });
        self.texts.push(Op::SetOutlineThickness { pt: Pt(style.size * BOLD) });
        let pos = Point { x: Pt(left - self.cursor.0), y: Pt(base - self.cursor.1) };
        self.cursor = (left, base);
        self.texts.push(Op::SetTextCursor { pos });
        self.texts.push(Op::ShowText { items: vec![TextItem::Text(text.to_owned())] });
    }

    fn finish(self) -> PdfPage {
        crate::report::paper::page((WIDTH, HEIGHT), self.shapes, self.texts)
    }
}
