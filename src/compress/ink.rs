//! Coloured ink. A stamp or a pen has one colour, and a scan of it more or less of that: every pixel is a tone on the way
//! from the ink to the paper. One number for each pixel costs half of what three cost, and it is sharper: a scanner halves
//! the resolution of colours, but not that of light. Ink of several colours keeps all three.

use super::raster::{Bits, Rgb};

/// Number of tones from the darkest ink to paper.
pub(super) const TONES: u16 = 64;
/// Tones that are left free at both ends, since a JPEG overshoots.
const SPARE: usize = 2;
/// Weights of red, green and blue in the light of a pixel, in 1/256.
const LIGHT: [u32; 3] = [77, 150, 29];
/// Part of its strongest contrast that an ink must have in light, so that light tells its tones: yellow has not.
const MIN_LIGHT: u32 = 3;
/// Share of the samples, one in so many, that may be darker than the darkest tone.
const DARKER: u32 = 1_000;
/// Steps in which the sums of weighted channels are counted.
const STEPS: usize = 1024;
/// Side of the squares in which colours are compared, in pixels, and the pixels of ink that one must have to count.
const SQUARE: usize = 16;
const MIN_PIXELS: i64 = 24;
/// Largest mean difference of a channel in a square (of 255), and the share of squares, one in so many, that may be worse.
const MAX_DIFFERENCE: i64 = 18;
const WORSE: usize = 40;
/// Radius of the square in which a pixel of ink is counted to the more frequent colour.
const NEAR_PX: usize = 3;

/// Tones of one ink.
pub(super) struct Tones {
    pub width: usize,
    pub height: usize,
    /// One a sample, from 0, the darkest, to [`TONES`] - 1.
    pub levels: Vec<u8>,
    /// The mean colour of the samples of each tone.
    pub palette: Vec<[u8; 3]>,
}

impl Tones {
    /// Tones of the samples between the darkest of them and the paper; none where nothing is darker than the paper.
    pub fn of(colours: &Rgb, paper: [u8; 3]) -> Option<Self> {
        let pixels = colours.data.as_chunks::<3>().0;
        let weights = weights(pixels, paper)?;
        let sums: Vec<u16> = pixels.iter().map(|pixel| weighted(weights, *pixel)).collect();
        let (dark, light) = ends(&sums, weighted(weights, paper))?;
        let room = u32::from(TONES) - 1 - 2 * SPARE as u32;
        let tone = |sum: u16| {
            let along = u32::from(sum.clamp(dark, light) - dark);
            u8::try_from((along * room + u32::from(light - dark) / 2) / u32::from(light - dark)).unwrap_or(0)
                + SPARE as u8
        };
        let levels: Vec<u8> = sums.iter().map(|sum| tone(*sum)).collect();
        let palette = palette(pixels, &levels);
        Some(Self { width: colours.width, height: colours.height, levels, palette })
    }
}

/// How much each channel tells of the tone, in 1/256: light where the ink differs from the paper in it, since that is what a
/// scan has in full resolution; else the way from the paper to the ink.
fn weights(pixels: &[[u8; 3]], paper: [u8; 3]) -> Option<[u32; 3]> {
    let mut lost = [0u64; 3];
    for pixel in pixels {
        (0..3).for_each(|c| lost[c] += u64::from(paper[c].saturating_sub(pixel[c])));
    }
    let all: u64 = lost.iter().sum();
    let most = lost.iter().max().copied()?;
    let light: u64 = (0..3).map(|c| lost[c] * u64::from(LIGHT[c]) / 256).sum();
    match all {
        0 => None,
        _ if light * u64::from(MIN_LIGHT) >= most => Some(LIGHT),
        _ => Some(lost.map(|l| u32::try_from(l * 256 / all).unwrap_or(0))),
    }
}

/// Weighted channels of a pixel, in quarters.
fn weighted(weights: [u32; 3], pixel: [u8; 3]) -> u16 {
    let sum: u32 = (0..3).map(|c| weights[c] * u32::from(pixel[c])).sum();
    u16::try_from(sum / 64).unwrap_or(u16::MAX)
}

/// The darkest and the lightest sum between which tones are told apart.
fn ends(sums: &[u16], paper: u16) -> Option<(u16, u16)> {
    let mut counts = [0u32; STEPS];
    sums.iter().for_each(|sum| counts[usize::from(*sum).min(STEPS - 1)] += 1);
    let few = u32::try_from(sums.len()).unwrap_or(u32::MAX) / DARKER;
    let mut below = 0;
    let dark = counts.iter().position(|count| {
        below += count;
        below > few
    })?;
    let dark = u16::try_from(dark).ok()?;
    (dark < paper).then_some((dark, paper))
}

