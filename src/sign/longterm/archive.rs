//! A revision with a document time stamp (ETSI EN 319 142-1 5.4.3; ISO 32000-2 12.8.5): it proves that everything before it,
//! the evidence of earlier revisions included, existed at its time.

use crate::error::Result;
use crate::pdf::append::Revision;
use crate::pdf::read::Base;
use crate::sign::field::{self, Field};
use crate::sign::timestamp::Services;
use crate::sign::{Digest, byte_range, signing};

/// Stem of the field's name; no dots, which would make a tree of fields.
const STEM: &str = "timestamp";
/// /M and /Reason are left out (5.4.3): the token states the time, and nobody states a reason.
const ENTRIES: &[u8] = b"/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161";

/// The file with a document time stamp behind it; none without a service that answers.
///
/// # Errors
/// [`crate::error::kinds::CLOCK_WRONG`]; a refusal of the file (`base_...`).
pub(super) fn append(bytes: &[u8], services: &Services) -> Result<Option<Vec<u8>>> {
    let Some(room) = services.room()? else { return Ok(None) };
    let (tail, slot) = {
        let base = Base::open(bytes)?;
        field::check_static(&base)?;
        let mut revision = Revision::new(&base)?;
        let page = base.first_page()?;
        let signature = revision.allocate()?;
        let (body, slot) = byte_range::dictionary(ENTRIES, room);
        let offset = revision.put(signature, &body)?;
        let name = field::numbered(&base.field_names()?, STEM);
        field::add(&mut revision, &Field { name, signature, page: page.id, lock: None, visible: None })?;
        (revision.close()?, slot.at(offset))
    };
    let mut file = tail.behind(bytes.to_vec())?;
    slot.seal_range(&mut file, Digest::Sha256)?;
    let (start, end) = slot.gap();
    let part = |range: std::ops::Range<usize>| file.bytes().get(range).unwrap_or_default();
    let token = services.stamp(&[part(0..start), part(end..file.bytes().len())])?;
    // A service that took over may give longer tokens than the one that was asked for the room.
    let Some(token) = token.filter(|token| token.der.len() <= room) else {
        return Ok(None);
    };
    slot.fill(&mut file, &token.der)?;
    signing::check(file.bytes(), &slot)?;
    Ok(Some(file.into_bytes()))
}
