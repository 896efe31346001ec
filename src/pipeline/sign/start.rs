//! What a batch begins with: the services that it asks, the documents that are left to sign, and what all of them share.

use std::sync::Arc;

use crate::document::Sha256;
use crate::error::{Result, kinds};
use crate::event::Front;
use crate::profile::Level;
use crate::sign::{Role, Session, Signer};
use crate::verify::Verifier;

use super::super::Desk;
use super::Request;
use super::feed::Planned;
use super::job::Batch;
use super::longterm::Archiver;
use super::stamp::{Stamper, stamper};

/// What the new versions are called, and, where archived documents are signed once more, those that this key has not signed for
/// this reason yet: a run that was cut off goes on where it ended.
pub(super) async fn again(
    desk: &Desk,
    request: &Request,
    session: &dyn Session,
    mut documents: Vec<Planned>,
) -> Result<(String, usize, Vec<Planned>)> {
    let Some(reason) = &request.resign else {
        return Ok((format!("sign:{}", request.role.as_str()), 0, documents));
    };
    // A higher level is another run, though the reason is the same.
    let level = request.level.map(|level| format!("\n{level:?}")).unwrap_or_default();
    let run = Sha256::of(&[session.certificate(), b"\n", reason.as_bytes(), level.as_bytes()].concat());
    let label = format!("resign:{}", run.0.get(..16).unwrap_or_default());
    let known = desk.store.documents_with(&label).await?;
    let before = documents.len();
    documents.retain(|planned| !known.contains(&planned.id));
    Ok((label, before - documents.len(), documents))
}

/// The services are asked on a thread that may wait.
pub(super) async fn stamping(desk: &Desk, level: Level) -> Result<Option<Arc<Stamper>>> {
    let (station, trust) = (desk.workspace.station.clone(), desk.workspace.trust()?);
    let ask = move || stamper(Some(&station), &trust, level);
    let found = tokio::task::spawn_blocking(ask).await.map_err(|e| kinds::INTERNAL.with("cause", &e))?;
    found.map(|stamper| stamper.map(Arc::new))
}

/// The services that know about revocation are asked on a thread that may wait, before the first document.
pub(super) async fn archiving(
    desk: &Desk,
    level: Level,
    session: &dyn Session,
) -> Result<Option<Arc<Archiver>>> {
    let Some(archiver) = Archiver::of(level, &desk.workspace.trust()?, Some(&desk.workspace.root)) else {
        return Ok(None);
    };
    let archiver = Arc::new(archiver);
    let (warmed, certificate) = (archiver.clone(), session.certificate().to_vec());
    let chain = session.chain().to_vec();
    let warm = tokio::task::spawn_blocking(move || warmed.warm(&certificate, &chain));
    warm.await.map_err(|e| kinds::INTERNAL.with("cause", &e))??;
    Ok(Some(archiver))
}

/// What all documents of a batch share.
pub(super) fn batch(
    desk: &Desk,
    role: Role,
    session: &dyn Session,
    (stamper, archiver): (Option<Arc<Stamper>>, Option<Arc<Archiver>>),
    front: &dyn Front,
) -> Result<Batch> {
    let room = stamper.as_ref().map_or(0, |stamper| stamper.room());
    Ok(Batch {
        workspace: desk.workspace.clone(),
        blobs: desk.store.blobs().clone(),
        role,
        verifier: Verifier::new(desk.workspace.trust()?),
        lang: front.lang(),
        signer: Signer::of(session, room)?,
        stamper,
        archiver,
        resign: None,
        store: desk.store.clone(),
        runtime: tokio::runtime::Handle::current(),
        picture: std::sync::OnceLock::new(),
    })
}
