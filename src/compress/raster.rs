//! Samples in memory: packed bits and colours, and the few operations that the layers need.

/// Bits in a word.
const WORD: usize = 64;

/// One bit a pixel, 64 to a word, the leftmost in the highest bit; 1 is black. Bits beyond the width are 0. Every row ends
/// with a spare word of zeros, so that a window may reach beyond the edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bits {
    pub width: usize,
    pub height: usize,
    stride: usize,
    words: Vec<u64>,
}

impl Bits {
    pub fn new(width: usize, height: usize) -> Self {
        let stride = width.div_ceil(WORD) + 1;
        Self { width, height, stride, words: vec![0; stride * height] }
    }

    /// From rows padded to whole bytes, most significant bit first.
    pub fn from_packed(packed: &[u8], width: usize, height: usize) -> Self {
        let mut bits = Self::new(width, height);
        for (y, row) in packed.chunks(width.div_ceil(8).max(1)).take(height).enumerate() {
            for (word, bytes) in bits.row_mut(y).iter_mut().zip(row.chunks(8)) {
                let mut whole = [0; 8];
                whole[..bytes.len()].copy_from_slice(bytes);
                *word = u64::from_be_bytes(whole);
            }
        }
        bits.without_padding()
    }

    /// Rows padded to whole bytes, most significant bit first.
    #[cfg(test)]
    pub fn to_packed(&self) -> Vec<u8> {
        let stride = self.width.div_ceil(8);
        let mut packed = Vec::with_capacity(stride * self.height);
        for y in 0..self.height {
            packed.extend(self.row(y).iter().flat_map(|word| word.to_be_bytes()).take(stride));
        }
        packed
    }

    /// Number of words of a row.
    pub fn row_words(&self) -> usize {
        self.stride
    }

    /// Words of a row, with the spare one.
    pub fn row(&self, y: usize) -> &[u64] {
        &self.words[y * self.stride..(y + 1) * self.stride]
    }

    /// As [`Self::row`], to be changed.
    pub fn row_mut(&mut self, y: usize) -> &mut [u64] {
        &mut self.words[y * self.stride..(y + 1) * self.stride]
    }

    /// Packs a row of bytes that are 0 or 1.
    pub fn set_row(&mut self, y: usize, bytes: &[u8]) {
        /// Gathers the lowest bits of eight bytes in the highest byte.
        const GATHER: u64 = 0x0102_0408_1020_4080;
        for (word, bytes) in self.row_mut(y).iter_mut().zip(bytes.chunks(WORD)) {
            let (eights, rest) = bytes.as_chunks::<8>();
            let mut packed = 0u64;
            for (i, eight) in eights.iter().enumerate() {
                packed |= (u64::from_be_bytes(*eight).wrapping_mul(GATHER) >> 56) << (56 - 8 * i);
            }
            for (i, byte) in rest.iter().enumerate() {
                packed |= u64::from(*byte) << (63 - 8 * eights.len() - i);
            }
            *word = packed;
        }
    }

    fn without_padding(mut self) -> Self {
        let (last, used) = (self.width / WORD, self.width % WORD);
        let keep = if used == 0 { 0 } else { u64::MAX << (WORD - used) };
        for row in self.words.chunks_mut(self.stride.max(1)) {
            row[last] &= keep;
            row[last + 1..].fill(0);
        }
        self
    }

    #[cfg(test)]
    pub fn get(&self, x: usize, y: usize) -> bool {
        self.words[y * self.stride + x / WORD] >> (63 - x % WORD) & 1 == 1
    }

    pub fn set(&mut self, x: usize, y: usize, black: bool) {
        let bit = 1 << (63 - x % WORD);
        let word = &mut self.words[y * self.stride + x / WORD];
        *word = if black { *word | bit } else { *word & !bit };
    }