/// Mean colours, each weighed with its neighbours; what does not occur has the colour of the nearest that does.
fn palette(pixels: &[[u8; 3]], levels: &[u8]) -> Vec<[u8; 3]> {
    const NEIGHBOURS: [u64; 5] = [1, 4, 6, 4, 1];
    let count = usize::from(TONES);
    let mut sums = vec![[0u64; 4]; count];
    for (pixel, level) in pixels.iter().zip(levels) {
        let sum = &mut sums[usize::from(*level) % count];
        (0..3).for_each(|c| sum[c] += u64::from(pixel[c]));
        sum[3] += 1;
    }
    let mean = |at: usize| {
        let mut all = [0u64; 4];
        for (i, weight) in NEIGHBOURS.iter().enumerate() {
            let Some(sum) = (at + i).checked_sub(2).and_then(|at| sums.get(at)) else { continue };
            (0..4).for_each(|c| all[c] += sum[c] * weight);
        }
        (all[3] > 0).then(|| [0, 1, 2].map(|c| u8::try_from(all[c] / all[3]).unwrap_or(u8::MAX)))
    };
    let means: Vec<Option<[u8; 3]>> = (0..count).map(mean).collect();
    (0..count).map(|at| nearest(&means, at)).collect()
}

fn nearest(means: &[Option<[u8; 3]>], at: usize) -> [u8; 3] {
    let beside = |distance: usize| {
        let lower = at.checked_sub(distance).and_then(|at| means[at]);
        lower.or_else(|| means.get(at + distance).copied().flatten())
    };
    (0..means.len()).find_map(beside).unwrap_or([u8::MAX; 3])
}

/// Whether the samples show the colours of the page where the mask of the area is black: whatever the noise, the mean colour
/// of a square stays. Where there is ink of another colour, it does not.
pub(super) fn is_of_one_colour(
    page: &Rgb,
    [left, top, width, height]: [usize; 4],
    mask: &Bits,
    shows: &Rgb,
) -> bool {
    let across = width.div_ceil(SQUARE);
    let (mut squares, mut worse) = (0usize, 0usize);
    for start in (0..height).step_by(SQUARE) {
        let mut sums = vec![[0i64; 4]; across];
        for y in start..(start + SQUARE).min(height) {
            let (scan, shown) = (page.row(top + y), shows.row(y * shows.height / height));
            let (scan, shown) = (scan.as_chunks::<3>().0, shown.as_chunks::<3>().0);
            for x in mask.ones(y) {
                let (a, b) = (scan[left + x], shown[x * shows.width / width]);
                let sum = &mut sums[x / SQUARE];
                (0..3).for_each(|c| sum[c] += i64::from(a[c]) - i64::from(b[c]));
                sum[3] += 1;
            }
        }
        for [r, g, b, count] in sums.into_iter().filter(|sum| sum[3] >= MIN_PIXELS) {
            squares += 1;
            worse += usize::from([r, g, b].iter().any(|sum| sum.abs() > MAX_DIFFERENCE * count));
        }
    }
    worse * WORSE <= squares
}

/// Parts ink by its colour: every black pixel of `ink` is in one of the masks, beside the coloured pixels that it is the edge
/// of. `is_first` tells of a coloured pixel which mask it belongs to.
pub(super) fn parted(
    ink: &Bits,
    colour: &Bits,
    margin: usize,
    is_first: impl Fn(usize, usize) -> bool,
) -> [Bits; 2] {
    let blank = || Bits::new(ink.width, ink.height);
    let mut raw = [blank(), blank()];
    for y in 0..colour.height {
        colour.ones(y).for_each(|x| raw[usize::from(!is_first(x, y))].set(x, y, true));
    }
    let mut parts = [blank(), blank()];
    for y in 0..colour.height {
        for x in colour.ones(y) {
            let [first, second] = [&raw[0], &raw[1]].map(|bits| bits.around(x, y, NEAR_PX));
            parts[usize::from(second > first)].set(x, y, true);
        }
    }
    if parts[1].is_blank() {
        return [ink.clone(), blank()];
    }
    // The edges grow from both sides at once; what is left belongs to nobody and goes to the second.
    for _ in 0..margin {
        let grown = [&parts[0], &parts[1]].map(|part| part.grown(1).zip(ink, |a, b| a & b));
        let first = grown[0].zip(&parts[1], |a, b| a & !b);
        let second = grown[1].zip(&first, |a, b| a & !b);
        parts = [first, second];
    }
    let [first, _] = parts;
    let second = ink.zip(&first, |a, b| a & !b);
    [first, second]
}
