//! Documents that are signed or delivered on another machine: bundles out, bundles in. What a bundle says about a document is
//! believed for its description only; where it stands follows from its signatures, judged here.

use std::path::Path;

use jiff::Timestamp;

use crate::document::{Document, DocumentId, Finding, Route, Severity, Sha256};
use crate::error::{Error, Result, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::handover::{self, Identity, Item, List, Opened, Origin, Purpose, SCHEMA};
use crate::locales::Lang;
use crate::pdf::{self, ArchivalPdf, IssuedPdf};
use crate::profile::Form;
use crate::sign::{Role, Signed};
use crate::store::{HandedOver, NewRevision, SignatureRow, State, Stored};
use crate::verify::{self, Trust};

use super::wording::moment;
use super::{Desk, Selection, Turn, sign, take};

/// What an export came to.
#[derive(Debug)]
pub struct Exported {
    /// Documents in the bundle.
    pub documents: Vec<DocumentId>,
    /// Fingerprint of this station's key, for the people at the other machine.
    pub fingerprint: Sha256,
}

/// The documents that a bundle for `purpose` takes.
///
/// # Errors
/// [`kinds::WRONG_STATE`] for a named document that does not wait for it; [`kinds::NOTHING_TO_DO`].
pub async fn plan(desk: &Desk, selection: &Selection, purpose: Purpose) -> Result<Vec<Stored>> {
    let states = match purpose {
        Purpose::Personal => vec![State::Built, State::PartlySigned],
        Purpose::Organization => vec![State::Built, State::Signed],
        Purpose::Delivery => {
            vec![State::Sealed, State::Queued, State::Sent, State::Accepted, State::Delivered]
        }
    };
    let fits = |stored: &Stored| {
        let form = desk.form(stored);
        states.contains(&stored.state)
            && match purpose {
                Purpose::Personal => form == Form::ReSign,
                Purpose::Organization => stored.state == State::Signed || form == Form::SaoY,
                Purpose::Delivery => true,
            }
    };
    let mut documents = desk.select(selection, &states).await?;
    if let Some(other) = documents.iter().find(|s| !selection.documents.is_empty() && !fits(s)) {
        let wanted = states.last().copied().unwrap_or(State::Built);
        return Err(kinds::WRONG_STATE.with("state", other.state).with("wanted", wanted));
    }
    documents.retain(fits);
    if documents.is_empty() { Err(kinds::NOTHING_TO_DO.error()) } else { Ok(documents) }
}

/// Says which of these documents went to another machine already, as they are now: two machines may sign one document twice.
///
/// # Errors
/// A store error.
pub async fn tell_again(desk: &Desk, documents: &[Stored], front: &dyn Front) -> Result<()> {
    for stored in documents {
        if let Some(before) = desk.store.handed_over(stored).await? {
            let finding = Finding::new("handed_over_before", None, Severity::Warning);
            let finding = finding.with("at", &before.at).with("purpose", before.purpose.as_str());
            let id = stored.id.to_string();
            front.tell(&Event::finding(&finding, Subject::Document(&id), front.lang()));
        }
    }
    Ok(())
}

/// Writes the latest versions of `documents` into a new bundle. They stay here as well, as they are.
///
/// # Errors
/// A disk, blob or store error.
pub async fn export(
    desk: &Desk,
    documents: Vec<Stored>,
    purpose: Purpose,
    output: &Path,
) -> Result<Exported> {
    let identity = Identity::of(&desk.workspace.root)?;
    let mut list = List {
        schema: SCHEMA,
        station: desk.workspace.station.station.name.clone(),
        office: desk.workspace.station.office.name.clone(),
        purpose,
        made_at: Timestamp::now(),
        drill: desk.workspace.is_drill(),
        outages: Vec::new(),
        documents: Vec::new(),
    };
    for stored in &documents {
        list.documents.push(item(desk, stored, &identity).await?);
        let reference = &stored.document.outage;
        if !reference.is_empty() && !list.outages.iter().any(|known| known.reference == *reference) {
            list.outages.push(desk.store.outage(reference).await?);
        }
    }
    let (blobs, path, written) = (desk.store.blobs().clone(), output.to_owned(), list.clone());
    let fingerprint = identity.fingerprint();
    let runtime = tokio::runtime::Handle::current();
    let write =
        move || handover::write(&path, &written, &identity, |item| runtime.block_on(blobs.get(&item.sha256)));
    tokio::task::spawn_blocking(write).await.map_err(|e| kinds::INTERNAL.with("cause", &e))??;
    let ids: Vec<DocumentId> = documents.iter().map(|stored| stored.id).collect();
    let at = moment(list.made_at, desk.workspace.profile.utc_offset_minutes);
    for (stored, item) in documents.iter().zip(&list.documents) {
        let handed = HandedOver { purpose, at: at.clone(), sha256: item.sha256.clone() };
        desk.store.hand_over(stored.id, &handed).await?;
    }
    Ok(Exported { documents: ids, fingerprint })
}

async fn item(desk: &Desk, stored: &Stored, identity: &Identity) -> Result<Item> {
    let sha256 = stored.latest.clone().ok_or_else(|| kinds::NOT_BUILT.with("document", stored.id))?;
    let here = || Origin { station: identity.fingerprint(), document: stored.id.to_string() };
    Ok(Item {
        file: format!("{}.pdf", stored.id),
        origin: desk.store.origin(stored.id).await?.unwrap_or_else(here),
        state: stored.state,
        sha256,
        bytes: stored.bytes_out,
        bytes_in: stored.bytes_in,
        document: stored.document.clone(),
    })
}

/// Takes a bundle over: new documents come in, known ones get their new signatures, the same bundle again changes nothing.
///
/// # Errors
/// [`kinds::BUNDLE_CHANGED`], [`kinds::STATION_UNKNOWN`], [`kinds::DRILL_MIXED`] before anything is taken over; what single
/// documents refuse is told and tallied.
pub async fn import(desk: &Desk, file: &Path, from: Option<&str>, front: &dyn Front) -> Result<Tally> {
    let path = file.to_owned();
    let opened = tokio::task::spawn_blocking(move || handover::open(&path)).await;
    let mut opened = opened.map_err(|e| kinds::INTERNAL.with("cause", &e))??;
    if opened.list.drill != desk.workspace.is_drill() {
        return Err(kinds::DRILL_MIXED.error());
    }
    let home = Identity::of(&desk.workspace.root)?.fingerprint();
    known(desk, &opened, &home, from).await?;
    for outage in &opened.list.outages {
        match desk.store.open_outage(outage).await {
            Err(error) if error.code() == kinds::OUTAGE_EXISTS.code => {}
            other => other?,
        }
    }
    let trust = desk.workspace.trust()?;
    let mut tally = Tally::default();
    front.begin("import", opened.list.documents.len() as u64);
    for item in opened.list.documents.clone() {
        let bytes = opened.bytes(&item)?;
        match take_over(desk, &item, bytes, &trust, &home, front).await {
            Ok(()) => tally.done += 1,
            Err(error) => {
                let subject = item.origin.document.clone();
                front.tell(&Event::error(&error, Some(Subject::Document(&subject)), front.lang()));
                tally.failed(&error);
            }
        }
        front.advance(1);
    }
    front.end();
    Ok(tally)
}

/// The list was signed by a station whose fingerprint a person has compared, now or before; one knows oneself.
async fn known(desk: &Desk, opened: &Opened, home: &Sha256, from: Option<&str>) -> Result<()> {
    if opened.station == *home || desk.store.knows_station(&opened.station).await? {
        return Ok(());
    }
    if from.is_some_and(|typed| super::anchors::digits(typed) == opened.station.0) {
        return desk.store.know_station(&opened.station, &opened.list.station).await;
    }
    Err(kinds::STATION_UNKNOWN
        .with("station", &opened.list.station)
        .with("office", &opened.list.office)
        .with("fingerprint", super::anchors::grouped(&opened.station)))
}

async fn take_over(
    desk: &Desk,
    item: &Item,
    bytes: Vec<u8>,
    trust: &Trust,
    home: &Sha256,
    front: &dyn Front,
) -> Result<()> {
    let own = match item.origin.station == *home {
        true => Some(sign::document_id(&item.origin.document)?),
        false => desk.store.received(&item.document.outage, &item.origin).await?,
    };
    let lang = front.lang();
    let (id, new) = match own {
        None => (receive(desk, item, bytes, trust, lang).await?, true),
        Some(id) => (id, go_on(desk, id, bytes, trust, lang).await?),
    };
    if !new {
        let finding = Finding::new("already_imported", None, Severity::Info);
        front.tell(&Event::finding(&finding, Subject::Document(&id.to_string()), lang));
    }
    front.tell(&Event::new("document", desk.store.record(id).await?));
    Ok(())
}

/// Where a file stands by what it is: PDF/A, its outage inside, its signatures judged here and now.
struct Judged {
    state: State,
    rows: Vec<SignatureRow>,
}

fn judge(desk: &Desk, document: &Document, bytes: &[u8], trust: &Trust, lang: Lang) -> Result<Judged> {
    let form = document.form(desk.workspace.profile.recovery.form);
    if pdf::signature_count(bytes)? == 0 {
        match document.born {
            Some(_) => drop(IssuedPdf::open(bytes.to_vec())?),
            None => drop(ArchivalPdf::open(bytes.to_vec())?),
        }
        return Ok(Judged { state: State::Built, rows: Vec::new() });
    }
    let verified = verify::check(Signed::open(bytes.to_vec())?, trust, Timestamp::now());
    let verified = verified.map_err(|refused| sign::refusal(refused.1.in_language(lang)))?;
    let sealed =
        verified.report().signatures.iter().any(|s| s.role.as_deref() == Some(Role::Organization.as_str()));
    let persons = verified.personal_signatures();
    let wanted = desk.workspace.profile.chain(document)?.personal.len();
    let state = match (sealed, form) {
        (true, Form::ReSign) if persons < wanted => {
            return Err(kinds::ROLE_MISSING.with("present", persons).with("wanted", wanted));
        }
        (true, _) => State::Sealed,
        (false, _) if persons >= wanted && document.route == Route::Internal => State::Closed,
        (false, _) if persons >= wanted => State::Signed,
        (false, _) => State::PartlySigned,
    };
    let rows = verified.report().signatures.iter().map(SignatureRow::from_report).collect();
    Ok(Judged { state, rows })
}

async fn receive(desk: &Desk, item: &Item, bytes: Vec<u8>, trust: &Trust, lang: Lang) -> Result<DocumentId> {
    let outage = pdf::recovery(&bytes)?.map(|recovery| recovery.outage_reference);
    let wanted = item.document.born.is_none().then(|| item.document.outage.clone());
    if outage != wanted {
        return Err(kinds::BUNDLE_CHANGED.with("what", &item.file));
    }
    let judged = judge(desk, &item.document, &bytes, trust, lang)?;
    let sha256 = desk.store.blobs().put(&bytes).await?;
    let revision =
        NewRevision { sha256: &sha256, bytes: bytes.len(), reason: "import", signatures: &judged.rows };
    desk.store.receive(&item.document, &item.origin, judged.state, item.bytes_in, &revision).await
}

/// A document that is here gets what was appended elsewhere; gives whether there was anything new.
async fn go_on(desk: &Desk, id: DocumentId, bytes: Vec<u8>, trust: &Trust, lang: Lang) -> Result<bool> {
    let stored = desk.store.document(id).await?;
    let latest = desk.store.latest(&stored).await?;
    if latest.starts_with(&bytes) {
        return Ok(false);
    }
    let conflict = || -> Error { kinds::HANDOVER_CONFLICT.with("document", id) };
    if !bytes.starts_with(&latest) {
        return Err(conflict());
    }
    let judged = judge(desk, &stored.document, &bytes, trust, lang)?;
    if !stored.state.may_become(judged.state) {
        return Err(conflict());
    }
    let Turn::Ours(step) = take(&desk.store, id, stored.state).await? else { return Err(conflict()) };
    let sha256 = desk.store.blobs().put(&bytes).await?;
    let revision =
        NewRevision { sha256: &sha256, bytes: bytes.len(), reason: "import", signatures: &judged.rows };
    desk.store.advance(&step, judged.state, &revision).await?;
    Ok(true)
}
