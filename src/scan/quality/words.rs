//! From what was seen to what people are told, as the profile wants it.

use crate::document::{Document, Finding, Severity};
use crate::profile::{Expected, QualityRules};

use super::super::cleanup::{LEAST_SKEW, SURE_TURN};
use super::super::{Colour, ScanPage};
use super::{Look, Mark, Stamp};

/// Skew in degrees that people notice; smaller ones are turned back without a word where the profile says so.
const SEEN_SKEW: f64 = 0.1;
/// Below this confidence even an upright page may lie on its head.
const DOUBTFUL_TURN: f64 = 0.4;
/// Edges of strokes that rise over more millimetres than this are blurred: letters of 10 points run together.
pub const BLURRED_MM: f64 = 0.40;
/// Paper darker than this, of 255, hides pale ink.
pub const DARK_PAPER: u8 = 150;
/// Print that takes less light than this, of 255, is too pale to be read with ease.
pub const PALE_PRINT: u8 = 78;
/// Thinnest strip beyond the sheet that is worth a word, in millimetres.
pub const BORDER_MM: f64 = 1.5;

/// What a page deserves to have said about it; `rules` decide which of it holds the document.
pub fn page(page: &ScanPage, rules: &QualityRules) -> Vec<Finding> {
    let look = &page.look;
    if look.size_mm == (0.0, 0.0) {
        return Vec::new(); // taken in before pages were looked at
    }
    let lies = turned(look).into_iter().chain(skewed(look, rules)).chain(bordered(look));
    lies.chain(faults(page)).map(|finding| held(finding, rules)).collect()
}

/// What the document deserves to have said about its pages together.
pub fn document(document: &Document, rules: &QualityRules) -> Vec<Finding> {
    let looked: Vec<&ScanPage> = document.pages.iter().filter(|p| p.look.size_mm != (0.0, 0.0)).collect();
    if looked.is_empty() || looked.len() < document.page_total() {
        return Vec::new();
    }
    let last = u32::try_from(document.page_total()).ok();
    let mut found = Vec::new();
    // Red cannot be told from black where there are no colours; that is no proof that the stamp is missing.
    let in_colour = looked.iter().all(|p| p.colour == Colour::Rgb);
    let stamped = looked.iter().any(|p| p.look.stamp == Some(Stamp::Seal));
    match (rules.stamp, stamped, in_colour) {
        (Expected::Yes, false, true) => found.push(Finding::new("stamp_missing", last, Severity::Warning)),
        (Expected::Yes, false, false) => found.push(Finding::new("stamp_not_judged", None, Severity::Info)),
        _ => {}
    }
    if rules.signature == Expected::Yes && !looked.iter().any(|p| p.look.signature.is_some()) {
        found.push(Finding::new("signature_missing", last, Severity::Warning));
    }
    found.into_iter().map(|finding| held(finding, rules)).collect()
}

/// Whether a page carries a mark that looks secret (rule 12).
pub(crate) fn looks_secret(page: &ScanPage) -> bool {
    page.look.mark == Some(Mark::Secret)
}

fn held(finding: Finding, rules: &QualityRules) -> Finding {
    match rules.hold.contains(&finding.code) {
        true => Finding { severity: Severity::Hold, ..finding },
        false => finding,
    }
}

/// A turn that is sure was made; one that is not is a question.
fn turned(look: &Look) -> Option<Finding> {
    let lie = &look.lie;
    let degrees = u32::from(lie.quarters) * 90;
    let back = (360 - degrees) % 360;
    let percent = (lie.sure * 100.0).round();
    let question =
        || Finding::new("turn_unsure", None, Severity::Warning).with("degrees", back).with("sure", percent);
    match (lie.skew, lie.quarters) {
        (None, _) => None,
        (_, 0) => (lie.sure < DOUBTFUL_TURN && !look.blank).then(question),
        _ if lie.sure >= SURE_TURN => Some(
            Finding::new("page_turned", None, Severity::Info).with("degrees", back).with("sure", percent),
        ),
        _ => Some(question()),
    }
}

fn skewed(look: &Look, rules: &QualityRules) -> Option<Finding> {
    let degrees = look.lie.skew.filter(|d| d.abs() >= SEEN_SKEW.max(LEAST_SKEW) && !look.blank)?;
    let code = if rules.deskew { "deskewed" } else { "skewed" };
    Some(Finding::new(code, None, Severity::Info).with("degrees", format!("{degrees:.1}")))
}

fn bordered(look: &Look) -> Option<Finding> {
    let widest = look.borders_mm.iter().copied().fold(0.0, f64::max);
    let [left, top, right, bottom] = look.borders_mm.map(|mm| format!("{mm:.0}"));
    let finding = || Finding::new("border_found", None, Severity::Info);
    (widest >= BORDER_MM)
        .then(|| finding().with("left", left).with("top", top).with("right", right).with("bottom", bottom))
}

fn faults(page: &ScanPage) -> Vec<Finding> {
    let look = &page.look;
    let warning = |code: &str| Finding::new(code, None, Severity::Warning);
    let mut found = Vec::new();
    if look.blank {
        found.push(warning("blank_page"));
    }
    if look.paper.is_none() {
        found.push(warning("size_odd").with("width", look.size_mm.0).with("height", look.size_mm.1));
    }
    if look.cut.contains(&true) {
        let sides = ["left", "top", "right", "bottom"].into_iter().zip(look.cut);
        let side = sides.filter(|(_, cut)| *cut).map(|(side, _)| side).next().unwrap_or_default();
        found.push(warning("text_cut").with("side", side));
    }
    if look.edge_mm.is_some_and(|mm| mm > BLURRED_MM) {
        found.push(warning("blurred"));
    }
    if look.light < DARK_PAPER {
        found.push(warning("too_dark"));
    }
    if look.print.is_some_and(|print| print < PALE_PRINT) && page.colour != Colour::Bilevel {
        found.push(warning("too_pale"));
    }
    found
}
