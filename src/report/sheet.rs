//! Sheets of A4 in landscape, filled from the top: text, rules, and what stands on every page.

use printpdf::{
    FontId, Line, LinePoint, OffsetDateTime, Op, PdfDocument, PdfFont, PdfFontHandle, PdfPage,
    PdfSaveOptions, Point, Pt, TextItem, TextRenderingMode,
};

use crate::error::{Result, kinds};

use super::ruler::Ruler;

/// Size of the sheet in points.
const WIDTH: f32 = 841.89;
const HEIGHT: f32 = 595.28;
/// Left edge of the print in points; room for the holes of a binder.
pub(super) const LEFT: f32 = 57.0;
/// Right edge of the print.
pub(super) const RIGHT: f32 = WIDTH - 34.0;
const TOP: f32 = HEIGHT - 36.0;
/// Lower edge of the print; the footer stands under it.
const BOTTOM: f32 = 48.0;
const FOOTER: f32 = 30.0;
const FOOTER_SIZE: f32 = 8.0;
const BANNER_SIZE: f32 = 11.0;
/// Distance between base lines in multiples of the size: Vietnamese capitals carry two marks.
pub(super) const LEADING: f32 = 1.22;
/// Height of a line's letters over its base line in multiples of the size.
const ASCENT: f32 = 0.95;

/// How a text stands between the edges given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Center,
}

/// Size and weight of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    /// Points.
    pub size: f32,
    /// The font has one weight; a heavier one is drawn with an outline.
    pub bold: bool,
}

impl Style {
    /// Regular weight.
    pub fn regular(size: f32) -> Self {
        Self { size, bold: false }
    }

    /// Heavier weight.
    pub fn bold(size: f32) -> Self {
        Self { size, bold: true }
    }

    /// Distance between base lines in points.
    pub fn leading(self) -> f32 {
        self.size * LEADING
    }
}

/// One page: rules first, then one text object in which the cursor moves from text to text.
#[derive(Default)]
struct Page {
    rules: Vec<Op>,
    texts: Vec<Op>,
    cursor: (f32, f32),
    style: Option<Style>,
}

/// The pages and the place where the next thing stands.
pub(super) struct Sheets<'a> {
    /// The measure of all text.
    pub ruler: &'a Ruler,
    /// Upper edge of the free room on the last page, points from below.
    pub y: f32,
    /// A line on top of every page, or none.
    banner: Option<String>,
    pages: Vec<Page>,
}

impl<'a> Sheets<'a> {
    /// The first page, with the banner on top where there is one.
    pub fn new(ruler: &'a Ruler, banner: Option<String>) -> Self {
        let mut sheets = Self { ruler, y: 0.0, banner, pages: Vec::new() };
        sheets.next_page();
        sheets
    }

    /// Goes on to a fresh page.
    pub fn next_page(&mut self) {
        self.pages.push(Page::default());
        self.y = TOP;
        if let Some(banner) = self.banner.clone() {
            let style = Style::bold(BANNER_SIZE);
            let half = self.ruler.width(&banner, style.size) / 2.0 + 12.0;
            let (middle, low) = ((LEFT + RIGHT) / 2.0, TOP - style.leading() - 5.0);
            self.frame(middle - half, low, middle + half, TOP, 1.0);
            self.y -= 3.0;
            self.line(&banner, style, (LEFT, RIGHT), Align::Center);
            self.y = low - 7.0;
        }
    }

    /// Whether `height` points are free on this page.
    pub fn has_room(&self, height: f32) -> bool {
        self.y - height >= BOTTOM
    }

    /// Writes one line between two edges and moves down by its leading.
    pub fn line(&mut self, text: &str, style: Style, edges: (f32, f32), align: Align) {
        self.put(text, style, edges, align, self.y - style.size * ASCENT);
        self.y -= style.leading();
    }

    /// Writes a paragraph between two edges, over pages if need be, and moves down.
    pub fn paragraph(&mut self, text: &str, style: Style, edges: (f32, f32)) {
        for line in self.ruler.lines(text, style.size, edges.1 - edges.0, usize::MAX - 1) {
            if !self.has_room(style.leading()) {
                self.next_page();
            }
            self.line(&line, style, edges, Align::Left);
        }
    }

