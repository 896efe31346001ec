//! Pictures on a page: photographs and screened prints, which are neither text nor ink and get samples of their own. And
//! what is too faint for the text mask and too fine for the background: pencil, a pale line.

use super::super::raster::Bits;
use super::tone::Tone;

/// Units along the side of a tile: 1/9 inch.
const TILE: usize = 8;
/// Loss of light, in 1/256, from which a unit is not bare paper.
const TONED: u8 = 16;
/// Share of a tile's units, in percent, that are toned in a picture.
const MIN_TONED: usize = 80;
/// Largest share, in percent, of a tile's units in one step of tone when it is varied: a plain fill is not.
const MAX_IN_STEP: usize = 55;
/// Share of a picture's tiles, in percent, that are varied.
const MIN_VARIED: usize = 20;
/// Or: share of its tiles with black thicker than this many pixels to both sides, and the largest share of all its units in
/// one step of tone. Letters are thinner; a black bar has one tone.
const MIN_SOLID: usize = 5;
const SOLID_PX: usize = 6;
const MAX_OF_ONE_TONE: usize = 60;
/// Width of a step of tone.
const STEP: u8 = 16;
/// Runs of black in a row of a densely toned tile from which it is a screen.
const MIN_RUNS: usize = 3;
/// Fewest tiles of a picture: about half a square centimetre.
const MIN_TILES: usize = 9;
/// Share, in percent, of toned units along an edge of a picture.
const EDGE_TONED: usize = 25;
/// A faint stroke: loss of a unit in 1/256, and how much more that is than somewhere two units away.
const FAINT: u8 = 10;
const FAINT_STEP: u8 = 8;
/// Tiles at the edge of the page in which nothing is taken for a stroke: the shadow of the sheet on the lid.
const EDGE_TILES: usize = 2;
/// Units of faint strokes in a tile that make it one, and in all tiles that touch each other.
const MIN_FAINT: usize = 5;
const MIN_FAINT_ALL: usize = 48;

/// What speaks for a tile, and for a group of them.
#[derive(Clone, Copy, Default)]
struct Votes {
    /// Anything at all.
    any: usize,
    /// Tone that varies, or a screen.
    varied: usize,
    /// Black that is thicker than letters.
    solid: usize,
}

/// A grid of tiles.
struct Tiles {
    width: usize,
    height: usize,
    votes: Vec<Votes>,
}

/// Rectangles in pixels around photographs and screened prints.
pub(super) fn pictures(tone: &Tone, text: &Bits) -> Vec<[usize; 4]> {
    let solid = text.shrunk(SOLID_PX);
    let tiles = Tiles::of(tone, |units, [x, y]| {
        let toned = units.iter().filter(|v| **v >= TONED).count();
        if toned * 100 < units.len() * MIN_TONED {
            return Votes::default();
        }
        let side = TILE * tone.unit;
        let varied = most_in_step(units) * 100 <= units.len() * MAX_IN_STEP
            || runs(text, [x * side, y * side], side) >= MIN_RUNS;
        let solid = square(&solid, [x * side, y * side], side).count() > 0;
        Votes { any: 1, varied: usize::from(varied), solid: usize::from(solid) }
    });
    let is_picture = |(votes, area): &(Votes, [usize; 4])| {
        votes.any >= MIN_TILES
            && (votes.varied * 100 >= votes.any * MIN_VARIED
                || votes.solid * 100 >= votes.any * MIN_SOLID && !is_of_one_tone(tone, *area))
    };
    let found = joined(tiles.groups().into_iter().filter(is_picture));
    let found = found.into_iter().filter_map(|area| tightened(tone, area));
    found.map(|area| in_pixels(tone, area, text)).collect()
}

/// Most values that lie in two neighbouring steps of tone.
fn most_in_step(units: &[u8]) -> usize {
    let mut steps = [0usize; 17];
    units.iter().for_each(|v| steps[usize::from(v / STEP)] += 1);
    steps.windows(2).map(|two| two[0] + two[1]).max().unwrap_or(0)
}

fn is_of_one_tone(tone: &Tone, [left, top, width, height]: [usize; 4]) -> bool {
    let mut units = Vec::new();
    for y in top..(top + height).min(tone.height) {
        let row = &tone.data[y * tone.width..(y + 1) * tone.width];
        units.extend(row[left..(left + width).min(tone.width)].iter().filter(|v| **v >= TONED));
    }
    most_in_step(&units) * 100 > units.len() * MAX_OF_ONE_TONE
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
    let (last_x, last_y) = (tone.width.div_ceil(TILE), tone.height.div_ceil(TILE));
    let inside = |at: usize, count: usize| at >= EDGE_TILES && at + EDGE_TILES < count;
    let tiles = Tiles::of(&strokes, |units, [x, y]| {
        let count = units.iter().filter(|v| **v > 0).count();
        let is = count >= MIN_FAINT && inside(x, last_x) && inside(y, last_y);
        Votes { any: if is { count } else { 0 }, ..Votes::default() }
    });
    let found = joined(tiles.groups().into_iter().filter(|(votes, _)| votes.any >= MIN_FAINT_ALL));
    found.into_iter().map(|area| in_pixels(tone, area, hidden)).collect()
}

