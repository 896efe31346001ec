//! Where the picture of a visible signature stands: by rule, beside a text, or where a person says (Decree 30/2020 Appendix I
//! Part I II.7.d and II.8.a). Where it would cover text, that is said.

use serde::{Deserialize, Serialize};

use super::Role;
use super::field;
use super::picture::{Picture, Placed};
use crate::error::{Result, kinds};
use crate::pdf::lines::{Line, Text};
use crate::pdf::read::{Base, PageBox};

/// Most pages that are looked at, from the end: signatures stand there.
const MAX_PAGES: usize = 2_000;
const SEARCHED: usize = 20;
/// Share of a person's signature that the seal covers, on its left (II.8.a).
const COVERED: f32 = 1.0 / 3.0;
/// Farthest line above the name that still is the signer's position, points; a signature needs about 30 mm.
const FARTHEST: f32 = 170.0;
/// Least distance between the name and a picture above it, points.
const DISTANCE: f32 = 2.0;
/// A picture that fills more than this share of a page is a scan of it.
const PAPER: f32 = 0.8;
/// Two areas that share less than this in either direction, points, only touch.
const TOUCH: f32 = 2.0;
const POINTS_PER_MM: f32 = 72.0 / 25.4;

/// Where the picture is wanted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// A person's above the name of the signer; the organization's over the left third of the person's.
    ByRule,
    /// Above this line of text.
    Above(String),
    /// On this page, counted from 1, millimetres from its left and upper edge as it is displayed.
    At {
        /// Page.
        page: usize,
        /// Left edge.
        left: f32,
        /// Upper edge.
        top: f32,
    },
}

impl std::str::FromStr for Wanted {
    type Err = ();

    /// `PAGE:LEFT,TOP` in millimetres.
    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let (page, place) = text.split_once(':').ok_or(())?;
        let (left, top) = place.split_once(',').ok_or(())?;
        let number = |text: &str| text.trim().parse::<f32>().ok().filter(|n| n.is_finite());
        let page = page.trim().parse().ok().filter(|page| *page > 0);
        match (page, number(left), number(top)) {
            (Some(page), Some(left), Some(top)) => Ok(Self::At { page, left, top }),
            _ => Err(()),
        }
    }
}

/// Content of a page that a visible signature covers.
#[derive(Clone, Debug, PartialEq)]
pub enum Covered {
    /// A line of text.
    Line(String),
    /// A picture, or several. One that fills the page, as a scan does, is its paper.
    Picture,
}

/// Finds the place; gives also what the picture covers there. `signer` is the name on the certificate.
///
/// # Errors
/// [`kinds::FORM_NO_PLACE`], [`kinds::FORM_OUTSIDE`]; an error of the file.
pub fn place(
    base: &Base,
    role: Role,
    picture: Picture,
    signer: &str,
    wanted: &Wanted,
) -> Result<(Placed, Vec<Covered>)> {
    let pages = base.pages(MAX_PAGES)?;
    let text = Text::open(base.bytes());
    let above = |name: &str| above(&pages, text.as_ref(), &picture, name);
    let (page, left, top) = match wanted {
        Wanted::At { page, left, top } => {
            let found = page.checked_sub(1).and_then(|index| pages.get(index));
            let found = found.ok_or_else(|| kinds::FORM_OUTSIDE.with("page", page))?;
            (found.clone(), left * POINTS_PER_MM, top * POINTS_PER_MM)
        }
        Wanted::Above(name) => above(name)?,
        Wanted::ByRule if role == Role::Personal => above(signer)?,
        Wanted::ByRule => over(base, &pages, &picture).map_or_else(|| above(signer), Ok)?,
    };
    let placed = Placed { picture, page, left, top };
    check_inside(&placed, &pages)?;
    let covered = text.map(|text| under(&text, &placed.page, placed.area())).unwrap_or_default();
    Ok((placed, covered))
}

/// What lies under a part of a page, counted from 1: left, top, right, bottom in points as it is displayed.
///
/// # Errors
/// An error of the file.
pub fn covered(base: &Base, page: usize, area: [f32; 4]) -> Result<Vec<Covered>> {
    let pages = base.pages(MAX_PAGES)?;
    let page = page.checked_sub(1).and_then(|index| pages.get(index));
    let text = Text::open(base.bytes());
    Ok(page.zip(text).map(|(page, text)| under(&text, page, area)).unwrap_or_default())
}

