//! Where on a page something stands: rectangles around what lies together, so that a layer covers no empty paper.

use super::raster::Bits;

/// Side of the squares that are looked at, in pixels: a word of a mask.
const SQUARE: usize = 64;
/// Empty pixels that two rectangles may gain when they become one: about what the head of a further stream costs.
const WORTH_A_STREAM: usize = 150_000;
/// Most rectangles; the nearest are joined until there are no more.
const MAX_AREAS: usize = 12;

/// Rectangles (left, top, width, height) that hold all black pixels and do not overlap.
pub(super) fn areas(bits: &Bits) -> Vec<[usize; 4]> {
    let (width, height) = (bits.width.div_ceil(SQUARE), bits.height.div_ceil(SQUARE));
    let mut used = vec![false; width * height];
    for y in 0..bits.height {
        let squares = &mut used[y / SQUARE * width..][..width];
        squares.iter_mut().zip(bits.row(y)).for_each(|(used, word)| *used |= *word != 0);
    }
    let mut boxes: Vec<[usize; 4]> = Vec::new();
    while let Some(first) = used.iter().position(|used| *used) {
        let [left, top, right, bottom] = flood(&mut used, width, first).map(|v| v * SQUARE);
        let square = [left, top, right.min(bits.width) - left, bottom.min(bits.height) - top];
        let Some([x, y, w, h]) = bits.crop(square).bounds() else { continue };
        boxes.push([left + x, top + y, w, h]);
    }
    joined(boxes)
}

/// Takes squares that touch each other; left, top, right, bottom of all.
fn flood(used: &mut [bool], width: usize, first: usize) -> [usize; 4] {
    let mut bounds = [usize::MAX, usize::MAX, 0, 0];
    let mut open = vec![first];
    used[first] = false;
    while let Some(at) = open.pop() {
        let (x, y) = (at % width, at / width);
        let [left, top, right, bottom] = bounds;
        bounds = [left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)];
        for ny in y.saturating_sub(1)..(y + 2).min(used.len() / width) {
            for nx in x.saturating_sub(1)..(x + 2).min(width) {
                if std::mem::take(&mut used[ny * width + nx]) {
                    open.push(ny * width + nx);
                }
            }
        }
    }
    bounds
}

/// Joins rectangles as long as two overlap, or gain less than a stream costs, or are too many.
fn joined(mut boxes: Vec<[usize; 4]>) -> Vec<[usize; 4]> {
    loop {
        let pairs = (0..boxes.len()).flat_map(|a| (a + 1..boxes.len()).map(move |b| (a, b)));
        let best = pairs.min_by_key(|(a, b)| gain(boxes[*a], boxes[*b]));
        match best {
            Some((a, b)) if boxes.len() > MAX_AREAS || gain(boxes[a], boxes[b]) < WORTH_A_STREAM as i64 => {
                boxes[a] = around(boxes[a], boxes[b]);
                boxes.remove(b);
            }
            _ => return boxes,
        }
    }
}

fn around([ax, ay, aw, ah]: [usize; 4], [bx, by, bw, bh]: [usize; 4]) -> [usize; 4] {
    let (left, top) = (ax.min(bx), ay.min(by));
    [left, top, (ax + aw).max(bx + bw) - left, (ay + ah).max(by + bh) - top]
}

/// Pixels that the rectangle around both has more than they have; less than none when they overlap.
fn gain(a: [usize; 4], b: [usize; 4]) -> i64 {
    let pixels = |[_, _, w, h]: [usize; 4]| i64::try_from(w * h).unwrap_or(i64::MAX / 4);
    let overlap = a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
    if overlap { i64::MIN } else { pixels(around(a, b)) - pixels(a) - pixels(b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_apart_has_its_own_rectangle_and_nothing_is_lost() {
        let mut bits = Bits::new(2000, 3000);
        let stands = [[100, 100, 300, 80], [1500, 2000, 400, 400], [1700, 2300, 200, 300]];
        stands.iter().for_each(|area| bits.fill(*area, true));
        let found = areas(&bits);
        assert_eq!(found, [[100, 100, 300, 80], [1500, 2000, 400, 600]]);
        assert_eq!(found.iter().map(|area| bits.crop(*area).count()).sum::<usize>(), bits.count());
        assert!(areas(&Bits::new(10, 10)).is_empty());
    }

    #[test]
    fn a_thousand_specks_become_few_rectangles() {
        let mut bits = Bits::new(4000, 4000);
        for at in 0..1000 {
            bits.fill([at % 32 * 125, at / 32 * 125, 3, 3], true);
        }
        let found = areas(&bits);
        assert!(found.len() <= MAX_AREAS);
        assert_eq!(found.iter().map(|area| bits.crop(*area).count()).sum::<usize>(), bits.count());
    }
}