    /// Writes the lines of a cell under the upper edge `top`; the place for the next thing stays.
    pub fn cell(&mut self, lines: &[String], style: Style, edges: (f32, f32), align: Align, top: f32) {
        let mut base = top - style.size * ASCENT;
        for line in lines {
            self.put(line, style, edges, align, base);
            base -= style.leading();
        }
    }

    fn put(&mut self, text: &str, style: Style, (left, right): (f32, f32), align: Align, base: f32) {
        let slack = right - left - self.ruler.width(text, style.size);
        let left = match align {
            Align::Left => left,
            Align::Center => left + slack / 2.0,
        };
        if let Some(page) = self.pages.last_mut().filter(|_| !text.is_empty()) {
            page.show(text, style, left, base);
        }
    }

    /// A straight line, `weight` points wide.
    pub fn rule(&mut self, (x0, y0): (f32, f32), (x1, y1): (f32, f32), weight: f32) {
        let point = |x, y| LinePoint { p: Point { x: Pt(x), y: Pt(y) }, bezier: false };
        let line = Line { points: vec![point(x0, y0), point(x1, y1)], is_closed: false };
        if let Some(page) = self.pages.last_mut() {
            page.rules.push(Op::SetOutlineThickness { pt: Pt(weight) });
            page.rules.push(Op::DrawLine { line });
        }
    }

    fn frame(&mut self, left: f32, low: f32, right: f32, high: f32, weight: f32) {
        for (from, to) in [
            ((left, low), (right, low)),
            ((left, high), (right, high)),
            ((left, low), (left, high)),
            ((right, low), (right, high)),
        ] {
            self.rule(from, to, weight);
        }
    }

    /// How many pages there are.
    pub fn count(&self) -> usize {
        self.pages.len()
    }

    /// Writes what stands under a page: a text at the left, one at the right.
    pub fn footer(&mut self, index: usize, left: &str, right: &str) {
        let style = Style::regular(FOOTER_SIZE);
        let start = RIGHT - self.ruler.width(right, style.size);
        let short = self.ruler.lines(left, style.size, start - LEFT - 20.0, 1);
        if let Some(page) = self.pages.get_mut(index) {
            page.show(short.first().map_or("", String::as_str), style, LEFT, FOOTER);
            page.show(right, style, start, FOOTER);
        }
    }

    /// The file.
    ///
    /// # Errors
    /// An internal error when the font cannot be made or the library reports a fault.
    pub fn finish(self, title: &str, made_at: jiff::Timestamp) -> Result<Vec<u8>> {
        let mut document = PdfDocument::new(title);
        document.resources.fonts.map.insert(font_id(), PdfFont::new(self.ruler.font()?));
        let producer = format!("scanseal {}", env!("CARGO_PKG_VERSION"));
        let info = &mut document.metadata.info;
        if let Ok(date) = OffsetDateTime::from_unix_timestamp(made_at.as_second()) {
            (info.creation_date, info.modification_date) = (date, date);
        }
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

fn font_id() -> FontId {
    FontId("T".to_owned())
}

impl Page {
    /// Shows text from `left` on the base line `base`.
    fn show(&mut self, text: &str, style: Style, left: f32, base: f32) {
        if self.style != Some(style) {
            self.set_style(style);
        }
        let pos = Point { x: Pt(left - self.cursor.0), y: Pt(base - self.cursor.1) };
        self.cursor = (left, base);
        self.texts.push(Op::SetTextCursor { pos });
        self.texts.push(Op::ShowText { items: vec![TextItem::Text(text.to_owned())] });
    }

    fn set_style(&mut self, style: Style) {
        let font = PdfFontHandle::External(font_id());
        let mode = if style.bold { TextRenderingMode::FillStroke } else { TextRenderingMode::Fill };
        self.texts.push(Op::SetFont { font, size: Pt(style.size) });
        self.texts.push(Op::SetTextRenderingMode { mode });
        if style.bold {
            self.texts.push(Op::SetOutlineThickness { pt: Pt(style.size * 0.035) });
        }
        self.style = Some(style);
    }

    fn finish(self) -> PdfPage {
        super::paper::page((WIDTH, HEIGHT), self.rules, self.texts)
    }
}