    pub fn is_blank(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Number of black pixels.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Black pixels of a row, left to right; none below the last row.
    pub fn ones(&self, y: usize) -> impl Iterator<Item = usize> + '_ {
        let row = if y < self.height { self.row(y) } else { &[] };
        row.iter().enumerate().flat_map(|(i, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.leading_zeros();
                    rest &= !(1 << (63 - bit));
                    i * WORD + bit as usize
                })
            })
        })
    }

    /// Left, top, width, height of the black pixels.
    pub fn bounds(&self) -> Option<[usize; 4]> {
        let used = |y: &usize| self.row(*y).iter().any(|word| *word != 0);
        let top = (0..self.height).find(used)?;
        let bottom = (0..self.height).rev().find(used)? + 1;
        let mut columns = vec![0u64; self.stride];
        for y in top..bottom {
            columns.iter_mut().zip(self.row(y)).for_each(|(all, word)| *all |= word);
        }
        let first = columns.iter().position(|word| *word != 0)?;
        let last = columns.iter().rposition(|word| *word != 0)?;
        let left = first * WORD + columns[first].leading_zeros() as usize;
        let right = last * WORD + WORD - columns[last].trailing_zeros() as usize;
        Some([left, top, right - left, bottom - top])
    }

    /// The part inside `area`.
    pub fn crop(&self, [left, top, width, height]: [usize; 4]) -> Self {
        let mut part = Self::new(width, height);
        let (skip, shift) = (left / WORD, left % WORD);
        for y in 0..height {
            let from = self.row(top + y);
            for (i, word) in part.row_mut(y).iter_mut().enumerate() {
                let two = |at: usize| from.get(at).copied().unwrap_or(0);
                let low = if shift == 0 { 0 } else { two(skip + i + 1) >> (WORD - shift) };
                *word = two(skip + i) << shift | low;
            }
        }
        part.without_padding()
    }

    /// `pick` of each pair of words of two masks of one size.
    pub fn zip(&self, other: &Self, pick: impl Fn(u64, u64) -> u64) -> Self {
        let words = self.words.iter().zip(&other.words).map(|(a, b)| pick(*a, *b)).collect();
        Self {
            words,
            ..Self { width: self.width, height: self.height, stride: self.stride, words: Vec::new() }
        }
    }

    /// Black grows by `radius` pixels in all directions (a square).
    pub fn grown(&self, radius: usize) -> Self {
        let mut out = Self::new(self.width, self.height);
        let mut wide = vec![0u64; self.stride];
        for y in (0..self.height).filter(|y| self.row(*y).iter().any(|word| *word != 0)) {
            wide.copy_from_slice(self.row(y));
            (0..radius).for_each(|_| spread(&mut wide));
            for to in y.saturating_sub(radius)..(y + radius + 1).min(self.height) {
                out.row_mut(to).iter_mut().zip(&wide).for_each(|(all, word)| *all |= word);
            }
        }
        out.without_padding()
    }

    /// White grows by `radius` pixels; beyond the edge everything is white.
    pub fn shrunk(&self, radius: usize) -> Self {
        let mut out = self.clone();
        for y in 0..self.height {
            for _ in 0..radius {
                narrow(out.row_mut(y));
            }
        }
        let across = out.clone();
        for y in 0..self.height {
            for step in 1..=radius {
                let (above, below) = (y.checked_sub(step), Some(y + step).filter(|y| *y < self.height));
                for side in [above, below] {
                    match side {
                        Some(from) => {
                            out.row_mut(y).iter_mut().zip(across.row(from)).for_each(|(all, w)| *all &= w);
                        }
                        None => out.row_mut(y).fill(0),
                    }
                }
            }
        }
        out
    }

    /// Pixels with at least one black neighbour among the eight around them.
    pub fn beside_black(&self) -> Self {
        let mut out = Self::new(self.width, self.height);
        let mut wide = vec![0u64; self.stride];
        for y in 0..self.height {
            for step in [-1isize, 1] {
                let Some(from) = y.checked_add_signed(step).filter(|y| *y < self.height) else { continue };
                wide.copy_from_slice(self.row(from));
                spread(&mut wide);
                out.row_mut(y).iter_mut().zip(&wide).for_each(|(all, word)| *all |= word);
            }
            let row = self.row(y);
            for i in 0..self.stride {
                let before = if i == 0 { 0 } else { row[i - 1] };
                let after = row.get(i + 1).copied().unwrap_or(0);
                out.words[y * self.stride + i] |= row[i] >> 1 | before << 63 | row[i] << 1 | after >> 63;
            }
        }
        out.without_padding()
    }

    /// Black pixels in the square of `radius` (31 at most) around a pixel.
    pub fn around(&self, x: usize, y: usize, radius: usize) -> u32 {
        let left = x.saturating_sub(radius);
        let length = x + radius + 1 - left;
        let (first, shift) = (y.saturating_sub(radius) * self.stride + left / WORD, left % WORD);
        let rows = y + radius.min(self.height - 1 - y) + 1 - y.saturating_sub(radius);
        let (mut sum, mut gathered, mut free) = (0, 0u64, WORD);
        for row in 0..rows {
            let at = first + row * self.stride;
            let high = self.words[at] << shift;
            let low = if shift + length > WORD { self.words[at + 1] >> (WORD - shift) } else { 0 };
            // Several rows share a count, which is the costly part.
            if free < length {
                sum += gathered.count_ones();
                (gathered, free) = (0, WORD);
            }
            gathered |= ((high | low) >> (WORD - length)) << (free - length);
            free -= length;
        }
        sum + gathered.count_ones()
    }

    /// Whether anything is black within `radius` (31 at most) of a pixel in its row.
    pub fn around_in_row(&self, x: usize, y: usize, radius: usize) -> bool {
        let left = x.saturating_sub(radius);
        let (at, shift) = (y * self.stride + left / WORD, left % WORD);
        let low = if shift == 0 { 0 } else { self.words[at + 1] >> (WORD - shift) };
        (self.words[at] << shift | low) >> (WORD - (x + radius + 1 - left)) != 0
    }

    /// Blackens, or whitens, a rectangle.
    pub fn fill(&mut self, [left, top, width, height]: [usize; 4], black: bool) {
        let right = (left + width).min(self.width);
        for y in top..(top + height).min(self.height) {
            let mut x = left;
            while x < right {
                let (word, shift) = (x / WORD, x % WORD);
                let count = (WORD - shift).min(right - x);
                let bits = (u64::MAX >> (WORD - count)) << (WORD - shift - count);
                let word = &mut self.words[y * self.stride + word];
                *word = if black { *word | bits } else { *word & !bits };
                x += count;
            }
        }
    }
}

