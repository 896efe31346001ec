//! Lines of text as a page shows them: where they stand and what they say (ISO 32000-1 9.4). For finding the place of a visible
//! signature on a document that was written on a computer. Text whose letters cannot be told is passed over; where that leaves
//! nothing, a person names the place.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Encoding, LoadOptions, Object};
use unicode_normalization::UnicodeNormalization;

use super::glyphs::Widths;
use super::read::PageBox;

/// Largest content of a page, and of a font's table, when decompressed.
const MAX_CONTENT: usize = 16 << 20;
/// Most pieces of text on a page that are looked at: a page of a book has 3,000 letters.
const MAX_PIECES: usize = 100_000;
/// Saved graphics states (Annex C has 28).
const MAX_SAVED: usize = 256;
/// A gap of so many times the size of the letters parts two columns; words stand closer.
const COLUMN: f64 = 1.5;
/// A gap of so many times the size of the letters is a space that nobody wrote.
const SPACE: f64 = 0.18;
/// Letters whose base lines differ by less than this share of their size stand on one line.
const SAME_LINE: f64 = 0.3;
/// Share of the size of letters that they reach above and below their base line.
const ASCENT: f64 = 0.75;
const DESCENT: f64 = 0.25;

/// A piece of a line, in points from the left and top edge of the page as it is displayed.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it says, NFC.
    pub text: String,
    /// Left, upper, right and lower edge.
    pub area: [f32; 4],
}

/// A file whose text is looked at.
pub struct Text(Document);

impl Text {
    /// Loads a file; none for one that cannot be read without repairs.
    pub fn open(bytes: &[u8]) -> Option<Self> {
        let options = LoadOptions { max_decompressed_size: Some(MAX_CONTENT), ..LoadOptions::default() };
        Document::load_mem_with_options(bytes, options).ok().map(Self)
    }

    /// The lines of a page, upper ones first. Text that runs upwards or downwards is left out.
    pub fn lines(&self, page: &PageBox) -> Vec<Line> {
        self.look(page).0
    }

    /// As [`Text::lines`], and where pictures are painted: left, upper, right and lower edge.
    pub fn look(&self, page: &PageBox) -> (Vec<Line>, Vec<[f32; 4]>) {
        let document = &self.0;
        let content = document.get_page_content_with_limit(page.id, MAX_CONTENT).ok();
        let Some(content) = content.and_then(|content| Content::decode(&content).ok()) else {
            return (Vec::new(), Vec::new());
        };
        let fonts = document.get_page_fonts(page.id).unwrap_or_default();
        let font = |(name, dictionary)| Some((name, Font::of(dictionary, document)?));
        let fonts = fonts.into_iter().filter_map(font).collect();
        let mut reader = Reader {
            page,
            fonts,
            images: images(document, page),
            state: State::default(),
            saved: Vec::new(),
            found: Vec::new(),
            pictures: Vec::new(),
        };
        content.operations.iter().for_each(|operation| reader.run(operation));
        (joined(reader.found), reader.pictures)
    }
}

/// Names of the image XObjects of a page (8.9.5).
fn images(document: &Document, page: &PageBox) -> BTreeSet<Vec<u8>> {
    let (own, others) = document.get_page_resources(page.id).unwrap_or_default();
    let others = others.into_iter().filter_map(|id| document.get_dictionary(id).ok());
    let objects = own.into_iter().chain(others).filter_map(|resources| {
        let objects = resources.get_deref(b"XObject", document).ok()?;
        objects.as_dict().ok()
    });
    let is_image = |object: &Object| {
        let stream = document.dereference(object).ok().and_then(|(_, object)| object.as_stream().ok());
        let kind = stream.and_then(|stream| stream.dict.get(b"Subtype").and_then(Object::as_name).ok());
        kind == Some(b"Image")
    };
    let named = objects.flat_map(Dictionary::iter).filter(|(_, object)| is_image(object));
    named.map(|(name, _)| name.clone()).collect()
}

