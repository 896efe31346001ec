//! Tesseract's hOCR output (hOCR 1.2): boxes, baselines and confidences of words.

use roxmltree::{Document, Node, ParsingOptions};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Result, kinds};

use super::{Line, PageText, Word};

/// Most elements and texts in a page's output (our limit); a dense page has about 5,000.
const MAX_NODES: u32 = 1_000_000;
/// Classes of lines (hOCR 1.2, "Logical Elements" and "Inline Representations").
const LINES: [&str; 4] = ["ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"];
/// Share of the letters' size that hangs below the baseline where the output does not say.
const DESCENT: f32 = 0.2;

/// Reads the output for one page.
///
/// # Errors
/// [`kinds::OCR_FAILED`] when it is not what Tesseract writes.
pub(super) fn parse(output: &[u8]) -> Result<PageText> {
    let failed = |cause: String| kinds::OCR_FAILED.with("cause", cause);
    let text = std::str::from_utf8(output).map_err(|e| failed(e.to_string()))?;
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let xml = Document::parse_with_options(text, options).map_err(|e| failed(e.to_string()))?;
    let (mut lines, mut block) = (Vec::new(), 0);
    for node in xml.descendants() {
        match node.attribute("class") {
            Some("ocr_carea") => block += 1,
            Some(class) if LINES.contains(&class) => lines.extend(line(node, block)),
            _ => {}
        }
    }
    Ok(PageText { lines })
}

/// Left, top, right, bottom.
type Edges = [f32; 4];

fn edges(title: &str) -> Option<Edges> {
    let edges: Edges = numbers(title, "bbox").get(..4)?.try_into().ok()?;
    let [left, top, right, bottom] = edges;
    (right > left && bottom > top).then_some(edges)
}

/// The numbers of a property in a title such as `bbox 1 2 3 4; baseline 0.01 -3`.
fn numbers(title: &str, name: &str) -> Vec<f32> {
    let property = title.split(';').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix(' '));
    let finite = |text: &str| text.parse::<f32>().ok().filter(|v| v.is_finite());
    property.unwrap_or_default().split_whitespace().map_while(finite).collect()
}

fn line(node: Node, block: usize) -> Option<Line> {
    let title = node.attribute("title")?;
    let edges = edges(title)?;
    let first = |name: &str| numbers(title, name).first().copied();
    let quarters = (first("textangle").unwrap_or(0.0) / 90.0).round() as i32 & 3;
    let upright = match quarters {
        0 | 2 => edges[3] - edges[1],
        _ => edges[2] - edges[0],
    };
    let size = first("x_size").filter(|size| *size >= 1.0 && *size <= upright * 2.0).unwrap_or(upright);
    let descent = first("x_descenders").filter(|d| *d > 0.0 && *d < size).unwrap_or(size * DESCENT);
    let baseline: [f32; 2] = match *numbers(title, "baseline") {
        [slope, offset] if quarters == 0 => [slope, offset],
        _ => [0.0, -descent],
    };
    let place = |word: Edges| placed(word, edges, baseline, quarters, descent);
    let words: Vec<Word> = node
        .descendants()
        .filter(|n| n.attribute("class") == Some("ocrx_word"))
        .filter_map(|n| word(n, place))
        .collect();
    let angle = match quarters {
        0 => baseline[0].atan(),
        // Text is turned anticlockwise by so many quarters, an angle is clockwise.
        quarters => -std::f32::consts::FRAC_PI_2 * quarters as f32,
    };
    (!words.is_empty()).then_some(Line { words, angle, size, block })
}

/// Where the baseline of a word begins, and its length.
fn placed(
    word: Edges,
    line: Edges,
    [slope, offset]: [f32; 2],
    quarters: i32,
    descent: f32,
) -> ([f32; 2], f32) {
    let [left, top, right, bottom] = word;
    match quarters {
        0 => {
            let base = line[3] + offset + slope * (left - line[0]);
            ([left, base], (right - left) * (1.0 + slope * slope).sqrt())
        }
        1 => ([line[2] - descent, bottom], bottom - top),
        2 => ([right, line[1] + descent], right - left),
        _ => ([line[0] + descent, top], bottom - top),
    }
}

fn word(node: Node, place: impl Fn(Edges) -> ([f32; 2], f32)) -> Option<Word> {
    let title = node.attribute("title")?;
    let (at, length) = place(edges(title)?);
    let raw: String = node.descendants().filter(Node::is_text).filter_map(|n| n.text()).collect();
    let text: String = raw.nfc().filter(|c| is_text(*c)).collect();
    let confidence = numbers(title, "x_wconf").first().map_or(0.0, |c| (c / 100.0).clamp(0.0, 1.0));
    (!text.is_empty()).then_some(Word { text, at, length, confidence })
}

/// Characters that a text layer may have: no white space, and nothing that ISO 19005-2 6.2.11.7.2 forbids.
fn is_text(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}