/// Whether two units away something is lighter than `level`.
fn beside_paper(tone: &Tone, x: usize, y: usize, level: u8) -> bool {
    let at = |x: usize, y: usize| tone.data[y * tone.width + x];
    let (left, right) = (x.saturating_sub(2), (x + 2).min(tone.width - 1));
    let (above, below) = (y.saturating_sub(2), (y + 2).min(tone.height - 1));
    (at(left, y) <= level && at(right, y) <= level) || (at(x, above) <= level && at(x, below) <= level)
}

/// The part of a mask in a square, cut off at the edge of the page.
fn square(bits: &Bits, [left, top]: [usize; 2], side: usize) -> Bits {
    let (left, top) = (left.min(bits.width), top.min(bits.height));
    bits.crop([left, top, side.min(bits.width - left), side.min(bits.height - top)])
}

/// Mean number of black runs in the rows of a square.
fn runs(text: &Bits, at: [usize; 2], side: usize) -> usize {
    let part = square(text, at, side);
    let starts = |y: usize| -> usize {
        let mut before = 0;
        let mut count = 0;
        for word in part.row(y) {
            count += (word & !(word >> 1 | before << 63)).count_ones() as usize;
            before = *word;
        }
        count
    };
    (0..part.height).map(starts).sum::<usize>() / part.height.max(1)
}

/// A rectangle of units in pixels, cut off at the edge of the page.
fn in_pixels(tone: &Tone, area: [usize; 4], page: &Bits) -> [usize; 4] {
    let [left, top, width, height] = area.map(|v| v * tone.unit);
    [left, top, width.min(page.width.saturating_sub(left)), height.min(page.height.saturating_sub(top))]
}

/// Moves the edges of a rectangle of units inwards to where something is toned.
fn tightened(tone: &Tone, [left, top, width, height]: [usize; 4]) -> Option<[usize; 4]> {
    let (right, bottom) = ((left + width).min(tone.width), (top + height).min(tone.height));
    let toned = |x: usize, y: usize| usize::from(tone.data[y * tone.width + x] >= TONED);
    let column = |x: &usize| (top..bottom).map(|y| toned(*x, y)).sum::<usize>() * 100 >= height * EDGE_TONED;
    let row = |y: &usize| (left..right).map(|x| toned(x, *y)).sum::<usize>() * 100 >= width * EDGE_TONED;
    let (x, y) = ((left..right).find(column)?, (top..bottom).find(row)?);
    let (end_x, end_y) = ((left..right).rev().find(column)?, (top..bottom).rev().find(row)?);
    Some([x, y, end_x + 1 - x, end_y + 1 - y])
}

impl Tiles {
    /// `vote` sees the units of each tile.
    fn of(tone: &Tone, vote: impl Fn(&[u8], [usize; 2]) -> Votes) -> Self {
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
                let blank = units.iter().all(|v| *v == 0);
                votes.push(if blank { Votes::default() } else { vote(&units, [x, y]) });
            }
        }
        Self { width, height, votes }
    }

    /// Groups of tiles with votes that lie at most one tile apart: what they have together, and the rectangle of units
    /// around them, one tile more on every side.
    fn groups(mut self) -> Vec<(Votes, [usize; 4])> {
        let mut found = Vec::new();
        while let Some(first) = self.votes.iter().position(|votes| votes.any > 0) {
            let (votes, [left, top, right, bottom]) = self.flood(first);
            let (left, top) = (left.saturating_sub(1), top.saturating_sub(1));
            let (right, bottom) = ((right + 1).min(self.width), (bottom + 1).min(self.height));
            found.push((votes, [left, top, right - left, bottom - top].map(|v| v * TILE)));
        }
        found
    }

    fn flood(&mut self, first: usize) -> (Votes, [usize; 4]) {
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
                    if votes.any > 0 {
                        sum.any += votes.any;
                        sum.varied += votes.varied;
                        sum.solid += votes.solid;
                        open.push(ny * self.width + nx);
                    }
                }
            }
        }
        (sum, bounds)
    }
}

/// Rectangles (left, top, width, height) that do not overlap around all of these.
fn joined(areas: impl Iterator<Item = (Votes, [usize; 4])>) -> Vec<[usize; 4]> {
    let mut found: Vec<[usize; 4]> = Vec::new();
    for (_, [left, top, width, height]) in areas {
        let mut area = [left, top, left + width, top + height];
        let overlaps =
            |a: &[usize; 4], o: &[usize; 4]| a[0] < o[2] && o[0] < a[2] && a[1] < o[3] && o[1] < a[3];
        while let Some(at) = found.iter().position(|other| overlaps(&area, other)) {
            let o = found.swap_remove(at);
            area = [area[0].min(o[0]), area[1].min(o[1]), area[2].max(o[2]), area[3].max(o[3])];
        }
        found.push(area);
    }
    found.into_iter().map(|[left, top, right, bottom]| [left, top, right - left, bottom - top]).collect()
}
