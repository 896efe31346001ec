//! What travels together over the exchange between agencies: attachments have no number there, so they go inside the packet of
//! their document, and arrive when it does.

use crate::document::DocumentId;
use crate::error::{Result, kinds};
use crate::store::{Job, Store};

use super::delivery::Outcome;
use super::{Config, Receipt};

/// Files of a packet beside the document: names and contents.
pub(super) type Files = Vec<(String, Vec<u8>)>;

/// What an attachment came to; none for a document, which travels by itself.
///
/// # Errors
/// [`kinds::EDXML_ALONG`] when its document did not go; a store error.
pub(super) async fn inside(store: &Store, config: &Config, job: &Job) -> Result<Option<Outcome>> {
    let stored = store.document(job.document).await?;
    let Some(place) = stored.document.born.as_ref().and_then(|born| born.attachment_of.as_ref()) else {
        return Ok(None);
    };
    let left = || kinds::EDXML_ALONG.with("document", job.document).with("other", place);
    let document: DocumentId = place.parse().map_err(|()| left())?;
    let (state, ticket) = store.delivery_of(document, &config.name).await?.ok_or_else(left)?;
    match (state.as_str(), ticket) {
        ("done", _) => {
            let receipts = store.record(document).await?.receipts;
            let receipt = receipts.into_iter().rfind(|receipt| receipt.destination == config.name);
            let receipt = receipt.ok_or_else(left)?;
            Ok(Some(Outcome::Arrived(Receipt { sha256: job.parcel.sha256.clone(), ..receipt })))
        }
        ("dead", _) => Err(left()),
        (_, Some(ticket)) => {
            // It is on its way in the packet that this number was given to.
            if job.ticket.is_none() {
                store.keep_ticket(job, &ticket).await?;
            }
            Ok(Some(Outcome::Underway))
        }
        (_, None) => Ok(Some(Outcome::Underway)),
    }
}

/// The attachments of a document as they were sealed, under the names that they came with.
///
/// # Errors
/// [`kinds::ATTACHMENT_OPEN`] when one is not sealed; a store error.
pub(super) async fn files(store: &Store, job: &Job) -> Result<Files> {
    let stored = store.document(job.document).await?;
    let mut files = Vec::new();
    for attachment in store.attachments(&stored).await? {
        let open = || kinds::ATTACHMENT_OPEN.with("document", job.document).with("other", attachment.id);
        let sha256 = attachment.latest.as_ref().filter(|_| attachment.state.is_sealed()).ok_or_else(open)?;
        let name = attachment.document.born.as_ref().map(|born| born.pdf.name.clone()).unwrap_or_default();
        files.push((name, store.blobs().read(sha256)?));
    }
    Ok(files)
}
