//! What a digest is over. All signatures of a file begin with the same bytes, up to the first gap (ISO 32000-1 12.8.1), and
//! these, which are nearly all of a large file, are hashed once for all of them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::cms::Hash;
use crate::document::Hashing;

/// Most gaps at which the state of the digest is kept; a file with more signatures than that is hashed somewhat longer.
const MAX_MARKS: usize = 64;

/// Bytes that a digest is over.
#[derive(Clone, Copy)]
pub enum Content<'c> {
    /// Pieces, one after the other.
    Pieces(&'c [&'c [u8]]),
    /// A file up to a gap, and behind it.
    Covered {
        /// From its first byte.
        start: &'c [u8],
        /// Behind the gap.
        rest: &'c [u8],
        /// What was hashed of this very file.
        begun: &'c Begun,
    },
}

impl Content<'_> {
    /// The digest.
    pub fn digest(self, hash: Hash) -> Vec<u8> {
        match (self, hash) {
            (Self::Pieces(pieces), _) => hash.digest(pieces),
            (Self::Covered { start, rest, begun }, Hash::Sha256) => {
                begun.over(start).chain_update(rest).finalize().to_vec()
            }
            (Self::Covered { start, rest, .. }, _) => hash.digest(&[start, rest]),
        }
    }
}

/// Digests of one file in the making, by how far they have come.
#[derive(Debug)]
pub struct Begun {
    /// Where gaps begin, ascending.
    marks: Vec<usize>,
    states: RefCell<BTreeMap<usize, Sha256>>,
}

impl Begun {
    /// For signatures whose gaps begin at these positions.
    pub fn at(gaps: impl Iterator<Item = usize>) -> Self {
        let mut marks: Vec<usize> = gaps.collect();
        marks.sort_unstable();
        marks.dedup();
        marks.truncate(MAX_MARKS);
        Self { marks, states: RefCell::default() }
    }

    /// As [`Begun::at`], where a beginning of the file was hashed already.
    pub fn behind(hashed: Option<&Hashing>, gaps: impl Iterator<Item = usize>) -> Self {
        let begun = Self::at(gaps);
        begun.states.borrow_mut().extend(hashed.map(|hashed| (hashed.length(), hashed.state())));
        begun
    }

    /// The state behind the first bytes of the file.
    fn over(&self, start: &[u8]) -> Sha256 {
        let mut states = self.states.borrow_mut();
        let known = states.range(..=start.len()).next_back();
        let (mut at, mut state) =
            known.map_or_else(|| (0, Sha256::new()), |(length, state)| (*length, state.clone()));
        let ends = self.marks.iter().copied().filter(|mark| *mark <= start.len());
        for end in ends.skip_while(|mark| *mark <= at).collect::<Vec<_>>() {
            state.update(start.get(at..end).unwrap_or_default());
            states.insert(end, state.clone());
            at = end;
        }
        state.chain_update(start.get(at..).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_the_same_in_whatever_order_they_are_asked_for() {
        let file: Vec<u8> = (0..=u8::MAX).cycle().take(5_000).collect();
        let gaps = [(700, 800), (1_900, 2_000), (1_900, 2_000), (4_000, 4_500)];
        let orders = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]];
        for (order, marks) in orders.iter().flat_map(|order| [(order, 4), (order, 2), (order, 0)]) {
            let begun = Begun::at(gaps.iter().take(marks).map(|gap| gap.0));
            for (from, to) in order.map(|place| gaps[place]) {
                let (start, rest) = (&file[..from], &file[to..]);
                let content = Content::Covered { start, rest, begun: &begun };
                for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
                    assert_eq!(content.digest(hash), hash.digest(&[start, rest]));
                }
            }
        }
    }
}
