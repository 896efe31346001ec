//! Pictures on a page: photographs and screened prints, which are neither text nor ink and get samples of their own. And
//! what is too faint for the text mask and too fine for the background: pencil, a pale line.

use super::super::raster::Bits;
use super::classify::Tone;

/// Units along the side of a tile: 1/9 inch.
const TILE: usize = 8;
/// Loss of light, in 1/256, from which a unit is not bare paper.
const TONED: u8 = 16;
/// Share of a tile's units, in percent, that are toned in a picture, and the largest share in one step of tone: a plain
/// fill is no picture.
const MIN_TONED: usize = 80;
const MAX_IN_STEP: usize = 45;
/// Width of a step of tone.
const STEP: u8 = 16;
/// Runs of black in a row of a tile from which it is a screen: letters have half as many.
const MIN_RUNS: usize = 5;
/// Fewest tiles of a picture: about half a square centimetre.
const MIN_TILES: usize = 9;
/// Share, in percent, of toned units along an edge of a picture.
const EDGE_TONED: usize = 25;
/// A faint stroke: loss of a unit in 1/256, and how much more that is than somewhere two units away.
const FAINT: u8 = 10;
const FAINT_STEP: u8 = 8;
/// Units of faint strokes in a tile that make it one, and in all tiles that touch each other.
const MIN_FAINT: usize = 5;
const MIN_FAINT_ALL: usize = 48;

/// A grid of tiles with the number of units that speak for it.
struct Tiles {
    width: usize,
    height: usize,
    votes: Vec<usize>,
}

/// Rectangles in pixels around photographs and screened prints.
pub(super) fn pictures(tone: &Tone, text: &Bits) -> Vec<[usize; 4]> {
    let tiles = Tiles::of(tone, |units, [x, y]| {
        let steps = units.iter().fold([0usize; 17], |mut steps, v| {
            steps[usize::from(v / STEP)] += 1;
            steps
        });
        let toned = units.iter().filter(|v| **v >= TONED).count();
        let most = steps.windows(2).map(|two| two[0] + two[1]).max().unwrap_or(0);
        let varied = most * 100 <= units.len() * MAX_IN_STEP;
        let side = TILE * tone.unit;
        let is = toned * 100 >= units.len() * MIN_TONED
            && (varied || runs(text, [x * side, y * side], side) >= MIN_RUNS);
        usize::from(is)
    });
    let found = tiles.groups(MIN_TILES).into_iter();
    found.filter_map(|area| tightened(tone, area)).map(|area| in_pixels(tone, area, text)).collect()
}

/// Rectangles in pixels around faint strokes that `hidden`, which other layers show, does not cover.
pub(super) fn faint(tone: &Tone, hidden: &Bits) -> Vec<[usize; 4]> {
    let mut strokes = Tone { data: vec![0; tone.data.len()], ..*tone };
    for y in 0..tone.height {
        for x in 0..tone.width {
            let own = tone.data[y * tone.width + x];
            if own < FAINT || !beside_paper(tone, x, y, own - FAINT_STEP) {
                continue;
            }
            let rows = y * tone.unit..((y + 1) * tone.unit).min(hidden.height);
            let centre = (x * tone.unit + tone.unit / 2).min(hidden.width - 1);
            let covered = rows.into_iter().any(|y| hidden.around_in_row(centre, y, tone.unit / 2 + 1));
            strokes.data[y * tone.width + x] = u8::from(!covered);
        }
    }
    let tiles = Tiles::of(&strokes, |units, _| {
        let count = units.iter().filter(|v| **v > 0).count();
        if count >= MIN_FAINT { count } else { 0 }
    });
    tiles.groups(MIN_FAINT_ALL).into_iter().map(|area| in_pixels(tone, area, hidden)).collect()
}

/// Whether two units away something is lighter than `level`.
fn beside_paper(tone: &Tone, x: usize, y: usize, level: u8) -> bool {
    let at = |x: usize, y: usize| tone.data[y * tone.width + x];
    let (left, right) = (x.saturating_sub(2), (x + 2).min(tone.width - 1));
    let (above, below) = (y.saturating_sub(2), (y + 2).min(tone.height - 1));
    (at(left, y) <= level && at(right, y) <= level) || (at(x, above) <= level && at(x, below) <= level)
}

/// Mean number of black runs in the rows of a square.
fn runs(text: &Bits, [left, top]: [usize; 2], side: usize) -> usize {
    let rows = top..(top + side).min(text.height);
    let width = side.min(text.width - left.min(text.width));
    let part = text.crop([left, top, width, rows.len()]);
    let starts = |y: usize| -> usize {
        let mut before = 0;
        let mut count = 0;
        for word in part.row(y) {
            count += (word & !(word >> 1 | before << 63)).count_ones() as usize;
            before = *word;
        }
        count
    };
    (0..rows.len()).map(starts).sum::<usize>() / rows.len().max(1)
}

