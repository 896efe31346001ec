//! What a page paints (ISO 32000-1 Annex A): pictures, plain rectangles and clipping are what scanners write. Text that one
//! sees, lines and shadings make the page no scan; text in rendering mode 3 is the recognised text under a scan.

use crate::error::{Result, kinds};
use crate::pdf::raw;

use super::super::MAX_PAGE_BYTES;
use super::super::colour;
use super::file::{File, Object};
use super::filter;
use super::matrix::{Area, Matrix};
use super::value::{Dict, Parser, Value};

/// Decompressed bytes of the content of a page or form.
const MAX_CONTENT: usize = 64 << 20;
/// Forms inside forms.
const MAX_FORMS: usize = 8;
/// Things painted on one page (our limit): strips of single lines.
const MAX_ITEMS: usize = 20_000;
/// Saved graphics states (ISO 32000-1 Annex C has 28).
const MAX_SAVED: usize = 256;
/// Operands kept for one operator.
const MAX_OPERANDS: usize = 64;

/// Something painted, in user space.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub paint: Paint,
    /// Maps the unit square (a picture) or user space (a rectangle) onto the page.
    pub matrix: Matrix,
    pub clip: Area,
    /// Colour of rectangles and stencils.
    pub rgb: [u8; 3],
}

#[derive(Clone, Debug)]
pub(super) enum Paint {
    /// A picture; its bytes when they stand in the content itself.
    Picture { object: Box<Object>, inline: Option<Vec<u8>> },
    /// A filled rectangle in page coordinates.
    Rectangle(Area),
}

/// What a page paints, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Painted {
    pub items: Vec<Item>,
    pub hidden_text: bool,
    /// Number of items painted before the last text that is seen, when there is any.
    pub visible_text: Option<usize>,
}

#[derive(Clone, Debug)]
struct State {
    matrix: Matrix,
    clip: Area,
    /// None: a colour that this reader does not know.
    rgb: Option<[u8; 3]>,
    text_mode: u64,
}

struct Reader<'a> {
    file: &'a File,
    painted: Painted,
    state: State,
    saved: Vec<State>,
    path: Vec<Area>,
    /// The path has more than upright rectangles.
    crooked: bool,
    clipping: bool,
}

/// Interprets the content of a page.
///
/// # Errors
/// [`kinds::PDF_HAS_DRAWING`]; [`kinds::SCAN_BROKEN`].
pub(super) fn read(file: &File, page: &Dict) -> Result<Painted> {
    let mut content = Vec::new();
    let contents = file.get(page, "Contents")?;
    match &contents.value {
        Value::Array(parts) => {
            for part in parts {
                let object = file.resolve(part)?;
                let room = MAX_CONTENT.saturating_sub(content.len());
                content.extend(filter::whole(file, &object, room)?);
                content.push(b'\n');
            }
        }
        Value::Null => {}
        _ => content = filter::whole(file, &contents, MAX_CONTENT)?,
    }
    let state = State { matrix: Matrix::IDENTITY, clip: Area::EVERYTHING, rgb: Some([0; 3]), text_mode: 0 };
    let mut reader = Reader {
        file,
        painted: Painted::default(),
        state,
        saved: Vec::new(),
        path: Vec::new(),
        crooked: false,
        clipping: false,
    };
    let resources = file.get(page, "Resources")?;
    reader.run(&content, resources.dict().unwrap_or(&Dict::default()), 0)?;
    Ok(reader.painted)
}

fn drawing<T>() -> Result<T> {
    Err(kinds::PDF_HAS_DRAWING.error())
}

