//! Sheets of A4, filled from the top: text, rules, and what stands on every page.

use printpdf::{
    FontId, Line, LinePoint, OffsetDateTime, Op, PdfDocument, PdfFont, PdfFontHandle, PdfPage,
    PdfSaveOptions, Point, Pt, TextItem, TextRenderingMode,
};

use crate::error::{Result, kinds};

use super::ruler::Ruler;

/// Size of the sheet in landscape in points.
const WIDTH: f32 = 841.89;
const HEIGHT: f32 = 595.28;
/// Left edge of the print in landscape in points; room for the holes of a binder.
pub(super) const LEFT: f32 = 57.0;
/// Right edge of the print in landscape.
pub(super) const RIGHT: f32 = WIDTH - 34.0;
/// Lower edge of the print in landscape; the footer stands under it.
const BOTTOM: f32 = 48.0;
const FOOTER: f32 = 30.0;
const FOOTER_SIZE: f32 = 8.0;
const BANNER_SIZE: f32 = 11.0;
/// Distance between base lines in multiples of the size: Vietnamese capitals carry two marks.
pub(super) const LEADING: f32 = 1.22;
/// Width of the outline of a heavier text in multiples of the size.
pub(super) const OUTLINE: f32 = 0.035;
/// Height of a line's letters over its base line in multiples of the size.
const ASCENT: f32 = 0.95;

/// How a sheet lies, and what of it is printed on; points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Paper {
    /// Width and height.
    pub size: (f32, f32),
    /// Left and right edge of the print.
    pub edges: (f32, f32),
    /// Upper edge of the print.
    pub top: f32,
    /// Lower edge of the print.
    pub bottom: f32,
}

/// A4 lying.
pub(super) const LANDSCAPE: Paper =
    Paper { size: (WIDTH, HEIGHT), edges: (LEFT, RIGHT), top: HEIGHT - 36.0, bottom: BOTTOM };
/// A4 standing with the margins of Decree 30/2020 Appendix I, Part I, I.3: 20 mm above, 30 mm left, 15 to 20 mm right.
pub(super) const PORTRAIT: Paper =
    Paper { size: (HEIGHT, WIDTH), edges: (85.0, HEIGHT - 48.0), top: WIDTH - 57.0, bottom: 60.0 };

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
    /// The font stands upright; a slanted one is drawn leaning. In archive files only.
    pub italic: bool,
}

impl Style {
    /// Regular weight.
    pub fn regular(size: f32) -> Self {
        Self { size, bold: false, italic: false }
    }

    /// Heavier weight.
    pub fn bold(size: f32) -> Self {
        Self { size, bold: true, italic: false }
    }

    /// Leaning.
    pub fn italic(size: f32) -> Self {
        Self { size, bold: false, italic: true }
    }

    /// Distance between base lines in points.
    pub fn leading(self) -> f32 {
        self.size * LEADING
    }
}

/// Red, green and blue, each 0 to 1.
pub(super) type Rgb = [f32; 3];
/// What is drawn unless it is said otherwise.
pub(super) const BLACK: Rgb = [0.0; 3];

/// A line through points, drawn under the texts; points from the lower left corner, `weight` points wide.
#[derive(Clone, Debug)]
pub(super) struct Drawing {
    pub points: Vec<(f32, f32)>,
    pub weight: f32,
    /// In archive files only.
    pub rgb: Rgb,
    /// In archive files only.
    pub dashed: bool,
}

/// A text from `left` on the base line `base`.
#[derive(Clone, Debug)]
pub(super) struct Writing {
    pub text: String,
    pub style: Style,
    pub left: f32,
    pub base: f32,
}

/// One page.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub drawings: Vec<Drawing>,
    pub writings: Vec<Writing>,
}

/// The pages and the place where the next thing stands.
pub(super) struct Sheets<'a> {
    /// The measure of all text.
    pub ruler: &'a Ruler,
    /// Upper edge of the free room on the last page, points from below.
    pub y: f32,
    /// A line on top of every page, or none.
    banner: Option<String>,
    /// How the sheets lie.
    pub paper: Paper,
    pub(super) pages: Vec<Page>,
}

impl<'a> Sheets<'a> {
    /// The first page, with the banner on top where there is one.
    pub fn new(ruler: &'a Ruler, banner: Option<String>) -> Self {
        Self::on(LANDSCAPE, ruler, banner)
    }

    /// As [`Sheets::new`], on other paper.
    pub fn on(paper: Paper, ruler: &'a Ruler, banner: Option<String>) -> Self {
        let mut sheets = Self { ruler, y: 0.0, banner, paper, pages: Vec::new() };
        sheets.next_page();
        sheets
    }

