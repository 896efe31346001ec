//! Digits before and after compression: what Tesseract reads at the same place on both pages has to be the same number. A
//! difference is for a person to look at; Tesseract errs too.

use super::{Line, PageText, Word};

/// Most words of a page that are compared (our limit); a dense page has 1,000.
const MAX_WORDS: usize = 5_000;
/// Most differences that are told for a page.
const MAX_DIFFERENCES: usize = 50;
/// Below this confidence a reading says nothing about the page: pen strokes, stamps, dust.
const SURE: f32 = 0.6;
/// Share of the letters' size by which words of one place may lie apart vertically.
const APART: f32 = 0.5;

/// A place where other digits are read afterwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Words read before; empty when nothing was.
    pub before: String,
    /// Words read after; empty when nothing is.
    pub after: String,
    /// Where, in pixels of the scan.
    pub at: [f32; 2],
}

/// A word with the line that it stands in.
#[derive(Clone, Copy)]
struct Placed<'a> {
    word: &'a Word,
    line: &'a Line,
    old: bool,
}

impl Placed<'_> {
    fn digits(&self) -> impl Iterator<Item = char> + '_ {
        self.word.text.chars().filter(char::is_ascii_digit)
    }

    /// Whether both stand on the same piece of paper.
    fn meets(&self, other: &Placed) -> bool {
        let ends = |p: &Placed| {
            let [x, y] = p.word.at;
            let (sin, cos) = p.line.angle.sin_cos();
            let (u, v) = (x + p.word.length * cos, y + p.word.length * sin);
            [x.min(u), x.max(u), y.min(v), y.max(v)]
        };
        let (a, b) = (ends(self), ends(other));
        let near = self.line.size.min(other.line.size) * APART;
        let overlap = |low: usize, high: usize| a[high].min(b[high]) - a[low].max(b[low]);
        // Along the line they have to share a good part, across it they may lie a little apart.
        let upright = self.line.angle.cos().abs() < 0.5;
        let (along, across) =
            if upright { (overlap(2, 3), overlap(0, 1)) } else { (overlap(0, 1), overlap(2, 3)) };
        along > self.word.length.min(other.word.length) * 0.3 && across > -near
    }
}

/// The places where `after` has other digits than `before`.
pub fn differences(before: &PageText, after: &PageText) -> Vec<Difference> {
    let mut all = placed(before, true);
    all.extend(placed(after, false));
    let groups = groups(&all);
    groups.into_iter().filter_map(|group| difference(&group)).take(MAX_DIFFERENCES).collect()
}

fn placed(text: &PageText, old: bool) -> Vec<Placed<'_>> {
    let words = text.lines.iter().flat_map(|line| line.words.iter().map(move |word| (line, word)));
    words.take(MAX_WORDS).map(|(line, word)| Placed { word, line, old }).collect()
}

/// Words that lie on each other, however they were cut apart on the two pages.
fn groups<'a>(all: &[Placed<'a>]) -> Vec<Vec<Placed<'a>>> {
    let mut leader: Vec<usize> = (0..all.len()).collect();
    for (i, a) in all.iter().enumerate().filter(|(_, a)| a.old) {
        for (j, b) in all.iter().enumerate().filter(|(_, b)| !b.old) {
            if a.meets(b) {
                let (i, j) = (root(&leader, i), root(&leader, j));
                if let Some(slot) = leader.get_mut(j) {
                    *slot = i;
                }
            }
        }
    }
    let mut groups: Vec<Vec<Placed>> = vec![Vec::new(); all.len()];
    for (index, word) in all.iter().enumerate() {
        if let Some(group) = groups.get_mut(root(&leader, index)) {
            group.push(*word);
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn root(leader: &[usize], mut index: usize) -> usize {
    while let Some(next) = leader.get(index).filter(|next| **next != index) {
        index = *next;
    }
    index
}

fn difference(group: &[Placed]) -> Option<Difference> {
    let side = |old: bool| {
        let mut words: Vec<&Placed> = group.iter().filter(|p| p.old == old).collect();
        words.sort_by(|a, b| a.word.at[0].total_cmp(&b.word.at[0]));
        let digits: String = words.iter().flat_map(|p| p.digits()).collect();
        let text: Vec<&str> = words.iter().map(|p| p.word.text.as_str()).collect();
        let sure = words.iter().any(|p| p.digits().next().is_some() && p.word.confidence >= SURE);
        (digits, text.join(" "), sure)
    };
    let ((was, before, was_sure), (is, after, is_sure)) = (side(true), side(false));
    let at = group.first()?.word.at;
    (was != is && (was_sure || is_sure)).then_some(Difference { before, after, at })
}
