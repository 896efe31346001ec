//! Shapes of parts: rings, rules, thick fills.

/// Directions that are looked into from the middle of a part.
const DIRECTIONS: usize = 32;

/// Whether the bitmap is a ring: empty in the middle, hit in nearly every direction.
pub(in super::super) fn is_ring(bits: &[u8], width: usize) -> bool {
    let height = bits.len() / width.max(1);
    let (cx, cy) = (width as f64 / 2.0, height as f64 / 2.0);
    let cell = |x: f64, y: f64| {
        let inside = x >= 0.0 && y >= 0.0 && (x as usize) < width && (y as usize) < height;
        inside && bits[y as usize * width + x as usize] == 1
    };
    let hit = |k: usize| {
        let (sin, cos) = (std::f64::consts::TAU * k as f64 / DIRECTIONS as f64).sin_cos();
        (60..=100).any(|t| {
            let t = f64::from(t) / 100.0;
            cell(cx + cos * cx * t, cy + sin * cy * t)
        })
    };
    let rim = (0..DIRECTIONS).filter(|k| hit(*k)).count();
    !cell(cx, cy) && rim * 10 >= DIRECTIONS * 9
}

/// What a bitmap is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in super::super) struct Strokes {
    /// Share of its cells in straight level or upright runs longer than `straight` cells.
    pub straight: f64,
    /// Share of its cells that are the middle of a filled square.
    pub thick: f64,
    /// Ends and turns: how often a row or column enters the part, on average over its rows and columns.
    pub crossings: f64,
}

/// Looks at the rows and columns of a bitmap. `straight` is the length of a run that no hand draws, `thick` the side of a
/// square that no pen fills.
pub(in super::super) fn strokes(bits: &[u8], width: usize, straight: usize, thick: usize) -> Strokes {
    let height = bits.len() / width.max(1);
    let area = bits.iter().filter(|b| **b == 1).count().max(1);
    let mut long = vec![0u8; bits.len()];
    let mut entries = 0usize;
    let mut level = |start: usize, step: usize, count: usize| {
        let mut run = 0;
        for i in 0..=count {
            if i < count && bits[start + i * step] == 1 {
                run += 1;
                continue;
            }
            entries += usize::from(run > 0);
            if run >= straight {
                (i - run..i).for_each(|k| long[start + k * step] = 1);
            }
            run = 0;
        }
    };
    (0..height).for_each(|y| level(y * width, 1, width));
    (0..width).for_each(|x| level(x, width, height));
    let straight = long.iter().filter(|b| **b == 1).count() as f64 / area as f64;
    let thick = eroded(bits, width, thick) as f64 / area as f64;
    Strokes { straight, thick, crossings: entries as f64 / (width + height).max(1) as f64 }
}

/// The bitmap with every column moved up or down so that lines turned clockwise by `degrees` become level; also its width.
pub(in super::super) fn levelled(bits: &[u8], width: usize, degrees: f64) -> (Vec<u8>, usize) {
    let slope = degrees.to_radians().tan();
    let height = bits.len() / width.max(1);
    let reach = (slope.abs() * width as f64).ceil() as usize;
    let mut out = vec![0u8; width * (height + reach)];
    for (y, row) in bits.chunks_exact(width.max(1)).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, bit)| **bit == 1) {
            let down = if slope > 0.0 { reach as f64 - x as f64 * slope } else { -(x as f64) * slope };
            let to = (y + down as usize).min(height + reach - 1);
            out[to * width + x] = 1;
        }
    }
    (out, width)
}

/// The bitmap without level runs of at least `level` cells and upright ones of at least `upright`.
pub(in super::super) fn without_rules(bits: &[u8], width: usize, level: usize, upright: usize) -> Vec<u8> {
    let height = bits.len() / width.max(1);
    let mut out = bits.to_vec();
    let mut clear = |start: usize, step: usize, count: usize, length: usize| {
        let mut run = 0;
        for i in 0..=count {
            if i < count && bits[start + i * step] == 1 {
                run += 1;
                continue;
            }
            if run >= length {
                (i - run..i).for_each(|k| out[start + k * step] = 0);
            }
            run = 0;
        }
    };
    (0..height).for_each(|y| clear(y * width, 1, width, level));
    (0..width).for_each(|x| clear(x, width, height, upright));
    out
}

/// Each cell takes the largest value within `radius`.
pub(in super::super) fn widened(plane: &[u8], width: usize, radius: usize) -> Vec<u8> {
    let mut out = plane.to_vec();
    let mut across = vec![0; plane.len()];
    for _ in 0..radius {
        for (row, wide) in out.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
            wide.copy_from_slice(row);
            wide.iter_mut().zip(&row[1..]).for_each(|(v, right)| *v = (*v).max(*right));
            wide[1..].iter_mut().zip(row).for_each(|(v, left)| *v = (*v).max(*left));
        }
        out.copy_from_slice(&across);
        let taller =
            |out: &mut [u8], from: &[u8]| out.iter_mut().zip(from).for_each(|(v, o)| *v = (*v).max(*o));
        taller(&mut out[width.min(across.len())..], &across);
        taller(&mut out, &across[width.min(across.len())..]);
    }
    out
}

/// How many cells stay when every cell without a full square of `side` up and left of it is taken away.
fn eroded(bits: &[u8], width: usize, side: usize) -> usize {
    let mut across = vec![0usize; width];
    let mut count = 0;
    for row in bits.chunks_exact(width.max(1)) {
        let mut run = 0;
        for (x, bit) in row.iter().enumerate() {
            run = if *bit == 1 { run + 1 } else { 0 };
            across[x] = if run >= side { across[x] + 1 } else { 0 };
            count += usize::from(across[x] >= side);
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: usize, inside: impl Fn(f64, f64) -> bool) -> Vec<u8> {
        let half = width as f64 / 2.0;
        let at = |i: usize| ((i % width) as f64 + 0.5 - half, (i / width) as f64 + 0.5 - half);
        (0..width * width).map(|i| u8::from(inside(at(i).0, at(i).1))).collect()
    }

    #[test]
    fn a_ring_is_neither_a_disc_nor_an_arc() {
        assert!(is_ring(&drawn(24, |x, y| (9.0..12.0).contains(&x.hypot(y))), 24));
        assert!(!is_ring(&drawn(24, |x, y| x.hypot(y) < 12.0), 24));
        assert!(!is_ring(&drawn(24, |x, y| x < 2.0 && (9.0..12.0).contains(&x.hypot(y))), 24));
    }

    #[test]
    fn rules_are_straight_fills_are_thick_and_pens_are_neither() {
        let frame = strokes(&drawn(60, |x, y| x.abs().max(y.abs()) > 28.0), 60, 25, 6);
        assert!(frame.straight > 0.9 && frame.thick == 0.0, "{frame:?}");
        let disc = strokes(&drawn(60, |x, y| x.hypot(y) < 28.0), 60, 100, 6);
        assert!(disc.thick > 0.5, "{disc:?}");
        let loops = strokes(&drawn(60, |x, y| (20.0..22.5).contains(&x.hypot(y))), 60, 25, 6);
        assert!(loops.straight < 0.1 && loops.thick == 0.0, "{loops:?}");
    }
}