fn under(text: &Text, page: &PageBox, area: [f32; 4]) -> Vec<Covered> {
    let (lines, pictures) = text.look(page);
    let (width, height) = page.size();
    let fills = |picture: &[f32; 4]| {
        let share = (picture[2] - picture[0]) * (picture[3] - picture[1]) / (width * height);
        share > PAPER
    };
    let lines = lines.into_iter().filter(|line| overlap(line.area, area));
    let pictures = pictures.into_iter().filter(|picture| overlap(*picture, area) && !fills(picture));
    lines.map(|line| Covered::Line(line.text)).chain(pictures.take(1).map(|_| Covered::Picture)).collect()
}

fn check_inside(placed: &Placed, pages: &[PageBox]) -> Result<()> {
    let ([left, top, right, bottom], (width, height)) = (placed.area(), placed.page.size());
    let number = pages.iter().position(|page| page.id == placed.page.id).map_or(1, |index| index + 1);
    match left >= 0.0 && top >= 0.0 && right <= width && bottom <= height {
        true => Ok(()),
        false => Err(kinds::FORM_OUTSIDE.with("page", number)),
    }
}

fn overlap(a: [f32; 4], b: [f32; 4]) -> bool {
    a[2].min(b[2]) - a[0].max(b[0]) > TOUCH && a[3].min(b[3]) - a[1].max(b[1]) > TOUCH
}

/// Between the position and the name of the signer, centred on the name; the last page that has the name counts.
fn above(
    pages: &[PageBox],
    text: Option<&Text>,
    picture: &Picture,
    name: &str,
) -> Result<(PageBox, f32, f32)> {
    let wanted = folded(name);
    for page in pages.iter().rev().take(SEARCHED) {
        let lines = text.map(|text| text.lines(page)).unwrap_or_default();
        let Some(line) = lines.iter().rfind(|line| folded(&line.text).contains(&wanted)) else { continue };
        let centre = (line.area[0] + line.area[2]) / 2.0;
        let upper = lines.iter().filter(|other| is_above(other, line)).map(|other| other.area[3]);
        let room = upper.fold(f32::NEG_INFINITY, f32::max);
        let lowest = line.area[1] - DISTANCE - picture.height;
        let top = match line.area[1] - room < FARTHEST {
            true => ((room + line.area[1] - picture.height) / 2.0).min(lowest),
            false => lowest,
        };
        return Ok((page.clone(), centre - picture.width / 2.0, top));
    }
    Err(kinds::FORM_NO_PLACE.with("text", name))
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn is_above(other: &Line, line: &Line) -> bool {
    other.area[3] <= line.area[1] && other.area[0] < line.area[2] && other.area[2] > line.area[0]
}

/// Whether a signature shows on a page already.
pub fn has_shown(base: &Base) -> bool {
    field::shown(base).is_ok_and(|shown| !shown.is_empty())
}

/// Over the left third of the last person's visible signature.
fn over(base: &Base, pages: &[PageBox], picture: &Picture) -> Option<(PageBox, f32, f32)> {
    let (page, rectangle) = field::shown(base).ok()?.pop()?;
    let page = pages.iter().find(|known| known.id == page)?;
    let corner = |x: f32, y: f32| page.displayed(f64::from(x), f64::from(y));
    let (a, b) = (corner(rectangle[0], rectangle[1]), corner(rectangle[2], rectangle[3]));
    let (left, right) = (a.0.min(b.0) as f32, a.0.max(b.0) as f32);
    let middle = (a.1 + b.1) as f32 / 2.0;
    let end = left + (right - left) * COVERED;
    Some((page.clone(), (end - picture.width).max(0.0), middle - picture.height / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_in_millimetres() {
        assert_eq!("2:110,220.5".parse(), Ok(Wanted::At { page: 2, left: 110.0, top: 220.5 }));
        for bad in ["", "1", "0:1,1", "1:1", "1:NaN,2", "1:inf,2", "x:1,2"] {
            assert_eq!(bad.parse::<Wanted>(), Err(()), "{bad}");
        }
    }
}