type Matrix = [f64; 6];
const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// `a`, then `b` (8.3.4).
fn then(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

fn point(m: Matrix, x: f64, y: f64) -> (f64, f64) {
    (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])
}

struct Font<'d> {
    encoding: Encoding<'d>,
    widths: Widths,
}

impl<'d> Font<'d> {
    fn of(dictionary: &'d Dictionary, document: &'d Document) -> Option<Self> {
        let encoding = dictionary.get_font_encoding_with_limit(document, MAX_CONTENT).ok()?;
        Some(Self { encoding, widths: Widths::of(dictionary, document) })
    }
}

#[derive(Clone)]
struct State {
    page: Matrix,
    text: Matrix,
    line: Matrix,
    font: Vec<u8>,
    size: f64,
    letter_space: f64,
    word_space: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            page: IDENTITY,
            text: IDENTITY,
            line: IDENTITY,
            font: Vec::new(),
            size: 0.0,
            letter_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }
}

/// Some letters that were shown together.
struct Piece {
    text: String,
    left: f64,
    right: f64,
    base: f64,
    size: f64,
}

struct Reader<'r> {
    page: &'r PageBox,
    fonts: BTreeMap<Vec<u8>, Font<'r>>,
    images: BTreeSet<Vec<u8>>,
    state: State,
    saved: Vec<State>,
    found: Vec<Piece>,
    pictures: Vec<[f32; 4]>,
}

impl Reader<'_> {
    fn run(&mut self, operation: &Operation) {
        let operands = &operation.operands;
        let number = |index: usize| {
            operands.get(index).and_then(|o| o.as_float().ok()).map(f64::from).unwrap_or_default()
        };
        let matrix = || [number(0), number(1), number(2), number(3), number(4), number(5)];
        let state = &mut self.state;
        match operation.operator.as_str() {
            "q" if self.saved.len() < MAX_SAVED => self.saved.push(state.clone()),
            "Q" => self.state = self.saved.pop().unwrap_or_default(),
            "cm" => state.page = then(matrix(), state.page),
            "BT" => (state.text, state.line) = (IDENTITY, IDENTITY),
            "Tf" => {
                state.font = operands.first().and_then(|o| o.as_name().ok()).unwrap_or_default().to_vec();
                state.size = number(1);
            }
            "Tc" => state.letter_space = number(0),
            "Tw" => state.word_space = number(0),
            "Tz" => state.stretch = number(0) / 100.0,
            "TL" => state.leading = number(0),
            "Ts" => state.rise = number(0),
            "Td" => state.go(number(0), number(1)),
            "TD" => {
                state.leading = -number(1);
                state.go(number(0), number(1));
            }
            "Tm" => (state.text, state.line) = (matrix(), matrix()),
            "T*" => state.go(0.0, -state.leading),
            "Tj" => self.show(operands.first()),
            "'" => {
                state.go(0.0, -state.leading);
                self.show(operands.first());
            }
            "\"" => {
                (state.word_space, state.letter_space) = (number(0), number(1));
                state.go(0.0, -state.leading);
                self.show(operands.get(2));
            }
            "TJ" => self.show_all(operands.first()),
            "Do" => {
                let name = operands.first().and_then(|o| o.as_name().ok()).unwrap_or_default();
                if self.images.contains(name) {
                    self.picture();
                }
            }
            "BI" => self.picture(),
            _ => {}
        }
    }

    /// An image fills the unit square (8.9.5.1).
    fn picture(&mut self) {
        let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(x, y)| {
            let (x, y) = point(self.state.page, x, y);
            let (x, y) = self.page.displayed(x, y);
            [x as f32, y as f32, x as f32, y as f32]
        });
        let area = corners.into_iter().reduce(union).filter(|area| area.iter().all(|edge| edge.is_finite()));
        if self.pictures.len() < MAX_PIECES {
            self.pictures.extend(area);
        }
    }

    /// 9.4.3: numbers between the strings move the next one back, in thousandths of the size.
    fn show_all(&mut self, items: Option<&Object>) {
        for item in items.and_then(|o| o.as_array().ok()).into_iter().flatten() {
            match item.as_float() {
                Ok(back) => self.state.forward(-f64::from(back) / 1_000.0 * self.state.size),
                Err(_) => self.show(Some(item)),
            }
        }
    }

    fn show(&mut self, string: Option<&Object>) {
        let Some(bytes) = string.and_then(|o| o.as_str().ok()) else { return };
        let Some(font) = self.fonts.get(&self.state.font) else { return };
        let text = Document::decode_text(&font.encoding, bytes).unwrap_or_default();
        let advance = font.widths.advance(bytes, |width, is_space| {
            width / 1_000.0 * self.state.size
                + self.state.letter_space
                + if is_space { self.state.word_space } else { 0.0 }
        });
        let place = then(self.state.text, self.state.page);
        let shown = |x: f64, y: f64| {
            let (x, y) = point(place, x, y);
            self.page.displayed(x, y)
        };
        let width = advance * self.state.stretch;
        let (from, to) = (shown(0.0, self.state.rise), shown(width, self.state.rise));
        let size = from.1 - shown(0.0, self.state.rise + self.state.size).1;
        let level = (to.1 - from.1).abs() < size * 0.1 && to.0 >= from.0;
        if size > 0.5 && level && self.found.len() < MAX_PIECES {
            self.found.push(Piece { text, left: from.0, right: to.0, base: from.1, size });
        }
        self.state.forward(advance);
    }
}

