//! Findings on the picture of the page itself: along the edge that cuts text off, around the place where a stamp or a signature
//! should be, at the digits that changed. What has no place of its own stands at the edge of the page.

use maud::{Markup, html};

use crate::document::{Finding, Severity};
use crate::event::finding_text;
use crate::pipeline::pages::preview;
use crate::scan::ScanPage;
use crate::store::Stored;

use super::words::Words;

/// Sides of a page, clockwise.
const SIDES: [&str; 4] = ["left", "top", "right", "bottom"];
/// Where signature and stamp belong: left, top, width and height in shares of the page (Decree 30/2020 Appendix I, cells 7
/// and 8).
const BELONG: [f64; 4] = [0.3, 0.5, 0.68, 0.45];
/// Radius of the ring around digits, share of the width of the page.
const RING: f64 = 0.025;

/// Where a finding is on its page.
enum Place {
    /// Along a side.
    Side(&'static str),
    /// Where signature and stamp belong.
    Belongs,
    /// Around a point, shares of width and height.
    Point(f64, f64),
    /// About the page as a whole.
    Page,
    /// About the document as a whole.
    Document,
}

/// Whether a person has to look at it.
fn is_open(finding: &Finding) -> bool {
    finding.accepted_by.is_none() && finding.severity != Severity::Info
}

/// Whether a finding on this page waits for a look.
pub(super) fn is_open_on(finding: &Finding, page: u32) -> bool {
    finding.page == Some(page) && is_open(finding)
}

fn arg<'a>(finding: &'a Finding, name: &str) -> Option<&'a str> {
    finding.args.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn place(finding: &Finding, page: &ScanPage) -> Place {
    let quarters = usize::from(preview::quarters(page));
    match finding.code.as_str() {
        "text_cut" => {
            let side = SIDES.iter().position(|side| arg(finding, "side") == Some(side));
            // The side is told of the scan as it lay; the picture stands upright.
            side.and_then(|side| SIDES.get((side + quarters) % 4))
                .map_or(Place::Page, |side| Place::Side(side))
        }
        "stamp_missing" | "signature_missing" => Place::Belongs,
        "digits_differ" => match (number(finding, "x"), number(finding, "y")) {
            (Some(x), Some(y)) => {
                // Digits are read on the pixels as a person has turned them; what the page is turned by itself comes on top.
                let by_hand = usize::from(page.turned / 90 % 4);
                let (width, height) =
                    if by_hand % 2 == 0 { (page.width, page.height) } else { (page.height, page.width) };
                let at = (x / f64::from(width.max(1)), y / f64::from(height.max(1)));
                let (x, y) = turned(at, quarters + 4 - by_hand);
                Place::Point(x, y)
            }
            _ => Place::Page,
        },
        _ if finding.page.is_none() => Place::Document,
        _ => Place::Page,
    }
}

fn number(finding: &Finding, name: &str) -> Option<f64> {
    arg(finding, name)?.parse().ok().filter(|n: &f64| n.is_finite())
}

/// Where a point of the scan is after so many quarter turns clockwise, in shares of width and height.
fn turned((x, y): (f64, f64), quarters: usize) -> (f64, f64) {
    match quarters % 4 {
        1 => (1.0 - y, x),
        2 => (1.0 - x, 1.0 - y),
        3 => (y, 1.0 - x),
        _ => (x, y),
    }
}

/// Facts that are missing are marked at their fields, not on the picture.
fn is_of_fields(finding: &Finding) -> bool {
    ["field_missing", "field_too_long"].contains(&finding.code.as_str())
}

/// The marks of a page. What is about the document as a whole stands on its first page.
pub(super) fn on(words: Words, stored: &Stored, number: u32, first: bool, page: &ScanPage) -> Markup {
    let ours = |f: &&Finding| match f.page {
        Some(page) => page == number,
        None => first && !is_of_fields(f),
    };
    let open = stored.document.findings.iter().filter(|f| is_open(f)).filter(ours);
    let found: Vec<(&Finding, Place)> = open.map(|finding| (finding, place(finding, page))).collect();
    let upright = preview::quarters(page).is_multiple_of(2);
    let (width, height) = if upright { (page.width, page.height) } else { (page.height, page.width) };
    let belongs = found.iter().any(|(_, place)| matches!(place, Place::Belongs));
    html! {
        @if belongs || found.iter().any(|(_, place)| matches!(place, Place::Point(..))) {
            svg.places viewBox={ "0 0 " (width) " " (height) } preserveAspectRatio="none" aria-hidden="true" {
                @if belongs { (frame(f64::from(width), f64::from(height))) }
                @for (_, place) in &found {
                    @if let Place::Point(x, y) = place { circle.here cx=(x * f64::from(width)) cy=(y * f64::from(height)) r=(RING * f64::from(width)) {} }
                }
            }
        }
        ul.marks {
            @for (finding, place) in &found { (label(words, finding, place)) }
        }
    }
}

fn frame(width: f64, height: f64) -> Markup {
    let [x, y, w, h] = BELONG;
    html! { rect.here x=(x * width) y=(y * height) width=(w * width) height=(h * height) {} }
}

fn label(words: Words, finding: &Finding, place: &Place) -> Markup {
    let class = match place {
        Place::Side(side) => format!("mark at-{side}"),
        Place::Belongs => "mark in-place".to_owned(),
        Place::Document => "mark at-foot".to_owned(),
        Place::Point(..) | Place::Page => "mark".to_owned(),
    };
    let text = match finding.code.as_str() {
        "stamp_missing" => words.t("web-mark-stamp-missing"),
        "signature_missing" => words.t("web-mark-signature-missing"),
        _ => words.with_facts(&finding_text(finding, words.lang)),
    };
    html! { li class=(class) { span { (text) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_turns_with_its_page() {
        assert_eq!(turned((0.1, 0.2), 0), (0.1, 0.2));
        assert_eq!(turned((0.25, 0.5), 1), (0.5, 0.25));
        assert_eq!(turned((0.25, 0.5), 2), (0.75, 0.5));
        assert_eq!(turned((0.25, 0.0), 3), (0.0, 0.75));
        let cut = Finding::new("text_cut", Some(1), Severity::Warning).with("side", "left");
        let page = |turned| ScanPage { turned, ..page() };
        let side = |turned| match place(&cut, &page(turned)) {
            Place::Side(side) => side,
            _ => "",
        };
        assert_eq!([side(0), side(90), side(180), side(270)], ["left", "top", "right", "bottom"]);
    }

    fn page() -> ScanPage {
        ScanPage {
            source_sha256: crate::document::Sha256(String::new()),
            source_name: String::new(),
            index: 0,
            width: 10,
            height: 20,
            colour: crate::scan::Colour::Rgb,
            dpi: crate::scan::Dpi { x: 100.0, y: 100.0, origin: crate::scan::DpiOrigin::File },
            findings: Vec::new(),
            mark: None,
            turned: 0,
            look: Box::default(),
        }
    }
}