    /// Goes on to a fresh page.
    pub fn next_page(&mut self) {
        self.pages.push(Page::default());
        let (top, edges) = (self.paper.top, self.paper.edges);
        self.y = top;
        if let Some(banner) = self.banner.clone() {
            let style = Style::bold(BANNER_SIZE);
            let half = self.ruler.width(&banner, style.size) / 2.0 + 12.0;
            let (middle, low) = ((edges.0 + edges.1) / 2.0, top - style.leading() - 5.0);
            self.frame(middle - half, low, middle + half, top, 1.0);
            self.y -= 3.0;
            self.line(&banner, style, edges, Align::Center);
            self.y = low - 7.0;
        }
    }

    /// Whether `height` points are free on this page.
    pub fn has_room(&self, height: f32) -> bool {
        self.y - height >= self.paper.bottom
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

    /// Writes a paragraph whose first line begins `indent` points later.
    pub fn indented(&mut self, text: &str, style: Style, edges: (f32, f32), indent: f32) {
        let first = self.ruler.lines(text, style.size, edges.1 - edges.0 - indent, usize::MAX - 1);
        let Some(head) = first.first() else { return };
        if !self.has_room(style.leading()) {
            self.next_page();
        }
        self.line(head, style, (edges.0 + indent, edges.1), Align::Left);
        let rest = text.get(head.len()..).unwrap_or_default().trim_start().to_owned();
        if !rest.is_empty() {
            self.paragraph(&rest, style, edges);
        }
    }

    /// Writes a text where it is wanted; the place for the next thing stays.
    pub fn write(&mut self, text: &str, style: Style, left: f32, base: f32) {
        if let Some(page) = self.pages.last_mut().filter(|_| !text.is_empty()) {
            page.show(text, style, left, base);
        }
    }

    /// Writes the number of a page over its print, in the middle (Decree 30/2020 Appendix I, Part I, I.5).
    pub fn number_above(&mut self, index: usize, text: &str) {
        let style = Style::regular(13.0);
        let (edges, base) = (self.paper.edges, self.paper.top + 14.0);
        let left = (edges.0 + edges.1 - self.ruler.width(text, style.size)) / 2.0;
        if let Some(page) = self.pages.get_mut(index) {
            page.show(text, style, left, base);
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
    pub fn rule(&mut self, from: (f32, f32), to: (f32, f32), weight: f32) {
        self.draw(Drawing { points: vec![from, to], weight, rgb: BLACK, dashed: false });
    }

    /// Draws on this page.
    pub fn draw(&mut self, drawing: Drawing) {
        if let Some(page) = self.pages.last_mut() {
            page.drawings.push(drawing);
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
        let edges = self.paper.edges;
        let start = edges.1 - self.ruler.width(right, style.size);
        let short = self.ruler.lines(left, style.size, start - edges.0 - 20.0, 1);
        if let Some(page) = self.pages.get_mut(index) {
            page.show(short.first().map_or("", String::as_str), style, edges.0, FOOTER);
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
        let size = self.paper.size;
        document.pages = self.pages.into_iter().map(|page| print(page, size)).collect();
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
    fn show(&mut self, text: &str, style: Style, left: f32, base: f32) {
        self.writings.push(Writing { text: text.to_owned(), style, left, base });
    }
}

/// A page of a print, black on white: drawings first, then one text object in which the cursor moves from text to text.
fn print(page: Page, size: (f32, f32)) -> PdfPage {
    let mut rules = Vec::new();
    for Drawing { points, weight, .. } in page.drawings {
        let point = |(x, y)| LinePoint { p: Point { x: Pt(x), y: Pt(y) }, bezier: false };
        let line = Line { points: points.into_iter().map(point).collect(), is_closed: false };
        rules.extend([Op::SetOutlineThickness { pt: Pt(weight) }, Op::DrawLine { line }]);
    }
    let (mut texts, mut cursor, mut last) = (Vec::new(), (0.0, 0.0), None);
    for Writing { text, style, left, base } in page.writings {
        if last != Some(style) {
            texts.extend(set(style));
            last = Some(style);
        }
        let pos = Point { x: Pt(left - cursor.0), y: Pt(base - cursor.1) };
        cursor = (left, base);
        texts.push(Op::SetTextCursor { pos });
        texts.push(Op::ShowText { items: vec![TextItem::Text(text)] });
    }
    super::paper::page(size, rules, texts)
}

fn set(style: Style) -> Vec<Op> {
    let font = PdfFontHandle::External(font_id());
    let mode = if style.bold { TextRenderingMode::FillStroke } else { TextRenderingMode::Fill };
    let outline = style.bold.then(|| Op::SetOutlineThickness { pt: Pt(style.size * OUTLINE) });
    [Op::SetFont { font, size: Pt(style.size) }, Op::SetTextRenderingMode { mode }]
        .into_iter()
        .chain(outline)
        .collect()
}
