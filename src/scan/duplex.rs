//! Sheets with two sides that went through a one-sided scanner twice: fronts first, then backs. They are put into the order
//! of the paper before anything is split and before any page is judged empty.

use clap::ValueEnum;

use crate::error::{Result, kinds};

/// How the backs lie behind the fronts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Duplex {
    /// All fronts, then all backs in the same order.
    Fronts,
    /// All fronts, then all backs from the last to the first, as a stack that was turned over as a whole gives them.
    Reversed,
}

/// Places of the pages in the order of the paper. `first` is the number of pages that are fronts, where the files say it;
/// `without_back` are sheets, counted from 1, of which a person said that they have no back.
///
/// # Errors
/// [`kinds::DUPLEX_UNEVEN`] when fronts and backs do not match: which sheet has no back is asked, never guessed.
pub fn interleave(
    pages: usize,
    first: Option<usize>,
    duplex: Duplex,
    without_back: &[u32],
) -> Result<Vec<usize>> {
    let mut missing: Vec<usize> = without_back.iter().map(|n| *n as usize).collect();
    missing.sort_unstable();
    missing.dedup();
    let fronts = first.unwrap_or_else(|| (pages + missing.len()).div_ceil(2));
    let backs = pages.saturating_sub(fronts);
    let uneven = fronts != backs + missing.len() || missing.iter().any(|n| *n == 0 || *n > fronts);
    if uneven {
        return Err(kinds::DUPLEX_UNEVEN
            .with("fronts", fronts.min(pages))
            .with("backs", backs)
            .with("missing", missing.len()));
    }
    let mut behind: Vec<usize> = (fronts..pages).collect();
    if duplex == Duplex::Reversed {
        behind.reverse();
    }
    let mut behind = behind.into_iter();
    let mut order = Vec::with_capacity(pages);
    for front in 0..fronts {
        order.push(front);
        if missing.binary_search(&(front + 1)).is_err() {
            order.extend(behind.next());
        }
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fronts_and_backs_come_into_the_order_of_the_paper() {
        assert_eq!(interleave(6, None, Duplex::Fronts, &[]).unwrap(), [0, 3, 1, 4, 2, 5]);
        assert_eq!(interleave(6, None, Duplex::Reversed, &[]).unwrap(), [0, 5, 1, 4, 2, 3]);
        assert_eq!(interleave(6, Some(3), Duplex::Reversed, &[]).unwrap(), [0, 5, 1, 4, 2, 3]);
        assert_eq!(interleave(0, None, Duplex::Fronts, &[]).unwrap(), Vec::<usize>::new());
    }

    #[test]
    fn a_missing_back_is_asked_for() {
        for (pages, first) in [(5, None), (5, Some(3)), (6, Some(4)), (6, Some(2)), (1, None)] {
            let asked = interleave(pages, first, Duplex::Reversed, &[]);
            assert_eq!(asked.unwrap_err().code(), "duplex_uneven", "{pages} {first:?}");
        }
        assert_eq!(interleave(5, None, Duplex::Reversed, &[2]).unwrap(), [0, 4, 1, 2, 3]);
        assert_eq!(interleave(5, None, Duplex::Fronts, &[3]).unwrap(), [0, 3, 1, 4, 2]);
        for wrong in [&[4][..], &[0], &[1, 2]] {
            assert!(interleave(5, None, Duplex::Fronts, wrong).is_err(), "{wrong:?}");
        }
    }
}
