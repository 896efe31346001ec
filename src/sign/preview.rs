//! A signature as it will show, before it is made: the revision that the key would close, with the form where it will stand
//! and nothing in the place of the signature. It is drawn for a person and then forgotten; it is never kept or sent.

use super::Intent;
use super::field;
use super::signing::{field_name, revise};
use crate::error::{Result, kinds};
use crate::pdf::append::Revision;
use crate::pdf::read::{Base, PageBox};

/// Most pages among which the one with the form is looked for.
const MAX_PAGES: usize = 2_000;

/// How a signature will show.
#[derive(Debug)]
pub struct Preview {
    /// The file with the form on it and without a signature.
    pub bytes: Vec<u8>,
    /// Page of the form, counted from 1.
    pub page: usize,
    /// Width and height of that page as it is displayed, points.
    pub size: (f32, f32),
    /// The form on it: left, top, right, bottom in points from its left and upper edge as it is displayed.
    pub area: [f32; 4],
}

/// How the signature that `intent` speaks of will show; none when it is invisible. `signer` is the name on the certificate.
///
/// # Errors
/// As [`super::prepare`], as far as no key is needed.
pub fn preview(bytes: &[u8], signer: &str, intent: &Intent) -> Result<Option<Preview>> {
    if intent.visible.is_none() {
        return Ok(None);
    }
    let bytes = {
        let base = Base::open(bytes)?;
        let name = field_name(&base, intent.role)?;
        field::check_allowed(&base, true)?;
        let (revision, _) = revise(Revision::new(&base)?, intent, signer, name, 0)?;
        revision.finish()?.into_bytes()
    };
    let (page, size, area) = {
        let base = Base::open(&bytes)?;
        let lost = || kinds::INTERNAL.with("cause", "a form without a place");
        let (id, rectangle) = field::last_place(&base)?.ok_or_else(lost)?;
        let pages = base.pages(MAX_PAGES)?;
        let at = pages.iter().position(|page| page.id == id).ok_or_else(lost)?;
        let page = pages.get(at).ok_or_else(lost)?;
        (at + 1, page.size(), displayed(page, rectangle))
    };
    Ok(Some(Preview { bytes, page, size, area }))
}

/// A rectangle of user space as it is displayed.
fn displayed(page: &PageBox, [west, south, east, north]: [f32; 4]) -> [f32; 4] {
    let corner = |x: f32, y: f32| page.displayed(f64::from(x), f64::from(y));
    let (a, b) = (corner(west, south), corner(east, north));
    [a.0.min(b.0) as f32, a.1.min(b.1) as f32, a.0.max(b.0) as f32, a.1.max(b.1) as f32]
}
