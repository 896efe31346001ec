//! Rule 12 for scans that nobody has described: a page with a frame that looks like a secrecy mark keeps its own document
//! outside the blob store, and every other document that lies in the same files, since a file is stored as a whole or not
//! at all. So nothing of a file is stored before every document in it is complete.

use std::collections::HashSet;
use std::path::PathBuf;

use crate::scan::Looked;
use crate::scan::quality::looks_secret;

use super::Bundle;

/// Where documents wait until all of their files were looked at.
#[derive(Debug, Default)]
pub(super) struct Gate {
    waiting: Vec<Bundle>,
}

/// Documents whose fate is known, in the order of the paper.
#[derive(Debug, Default)]
pub(super) struct Lot {
    /// May be stored.
    pub free: Vec<Bundle>,
    /// Stay outside.
    pub held: Vec<Bundle>,
}

impl Gate {
    /// Takes complete documents; `open` are the files of the one that may get further pages. Gives those whose files hold no
    /// document that is still to come.
    pub fn pass(&mut self, bundles: Vec<Bundle>, open: &[PathBuf]) -> Lot {
        self.waiting.extend(bundles);
        let unfinished = |bundle: &Bundle| bundle.group.files.iter().any(|file| open.contains(file));
        if self.waiting.iter().any(unfinished) {
            return Lot::default();
        }
        let waiting = std::mem::take(&mut self.waiting);
        let outside = outside(&waiting);
        let is_held = |bundle: &Bundle| bundle.group.files.iter().any(|file| outside.contains(file));
        let (held, free) = waiting.into_iter().partition(is_held);
        Lot { free, held }
    }
}

/// Files of documents with a mark, and of all documents that share a file with one of them.
fn outside(bundles: &[Bundle]) -> HashSet<PathBuf> {
    let marked = bundles.iter().filter(|b| b.unstored && !marks(b).is_empty());
    let mut outside: HashSet<PathBuf> = marked.flat_map(|b| b.group.files.iter().cloned()).collect();
    loop {
        let before = outside.len();
        for bundle in bundles {
            if bundle.group.files.iter().any(|file| outside.contains(file)) {
                outside.extend(bundle.group.files.iter().cloned());
            }
        }
        if outside.len() == before {
            return outside;
        }
    }
}

/// Pages that carry such a frame: name of the file, and place in it counted from 1.
pub(super) fn marks(bundle: &Bundle) -> Vec<(&str, u32)> {
    let good = bundle.looked.iter().filter_map(|looked| match looked {
        Looked::Good(page) => Some(page),
        Looked::Broken { .. } => None,
    });
    let pages = good.chain(&bundle.separators);
    pages.filter(|page| looks_secret(page)).map(|page| (page.source_name.as_str(), page.index + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::stacker::tests::{bundle, secret};
    use super::*;

    fn names(bundles: &[Bundle]) -> Vec<String> {
        bundles.iter().map(|b| b.group.name()).collect()
    }

    #[test]
    fn a_mark_keeps_its_document_outside_and_no_other() {
        let mut gate = Gate::default();
        let lot = gate.pass(vec![bundle(&["1.jpg", "2.jpg"]), secret(&["3.jpg", "4.jpg"])], &[]);
        assert_eq!(
            (names(&lot.free), names(&lot.held)),
            (vec!["1.jpg".to_owned()], vec!["3.jpg".to_owned()])
        );
    }

    #[test]
    fn documents_that_share_a_file_with_a_marked_one_stay_outside_with_it() {
        let mut gate = Gate::default();
        let shared =
            vec![bundle(&["a.tif"]), bundle(&["a.tif", "b.tif"]), secret(&["b.tif"]), bundle(&["c.tif"])];
        let lot = gate.pass(shared, &[]);
        assert_eq!((lot.free.len(), lot.held.len()), (1, 3));
        assert_eq!(names(&lot.free), ["c.tif"]);
    }

    #[test]
    fn nothing_of_a_file_passes_while_a_document_in_it_is_open() {
        let mut gate = Gate::default();
        let open = [PathBuf::from("a.tif")];
        let lot = gate.pass(vec![bundle(&["a.tif"])], &open);
        assert!(lot.free.is_empty() && lot.held.is_empty());
        let lot = gate.pass(vec![secret(&["a.tif"])], &[]);
        assert_eq!((lot.free.len(), lot.held.len()), (0, 2));
        // What a row of the manifest has answered is no question.
        let mut answered = secret(&["d.tif"]);
        answered.unstored = false;
        assert_eq!(gate.pass(vec![answered], &[]).free.len(), 1);
    }
}
