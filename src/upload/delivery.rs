//! One document to one destination: probe, send, probe again. The last probe is the proof.

use crate::error::{Result, kinds};
use crate::store::{Job, Store};

use super::{Config, Kind, Probe, Put, Receipt, Shared, ask, company};

/// What one attempt came to.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It is there.
    Arrived(Receipt),
    /// The system has it and is not done with it; it is asked again later, never given it again.
    Underway,
}

/// Delivers a claimed document, or finds it there already.
///
/// # Errors
/// What the destination or the store refused.
pub(super) async fn deliver(
    store: &Store,
    config: &Config,
    destination: &Shared,
    job: &Job,
) -> Result<Outcome> {
    if job.drill != config.drill {
        return Err(kinds::DESTINATION_DRILL.with("destination", &config.name));
    }
    let on_axis = config.kind == Kind::Edxml;
    if on_axis && let Some(outcome) = company::inside(store, config, job).await? {
        return Ok(outcome);
    }
    let (parcel, ticket, again) = (job.parcel.clone(), job.ticket.clone(), job.again);
    let known = ask(destination, move |d| {
        if !again && d.put_is_probe() {
            return Ok((Probe::Absent, None));
        }
        let known = d.probe(&parcel, ticket.as_deref())?;
        // An earlier run may have been cut off in the middle of sending.
        if again && known != Probe::Underway {
            d.sweep(&parcel);
        }
        let taken = if again && known == Probe::Absent { d.taken(&parcel)? } else { None };
        Ok((known, taken))
    });
    match known.await? {
        (Probe::There(receipt), _) => return Ok(Outcome::Arrived(receipt)),
        (Probe::Underway, _) => return Ok(Outcome::Underway),
        (Probe::Absent, Some(ticket)) => return proof(store, config, destination, job, Some(ticket)).await,
        (Probe::Absent, None) => {}
    }
    let (mut parcel, blobs, word) = (job.parcel.clone(), store.blobs().clone(), config.word);
    if on_axis {
        parcel.along = company::files(store, job).await?;
    }
    let put = ask(destination, move |d| {
        for file in parcel.written_in.iter().filter(|_| word) {
            parcel.along.push((parcel.along_name(file), blobs.read(&file.sha256)?));
        }
        d.put(&parcel, &blobs.read(&parcel.sha256)?)
    });
    let put = put.await?;
    match put {
        Put::Done(receipt) => Ok(Outcome::Arrived(receipt)),
        Put::Stored => proof(store, config, destination, job, None).await,
        Put::Ticket(ticket) => proof(store, config, destination, job, Some(ticket)).await,
    }
}

/// Asks for what was handed over.
async fn proof(
    store: &Store,
    config: &Config,
    destination: &Shared,
    job: &Job,
    ticket: Option<String>,
) -> Result<Outcome> {
    if let Some(ticket) = &ticket {
        // Durable before anything else: by it a later run asks instead of sending again.
        store.keep_ticket(job, ticket).await?;
    }
    let parcel = job.parcel.clone();
    let proof = ask(destination, move |d| d.probe(&parcel, ticket.as_deref())).await?;
    match proof {
        Probe::There(receipt) => Ok(Outcome::Arrived(receipt)),
        Probe::Underway => Ok(Outcome::Underway),
        Probe::Absent => Err(kinds::DESTINATION_AWAY
            .with("destination", &config.name)
            .with("cause", "the file did not stay")),
    }
}