impl State {
    /// To the start of another line (9.4.2).
    fn go(&mut self, x: f64, y: f64) {
        self.line = then([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.text = self.line;
    }

    fn forward(&mut self, advance: f64) {
        self.text = then([1.0, 0.0, 0.0, 1.0, advance * self.stretch, 0.0], self.text);
    }
}

/// Pieces to lines: by base line, from left to right, parted at wide gaps.
fn joined(mut pieces: Vec<Piece>) -> Vec<Line> {
    pieces.retain(|p| [p.left, p.right, p.base, p.size].iter().all(|n| n.is_finite()));
    pieces.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut rows: Vec<Vec<Piece>> = Vec::new();
    for piece in pieces {
        let same = |row: &&mut Vec<Piece>| {
            row.first().is_some_and(|first| (piece.base - first.base).abs() < first.size * SAME_LINE)
        };
        match rows.last_mut().filter(same) {
            Some(row) => row.push(piece),
            None => rows.push(vec![piece]),
        }
    }
    rows.into_iter().flat_map(parted).collect()
}

fn parted(mut row: Vec<Piece>) -> Vec<Line> {
    row.sort_by(|a, b| a.left.total_cmp(&b.left));
    let mut out: Vec<Line> = Vec::new();
    let mut end = f64::NEG_INFINITY;
    for piece in row.iter().filter(|piece| !piece.text.trim().is_empty()) {
        let (gap, area) = (piece.left - end, piece.area());
        match out.last_mut().filter(|_| gap < piece.size * COLUMN) {
            Some(line) => {
                if gap > piece.size * SPACE {
                    line.text.push(' ');
                }
                line.text.push_str(&piece.text);
                line.area = union(line.area, area);
            }
            None => out.push(Line { text: piece.text.clone(), area }),
        }
        end = piece.right;
    }
    for line in &mut out {
        let composed: String = line.text.nfc().collect();
        line.text = composed.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    out
}

impl Piece {
    fn area(&self) -> [f32; 4] {
        let (top, bottom) = (self.base - self.size * ASCENT, self.base + self.size * DESCENT);
        [self.left, top, self.right, bottom].map(|n| n as f32)
    }
}

fn union(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}
