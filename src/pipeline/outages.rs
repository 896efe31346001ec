//! The record of an outage beside its documents: what was handed out for it, and what is left to do before it is over.

use serde::Serialize;

use crate::error::{Result, kinds};
use crate::kit::{Block, KitId};
use crate::outage::{Outage, OutageState};
use crate::store::{Filter, State};

use super::Desk;

/// What is still to be done about the paper of an outage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Left {
    /// Documents that wait for a person to mend or to accept something.
    pub held: usize,
    /// Documents that the organization has not signed yet, of those that are not held.
    pub unsealed: usize,
    /// Sealed documents that have not arrived at every place where they belong.
    pub undelivered: usize,
    /// Not every number is accounted for.
    pub unreconciled: bool,
}

impl Left {
    /// Whether nothing is left.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// What is left to do for an outage.
///
/// # Errors
/// A store error.
pub async fn left(desk: &Desk, outage: &Outage) -> Result<Left> {
    let filter = Filter { states: Vec::new(), outage: Some(outage.reference.clone()) };
    let places = !desk.workspace.station.destination.is_empty();
    let (mut left, mut documents) = (Left::default(), 0_usize);
    for stored in desk.store.documents(&filter).await? {
        documents += usize::from(!matches!(stored.state, State::Dropped | State::Replaced));
        match stored.state {
            State::Dropped | State::Replaced | State::Closed => {}
            _ if stored.document.is_held() => left.held += 1,
            State::Sealed => left.undelivered += usize::from(places),
            State::Queued | State::Sent | State::Accepted => left.undelivered += 1,
            State::Delivered => {}
            _ => left.unsealed += 1,
        }
    }
    let numbers = documents > 0 || !outage.kits.is_empty();
    left.unreconciled = numbers && outage.state != OutageState::Reconciled;
    Ok(left)
}

/// Kits by their numbers, each once, with the document numbers that those printed here hand out.
///
/// # Errors
/// [`kinds::KIT_UNKNOWN`]; [`kinds::BLOCKS_OVERLAP`] when two of them hand out the same number.
pub async fn kits(desk: &Desk, named: &[String]) -> Result<(Vec<String>, Vec<String>)> {
    let (mut kits, mut blocks) = (Vec::new(), Vec::new());
    for text in named {
        let id: KitId = text.parse().map_err(|()| kinds::KIT_UNKNOWN.with("kit", text))?;
        if kits.contains(&id.to_string()) {
            continue;
        }
        blocks.extend(desk.store.kit(&id).await?.into_iter().flat_map(|kit| kit.blocks));
        kits.push(id.to_string());
    }
    Block::each_once(&blocks)?;
    Ok((kits, blocks.iter().map(ToString::to_string).collect()))
}