/// Black grows by a pixel to the left and to the right.
fn spread(row: &mut [u64]) {
    let mut before = 0;
    for i in 0..row.len() {
        let after = row.get(i + 1).copied().unwrap_or(0);
        let now = row[i];
        row[i] = now | now >> 1 | before << 63 | now << 1 | after >> 63;
        before = now;
    }
}

/// White grows by a pixel to the left and to the right.
fn narrow(row: &mut [u64]) {
    let mut before = 0;
    for i in 0..row.len() {
        let after = row.get(i + 1).copied().unwrap_or(0);
        let now = row[i];
        row[i] = now & (now >> 1 | before << 63) & (now << 1 | after >> 63);
        before = now;
    }
}

/// Three bytes a pixel, sRGB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rgb {
    pub width: usize,
    pub height: usize,
    pub data: Vec<u8>,
}

impl Rgb {
    /// Samples of a row.
    pub fn row(&self, y: usize) -> &[u8] {
        &self.data[y * self.width * 3..(y + 1) * self.width * 3]
    }

    /// A pixel.
    pub fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 3;
        [self.data[at], self.data[at + 1], self.data[at + 2]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(width: usize, height: usize) -> Bits {
        let mut bits = Bits::new(width, height);
        let mut state = 12_345u32;
        for y in 0..height {
            for x in 0..width {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                bits.set(x, y, state >> 29 == 0);
            }
        }
        bits
    }

    /// The plain way: is there any pixel in the square, are there all.
    fn plainly(bits: &Bits, radius: isize, x: usize, y: usize) -> (u32, bool) {
        let (mut count, mut all) = (0, true);
        for dy in -radius..=radius {
            for dx in -radius..=radius {
                let place = (x.checked_add_signed(dx), y.checked_add_signed(dy));
                let black = matches!(place, (Some(x), Some(y)) if x < bits.width && y < bits.height && bits.get(x, y));
                count += u32::from(black);
                all &= black;
            }
        }
        (count, all)
    }

    #[test]
    fn packed_operations_do_what_the_plain_ones_do() {
        for (width, height) in [(1, 1), (63, 5), (64, 7), (65, 9), (130, 12)] {
            let bits = sample(width, height);
            assert_eq!(Bits::from_packed(&bits.to_packed(), width, height), bits);
            let (grown, shrunk, beside) = (bits.grown(2), bits.grown(2).shrunk(1), bits.beside_black());
            for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
                let (count, _) = plainly(&bits, 2, x, y);
                assert_eq!(grown.get(x, y), count > 0, "grown {width} {x} {y}");
                assert_eq!(bits.around(x, y, 2), count);
                assert_eq!(shrunk.get(x, y), plainly(&grown, 1, x, y).1, "shrunk {width} {x} {y}");
                let neighbours = plainly(&bits, 1, x, y).0 - u32::from(bits.get(x, y));
                assert_eq!(beside.get(x, y), neighbours > 0, "beside {width} {x} {y}");
            }
            let ones: usize = (0..height).map(|y| bits.ones(y).count()).sum();
            assert_eq!(ones, bits.count());
        }
    }

    #[test]
    fn cropping_and_bounds() {
        let mut bits = Bits::new(200, 50);
        [(70, 10), (140, 30)].iter().for_each(|(x, y)| bits.set(*x, *y, true));
        assert_eq!(bits.bounds(), Some([70, 10, 71, 21]));
        let part = bits.crop([70, 10, 71, 21]);
        assert!(part.get(0, 0) && part.get(70, 20) && part.count() == 2);
        assert_eq!(Bits::new(3, 3).bounds(), None);
    }

    #[test]
    fn rows_of_bytes_are_packed() {
        let bytes: Vec<u8> = (0..77).map(|i| u8::from(i % 3 == 0)).collect();
        let mut bits = Bits::new(77, 1);
        bits.set_row(0, &bytes);
        assert!(bytes.iter().enumerate().all(|(x, byte)| bits.get(x, 0) == (*byte == 1)));
    }
}