impl Reader<'_> {
    fn run(&mut self, content: &[u8], resources: &Dict, depth: usize) -> Result<()> {
        let mut parser = Parser::content(content);
        let mut operands: Vec<Value> = Vec::new();
        loop {
            match parser.next() {
                Some(Value::Word(word)) if word == b"BI" => {
                    self.inline(&mut parser)?;
                    operands.clear();
                }
                Some(Value::Word(word)) => {
                    self.operator(&word, &operands, resources, depth)?;
                    operands.clear();
                }
                Some(value) => {
                    operands.push(value);
                    if operands.len() > MAX_OPERANDS {
                        operands.remove(0);
                    }
                }
                None if raw::skip_space(content, parser.at) >= content.len() => return Ok(()),
                None => parser.at += 1, // a stray delimiter
            }
        }
    }

    fn operator(&mut self, word: &[u8], operands: &[Value], resources: &Dict, depth: usize) -> Result<()> {
        let numbers: Vec<f64> = operands.iter().filter_map(Value::number).collect();
        match word {
            b"q" if self.saved.len() < MAX_SAVED => self.saved.push(self.state.clone()),
            b"q" => return drawing(),
            b"Q" => self.state = self.saved.pop().unwrap_or_else(|| self.state.clone()),
            b"cm" => {
                if let Ok(six) = <[f64; 6]>::try_from(numbers) {
                    self.state.matrix = Matrix(six).then(self.state.matrix);
                }
            }
            b"Do" => self.paint(operands, resources, depth)?,
            b"gs" => self.graphics_state(operands, resources)?,
            b"re" => self.rectangle(&numbers),
            b"m" | b"l" | b"c" | b"v" | b"y" | b"h" => self.crooked |= word != b"h" || self.path.is_empty(),
            b"W" | b"W*" => self.clipping = true,
            b"n" => self.end_path()?,
            b"f" | b"F" | b"f*" => self.fill()?,
            b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*" | b"sh" => return drawing(),
            b"Tr" => self.state.text_mode = operands.last().and_then(Value::whole).unwrap_or(0),
            b"Tj" | b"TJ" | b"'" | b"\"" => self.text(operands),
            _ => self.colour(word, &numbers, operands),
        }
        Ok(())
    }

    fn colour(&mut self, word: &[u8], numbers: &[f64], operands: &[Value]) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let byte = |v: f64| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
        match (word, numbers) {
            (b"cs", _) => {
                let known = matches!(
                    operands.last().and_then(Value::name),
                    Some(b"DeviceGray" | b"DeviceRGB" | b"DeviceCMYK" | b"G" | b"RGB" | b"CMYK")
                );
                self.state.rgb = known.then_some([0; 3]);
            }
            (b"g" | b"sc" | b"scn", [v]) if word == b"g" || self.state.rgb.is_some() => {
                self.state.rgb = Some([byte(*v); 3]);
            }
            (b"rg" | b"sc" | b"scn", [r, g, b]) if word == b"rg" || self.state.rgb.is_some() => {
                self.state.rgb = Some([byte(*r), byte(*g), byte(*b)]);
            }
            (b"k" | b"sc" | b"scn", [c, m, y, k]) if word == b"k" || self.state.rgb.is_some() => {
                self.state.rgb = Some(colour::cmyk([byte(*c), byte(*m), byte(*y), byte(*k)]));
            }
            (b"scn" | b"sc", _) => self.state.rgb = None,
            _ => {}
        }
    }

    fn text(&mut self, operands: &[Value]) {
        let shows = |value: &Value| matches!(value, Value::Text(t) if t.iter().any(|b| !raw::is_space(*b)));
        let any =
            operands.iter().any(|value| shows(value) || value.array().is_some_and(|a| a.iter().any(shows)));
        match self.state.text_mode {
            3 | 7 => self.painted.hidden_text |= any,
            _ if any => self.painted.visible_text = Some(self.painted.items.len()),
            _ => {}
        }
    }

    fn rectangle(&mut self, numbers: &[f64]) {
        let &[x, y, w, h] = numbers else { return };
        if !self.state.matrix.is_upright() {
            self.crooked = true;
            return;
        }
        self.path.push(Area::around(&[(x, y), (x + w, y + h)]).moved(self.state.matrix));
    }

    fn end_path(&mut self) -> Result<()> {
        if std::mem::take(&mut self.clipping) {
            // Clipping to anything but one rectangle would need more than this reader knows.
            if self.crooked || self.path.len() > 1 {
                return drawing();
            }
            if let Some(area) = self.path.first() {
                self.state.clip = self.state.clip.inside(*area);
            }
        }
        self.path.clear();
        self.crooked = false;
        Ok(())
    }

    fn fill(&mut self) -> Result<()> {
        let Some(rgb) = self.state.rgb.filter(|_| !self.crooked) else { return drawing() };
        for area in std::mem::take(&mut self.path) {
            let clip = self.state.clip;
            self.add(Item { paint: Paint::Rectangle(area), matrix: Matrix::IDENTITY, clip, rgb })?;
        }
        self.end_path()
    }

    fn add(&mut self, item: Item) -> Result<()> {
        self.painted.items.push(item);
        if self.painted.items.len() > MAX_ITEMS { drawing() } else { Ok(()) }
    }

    /// Transparency of any kind is drawing, not scanning.
    fn graphics_state(&mut self, operands: &[Value], resources: &Dict) -> Result<()> {
        let Some(dict) = self.resource(operands, resources, "ExtGState")? else { return Ok(()) };
        let Some(dict) = dict.dict() else { return Ok(()) };
        let opacity = self.file.get(dict, "ca")?.value.number().unwrap_or(1.0);
        let mask = self.file.get(dict, "SMask")?;
        let blend = self.file.get(dict, "BM")?;
        let plain = matches!(blend.value, Value::Null) || blend.value.name() == Some(b"Normal");
        if opacity < 1.0 || mask.dict().is_some() || !plain { drawing() } else { Ok(()) }
    }

    fn resource(&self, operands: &[Value], resources: &Dict, kind: &str) -> Result<Option<Object>> {
        let Some(name) = operands.last().and_then(Value::name) else { return Ok(None) };
        let all = self.file.get(resources, kind)?;
        let Some(all) = all.dict() else { return Ok(None) };
        self.file.get(all, &String::from_utf8_lossy(name)).map(Some)
    }

    fn paint(&mut self, operands: &[Value], resources: &Dict, depth: usize) -> Result<()> {
        let Some(object) = self.resource(operands, resources, "XObject")? else { return Ok(()) };
        let Some(dict) = object.dict() else { return Ok(()) };
        match self.file.get(dict, "Subtype")?.value.name() {
            Some(b"Image") => self.picture(object, None),
            Some(b"Form") if depth < MAX_FORMS => self.form(&object, resources, depth),
            Some(b"Form") => drawing(),
            _ => Ok(()),
        }
    }

    fn picture(&mut self, object: Object, inline: Option<Vec<u8>>) -> Result<()> {
        // A stencil in a colour that is not known is drawing; other pictures bring their own.
        let stencil = matches!(object.dict().and_then(|d| d.get("ImageMask")), Some(Value::Bool(true)));
        if stencil && self.state.rgb.is_none() {
            return drawing();
        }
        let (matrix, clip) = (self.state.matrix, self.state.clip);
        let rgb = self.state.rgb.unwrap_or_default();
        self.add(Item { paint: Paint::Picture { object: Box::new(object), inline }, matrix, clip, rgb })
    }

    fn form(&mut self, object: &Object, outer: &Dict, depth: usize) -> Result<()> {
        let Some(dict) = object.dict() else { return Ok(()) };
        let (state, saved) = (self.state.clone(), std::mem::take(&mut self.saved));
        if let Some(matrix) = Matrix::read(&self.file.get(dict, "Matrix")?.value) {
            self.state.matrix = matrix.then(self.state.matrix);
        }
        if let Some(area) = super::matrix::rectangle(self.file, dict, "BBox")? {
            self.state.clip = self.state.clip.inside(area.moved(self.state.matrix));
        }
        let content = filter::whole(self.file, object, MAX_CONTENT)?;
        let resources = self.file.get(dict, "Resources")?;
        self.run(&content, resources.dict().unwrap_or(outer), depth + 1)?;
        (self.state, self.saved) = (state, saved);
        Ok(())
    }

    /// `BI ... ID bytes EI` (ISO 32000-1 8.9.7): the bytes end where `EI` stands between white space.
    fn inline(&mut self, parser: &mut Parser<'_>) -> Result<()> {
        let mut dict = Dict::default();
        loop {
            match parser.next() {
                Some(Value::Word(word)) if word == b"ID" => break,
                Some(Value::Name(key)) => {
                    let Some(value) = parser.next() else { return drawing() };
                    dict.set(&long_key(&key), value);
                }
                _ => return drawing(),
            }
        }
        let start = parser.at + 1;
        let rest = parser.bytes.get(start..).unwrap_or_default();
        let ends = |at: usize| {
            rest.get(at..at + 3).is_some_and(|w| raw::is_space(w[0]) && &w[1..] == b"EI")
                && rest.get(at + 3).is_none_or(|b| raw::is_space(*b))
        };
        let Some(length) = (0..rest.len()).find(|at| ends(*at)) else { return drawing() };
        if length as u64 > MAX_PAGE_BYTES {
            return drawing();
        }
        parser.at = start + length + 3;
        self.picture(Object { value: Value::Dict(dict), stream: None }, Some(rest[..length].to_vec()))
    }
}

/// Abbreviated keys of inline pictures (ISO 32000-1 Table 93).
fn long_key(key: &[u8]) -> String {
    match key {
        b"BPC" => "BitsPerComponent",
        b"CS" => "ColorSpace",
        b"D" => "Decode",
        b"DP" => "DecodeParms",
        b"F" => "Filter",
        b"H" => "Height",
        b"IM" => "ImageMask",
        b"I" => "Interpolate",
        b"W" => "Width",
        other => return String::from_utf8_lossy(other).into_owned(),
    }
    .to_owned()
}
