//! One document to one destination: probe, send, probe again. The last probe is the proof.

use crate::error::{Error, Result, kinds};
use crate::store::{Job, Store};

use super::{Config, Kind, Parcel, Probe, Put, Receipt, Shared, ask, company, why};

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
    let (mut parcel, blobs, word) = (job.parcel.clone(), store.blobs().clone(), config.word);
    let (ticket, again) = (job.ticket.clone(), job.again);
    let known = ask(destination, move |d| {
        for file in parcel.written_in.iter().filter(|_| word) {
            parcel.along.push((parcel.along_name(file), blobs.read(&file.sha256)?));
        }
        if !again && d.put_is_probe() {
            return Ok((parcel, Probe::Absent, None));
        }
        let known = d.probe(&parcel, ticket.as_deref())?;
        // An earlier run may have been cut off in the middle of sending.
        if again && known != Probe::Underway {
            d.sweep(&parcel);
        }
        let taken = if again && known == Probe::Absent { d.taken(&parcel)? } else { None };
        Ok((parcel, known, taken))
    });
    let mut parcel = match known.await? {
        (_, Probe::There(receipt), _) => return Ok(Outcome::Arrived(receipt)),
        (_, Probe::Underway, _) => return Ok(Outcome::Underway),
        (parcel, Probe::Absent, Some(ticket)) => {
            return proof(store, config, destination, job, parcel, Some(ticket)).await;
        }
        (parcel, Probe::Absent, None) => parcel,
    };
    if on_axis {
        parcel.along = company::files(store, job).await?;
    }
    store.keep_claim(job).await?;
    let blobs = store.blobs().clone();
    let put = ask(destination, move |d| {
        let put = d.put(&parcel, &blobs.read(&parcel.sha256)?)?;
        Ok((parcel, put))
    });
    match put.await? {
        (_, Put::Done(receipt)) => Ok(Outcome::Arrived(receipt)),
        // Under that name lies what we have just put there.
        (parcel, Put::Stored) => {
            proof(store, config, destination, job, parcel, None).await.map_err(rewritten)
        }
        (parcel, Put::Occupied) => proof(store, config, destination, job, parcel, None).await,
        (parcel, Put::Ticket(ticket)) => proof(store, config, destination, job, parcel, Some(ticket)).await,
    }
}

/// Asks for what was handed over.
async fn proof(
    store: &Store,
    config: &Config,
    destination: &Shared,
    job: &Job,
    parcel: Parcel,
    ticket: Option<String>,
) -> Result<Outcome> {
    let parcel = Parcel { asked_again: false, ..parcel };
    if let Some(ticket) = &ticket {
        // Durable before anything else: by it a later run asks instead of sending again.
        store.keep_ticket(job, ticket).await?;
    }
    let proof = ask(destination, move |d| d.probe(&parcel, ticket.as_deref())).await?;
    match proof {
        Probe::There(receipt) => Ok(Outcome::Arrived(receipt)),
        Probe::Underway => Ok(Outcome::Underway),
        Probe::Absent => Err(why::not_kept(&config.name)),
    }
}

/// Other bytes than those that were just written: the destination changes what it is given.
fn rewritten(error: Error) -> Error {
    match (error.code() == kinds::DESTINATION_CONFLICT.code, error.arg("destination")) {
        (true, Some(destination)) => kinds::DESTINATION_REWRITES.with("destination", destination),
        _ => error,
    }
}
