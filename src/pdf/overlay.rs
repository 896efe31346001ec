//! What lies over the content of a page: the appearances of its annotations, among them visible signatures (ISO 32000-1
//! 12.5.5). A renderer of contents alone does not draw them; here they become the content of a page of their own, in a copy
//! that is drawn and then forgotten.

use lopdf::{Dictionary, Object};

use crate::error::Result;

use super::append::Revision;
use super::raw::{self, RawDict};
use super::read::{Base, ObjectId};
use super::sections::damaged;

/// Most annotations of a page that are drawn (our limit).
const MOST: usize = 500;
/// Annotation flags Hidden and NoView (12.5.3).
const UNSEEN: i64 = 2 + 32;

/// What the annotations are drawn on. What they hide, and how far, is told from both together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Black.
    Black,
    /// White.
    White,
}

/// The file with the page, counted from 0, replaced by what its annotations show there on plain ground; none when nothing lies
/// over the page.
///
/// # Errors
/// [`crate::error::kinds::BASE_DAMAGED`] when the structure cannot be read.
pub fn alone(bytes: &[u8], index: usize, ground: Ground) -> Result<Option<Vec<u8>>> {
    let base = Base::open(bytes)?;
    let Some(page) = base.pages(index.saturating_add(1))?.into_iter().nth(index) else { return Ok(None) };
    let dictionary = base.dictionary(page.id)?;
    let annotations = base.entry(dictionary, "Annots").and_then(|a| a.as_array().ok());
    let annotations = annotations.into_iter().flatten().take(MOST);
    let shown: Vec<(ObjectId, [f32; 6])> = annotations.filter_map(|item| shown(&base, item)).collect();
    if shown.is_empty() {
        return Ok(None);
    }
    let mut revision = Revision::new(&base)?;
    let content = revision.allocate()?;
    revision.put(content, &drawing(&shown, page.area, ground))?;
    let forms: String =
        (0..).zip(&shown).map(|(at, (id, _)): (u32, _)| format!("/A{at} {} {} R", id.0, id.1)).collect();
    let page_bytes = base.raw_object(page.id)?;
    let mut page_dictionary = RawDict::parse(&page_bytes).ok_or_else(|| damaged("/Page"))?;
    page_dictionary.set("Contents", format!("{content} 0 R").into_bytes());
    page_dictionary.set("Resources", format!("<</XObject<<{forms}>>>>").into_bytes());
    revision.replace(page.id, &page_dictionary.to_bytes())?;
    Ok(Some(revision.finish()?.into_bytes()))
}

fn drawing(shown: &[(ObjectId, [f32; 6])], area: [f32; 4], ground: Ground) -> Vec<u8> {
    let [left, bottom, right, top] = area;
    let grey = if ground == Ground::White { 1 } else { 0 };
    let ground = format!("q {grey} g {left} {bottom} {} {} re f Q\n", right - left, top - bottom);
    let draw = |(at, (_, [a, b, c, d, e, f])): (u32, &(ObjectId, [f32; 6]))| {
        format!("q {a} {b} {c} {d} {e} {f} cm /A{at} Do Q\n")
    };
    let content: String = std::iter::once(ground).chain((0..).zip(shown).map(draw)).collect();
    format!("<</Length {}>>stream\n{content}\nendstream", content.len()).into_bytes()
}

/// The form of an annotation that is seen, and the matrix that puts it on the page.
fn shown(base: &Base, annotation: &Object) -> Option<(ObjectId, [f32; 6])> {
    let annotation = base.follow(annotation)?.as_dict().ok()?;
    let flags = base.entry(annotation, "F").and_then(|f| f.as_i64().ok()).unwrap_or(0);
    let popup = base.entry(annotation, "Subtype").and_then(|s| s.as_name().ok()) == Some(b"Popup");
    if popup || flags & UNSEEN != 0 {
        return None;
    }
    let form = normal(base, annotation)?;
    let dictionary = base.raw_object(form).ok()?;
    let dictionary = RawDict::parse(&dictionary)?;
    let rectangle = base.rectangle(base.entry(annotation, "Rect")?)?;
    let bounds: [f32; 4] = numbers(dictionary.get("BBox")?)?;
    let matrix = dictionary.get("Matrix").and_then(numbers).unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    Some((form, fitted(bounds, matrix, rectangle)?))
}

/// The normal appearance: a form, or one of several by the state of the annotation (12.5.5).
fn normal(base: &Base, annotation: &Dictionary) -> Option<ObjectId> {
    let appearances = base.entry(annotation, "AP")?.as_dict().ok()?;
    let normal = appearances.get(b"N").ok()?;
    // The content of a form is not held here, so what leads to no dictionary is a form.
    match base.follow(normal).and_then(|object| object.as_dict().ok()) {
        Some(states) if !states.has(b"BBox") => {
            let state = base.entry(annotation, "AS")?.as_name().ok()?;
            states.get(state).and_then(Object::as_reference).ok()
        }
        _ => normal.as_reference().ok(),
    }
}

fn numbers<const N: usize>(array: &[u8]) -> Option<[f32; N]> {
    let number = |item: &[u8]| std::str::from_utf8(item).ok()?.parse::<f32>().ok().filter(|n| n.is_finite());
    let all: Vec<f32> = raw::array(array)?.into_iter().map(number).collect::<Option<_>>()?;
    all.try_into().ok()
}

/// What maps the form's box, turned by its own matrix, onto the rectangle of the annotation (12.5.5, algorithm 8.1).
fn fitted(bounds: [f32; 4], matrix: [f32; 6], rectangle: [f32; 4]) -> Option<[f32; 6]> {
    let [a, b, c, d, e, f] = matrix;
    let corners = [(0, 1), (2, 1), (0, 3), (2, 3)].map(|(x, y)| {
        let (x, y) = (bounds[x], bounds[y]);
        (a * x + c * y + e, b * x + d * y + f)
    });
    let least = |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).fold(f32::INFINITY, f32::min);
    let most = |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).fold(f32::NEG_INFINITY, f32::max);
    let (left, right) = (least(|p| p.0), most(|p| p.0));
    let (bottom, top) = (least(|p| p.1), most(|p| p.1));
    if right - left <= 0.0 || top - bottom <= 0.0 {
        return None;
    }
    let x = (rectangle[2] - rectangle[0]) / (right - left);
    let y = (rectangle[3] - rectangle[1]) / (top - bottom);
    Some([x, 0.0, 0.0, y, rectangle[0] - left * x, rectangle[1] - bottom * y])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_fills_its_rectangle_however_it_is_turned() {
        let upright = fitted([0.0, 0.0, 10.0, 20.0], [1.0, 0.0, 0.0, 1.0, 0.0, 0.0], [5.0, 6.0, 25.0, 46.0]);
        assert_eq!(upright, Some([2.0, 0.0, 0.0, 2.0, 5.0, 6.0]));
        // Turned by a quarter, as on a page that is displayed lying: its width goes upwards.
        let turned = fitted([0.0, 0.0, 10.0, 20.0], [0.0, 1.0, -1.0, 0.0, 20.0, 0.0], [0.0, 0.0, 20.0, 10.0]);
        assert_eq!(turned, Some([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]));
        assert_eq!(fitted([0.0; 4], [1.0, 0.0, 0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]), None);
    }
}