/// A rectangle of units in pixels, cut off at the edge of the page.
fn in_pixels(tone: &Tone, area: [usize; 4], page: &Bits) -> [usize; 4] {
    let [left, top, width, height] = area.map(|v| v * tone.unit);
    [left, top, width.min(page.width - left), height.min(page.height - top)]
}

/// Moves the edges of a rectangle of units inwards to where something is toned.
fn tightened(tone: &Tone, [left, top, width, height]: [usize; 4]) -> Option<[usize; 4]> {
    let (right, bottom) = (left + width, top + height);
    let toned = |x: usize, y: usize| usize::from(tone.data[y * tone.width + x] >= TONED);
    let column = |x: &usize| (top..bottom).map(|y| toned(*x, y)).sum::<usize>() * 100 >= height * EDGE_TONED;
    let row = |y: &usize| (left..right).map(|x| toned(x, *y)).sum::<usize>() * 100 >= width * EDGE_TONED;
    let (x, y) = ((left..right).find(column)?, (top..bottom).find(row)?);
    let (end_x, end_y) = ((left..right).rev().find(column)?, (top..bottom).rev().find(row)?);
    Some([x, y, end_x + 1 - x, end_y + 1 - y])
}

impl Tiles {
    /// `vote` sees the units of each tile.
    fn of(tone: &Tone, vote: impl Fn(&[u8], [usize; 2]) -> usize) -> Self {
        let (width, height) = (tone.width.div_ceil(TILE), tone.height.div_ceil(TILE));
        let mut units = Vec::with_capacity(TILE * TILE);
        let mut votes = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                units.clear();
                for row in y * TILE..((y + 1) * TILE).min(tone.height) {
                    let end = ((x + 1) * TILE).min(tone.width);
                    units.extend(&tone.data[row * tone.width + x * TILE..row * tone.width + end]);
                }
                votes.push(if units.iter().any(|v| *v > 0) { vote(&units, [x, y]) } else { 0 });
            }
        }
        Self { width, height, votes }
    }

    /// Rectangles of units around tiles with votes that lie at most one tile apart and have `least` votes together, one tile
    /// more on every side. Rectangles that overlap become one.
    fn groups(mut self, least: usize) -> Vec<[usize; 4]> {
        let mut found: Vec<[usize; 4]> = Vec::new();
        while let Some(first) = self.votes.iter().position(|votes| *votes > 0) {
            let (votes, [left, top, right, bottom]) = self.flood(first);
            if votes >= least {
                let (left, top) = (left.saturating_sub(1), top.saturating_sub(1));
                let (right, bottom) = ((right + 1).min(self.width), (bottom + 1).min(self.height));
                merge(&mut found, [left, top, right, bottom]);
            }
        }
        found.into_iter().map(|[l, t, r, b]| [l * TILE, t * TILE, (r - l) * TILE, (b - t) * TILE]).collect()
    }

    fn flood(&mut self, first: usize) -> (usize, [usize; 4]) {
        let mut bounds = [usize::MAX, usize::MAX, 0, 0];
        let mut sum = std::mem::take(&mut self.votes[first]);
        let mut open = vec![first];
        while let Some(at) = open.pop() {
            let (x, y) = (at % self.width, at / self.width);
            let [left, top, right, bottom] = bounds;
            bounds = [left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)];
            for ny in y.saturating_sub(2)..(y + 3).min(self.height) {
                for nx in x.saturating_sub(2)..(x + 3).min(self.width) {
                    let votes = std::mem::take(&mut self.votes[ny * self.width + nx]);
                    if votes > 0 {
                        sum += votes;
                        open.push(ny * self.width + nx);
                    }
                }
            }
        }
        (sum, bounds)
    }
}

/// Adds a rectangle (left, top, right, bottom), joined with all that it overlaps.
fn merge(found: &mut Vec<[usize; 4]>, mut area: [usize; 4]) {
    loop {
        let overlaps = |o: &[usize; 4]| area[0] < o[2] && o[0] < area[2] && area[1] < o[3] && o[1] < area[3];
        let Some(at) = found.iter().position(overlaps) else { break };
        let o = found.swap_remove(at);
        area = [area[0].min(o[0]), area[1].min(o[1]), area[2].max(o[2]), area[3].max(o[3])];
    }
    found.push(area);
}
