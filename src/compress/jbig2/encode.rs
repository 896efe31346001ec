//! Writing: the segments of the embedded organisation and the MQ coder (ISO/IEC 14492 Annex E.2).

use super::super::raster::Bits;
use super::table::entry;
use super::{
    CONTEXTS, HEADER, LOSSLESS_GENERIC, NOMINAL, PAGE_INFORMATION, PAGE_LENGTH, REGION_FLAGS, REGION_HEAD,
    SLTP,
};

/// Pixels that are coded one by one before it is looked again whether a run begins.
const STEP: usize = 16;

/// Page information and one generic region; none when a side does not fit 32 bits.
pub fn encode(bits: &Bits) -> Option<Vec<u8>> {
    let (width, height) = (u32::try_from(bits.width).ok()?, u32::try_from(bits.height).ok()?);
    let data = region(bits);
    let mut out = Vec::with_capacity(data.len() + 2 * HEADER + 64);
    header(&mut out, 0, PAGE_INFORMATION, PAGE_LENGTH);
    // No resolution, white where nothing is painted, not striped.
    [width, height, 0, 0].iter().for_each(|v| out.extend(v.to_be_bytes()));
    out.extend([0, 0, 0]);
    header(&mut out, 1, LOSSLESS_GENERIC, REGION_HEAD + u32::try_from(data.len()).ok()?);
    [width, height, 0, 0].iter().for_each(|v| out.extend(v.to_be_bytes()));
    out.extend([0, REGION_FLAGS]);
    out.extend(NOMINAL.map(i8::cast_unsigned));
    out.extend(data);
    Some(out)
}

/// Segment number, type, no references, page 1, length (7.2).
fn header(out: &mut Vec<u8>, number: u32, kind: u8, length: u32) {
    out.extend(number.to_be_bytes());
    out.extend([kind, 0, 1]);
    out.extend(length.to_be_bytes());
}

fn region(bits: &Bits) -> Vec<u8> {
    let mut coder = Coder::new();
    let blank = Bits::new(bits.width, 2);
    let (mut above, mut second) = (blank.row(0), blank.row(1));
    let mut typical = false;
    let mut runs = Runs::default();
    for y in 0..bits.height {
        let row = bits.row(y);
        let same = row == above;
        coder.code(SLTP, u8::from(same != typical));
        typical = same;
        if !same {
            runs.of(row, above, second);
            line(&mut coder, [row, above, second], bits.width, &runs);
        }
        (above, second) = (row, above);
    }
    coder.finish()
}

/// Where all three rows are white, or all black.
#[derive(Default)]
struct Runs {
    any: Vec<u64>,
    all: Vec<u64>,
}

impl Runs {
    fn of(&mut self, row: &[u64], above: &[u64], second: &[u64]) {
        self.any.clear();
        self.all.clear();
        for ((a, b), c) in row.iter().zip(above).zip(second) {
            self.any.push(a | b | c);
            self.all.push(!(a & b & c));
        }
    }
}

/// Position of the first set bit from `from` on, or `end`.
fn next_one(words: &[u64], from: usize, end: usize) -> usize {
    let first = from / 64;
    let mut word = words.get(first).map_or(0, |word| word & (u64::MAX >> (from % 64)));
    for at in first..words.len() {
        if word != 0 {
            return (at * 64 + word.leading_zeros() as usize).min(end);
        }
        word = words.get(at + 1).copied().unwrap_or(0);
    }
    end
}

/// The 64 bits from `start` on.
fn window(row: &[u64], start: usize) -> u64 {
    let at = |i: usize| row.get(i).copied().unwrap_or(0);
    let shift = start % 64;
    let low = if shift == 0 { 0 } else { at(start / 64 + 1) >> (64 - shift) };
    at(start / 64) << shift | low
}

/// Codes a row. The context is `second` x-2..x+2, `above` x-3..x+3, `row` x-4..x-1, leftmost in the highest bit.
fn line(coder: &mut Coder, [row, above, second]: [&[u64]; 3], width: usize, runs: &Runs) {
    let mut context = (window(second, 0) >> 61 << 11 | window(above, 0) >> 60 << 4) as usize;
    let mut x = 0;
    while x < width {
        let (edges, black) = match context {
            0 => (&runs.any, 0),
            0xFFFF => (&runs.all, 1),
            _ => (&runs.any, 2),
        };
        if black < 2 {
            let end = next_one(edges, x, if black == 0 { width + 3 } else { width });
            if end > x + 3 {
                coder.run(context, black, end - 3 - x);
                x = end - 3;
                let fresh = (window(above, x + 3) >> 63) as usize;
                context = context & !0x10 | fresh << 4;
                continue;
            }
        }
        let count = STEP.min(width - x);
        let (mut now, mut next, mut far) = (window(row, x), window(above, x + 4), window(second, x + 3));
        for _ in 0..count {
            let pixel = (now >> 63) as usize;
            coder.code(context, pixel as u8);
            context = context << 1 & 0xF7EF | pixel | (next >> 63 << 4 | far >> 63 << 11) as usize;
            (now, next, far) = (now << 1, next << 1, far << 1);
        }
        x += count;
    }
}

/// The MQ encoder, registers named as in Annex E.
struct Coder {
    a: u32,
    c: u32,
    ct: u32,
    out: Vec<u8>,
    /// Entry of the table for each context.
    contexts: Box<[u8; CONTEXTS]>,
}

impl Coder {
    fn new() -> Self {
        // The first byte is the one before the data (E.2.5); a carry never reaches it.
        Self { a: 0x8000, c: 0, ct: 12, out: vec![0], contexts: Box::new([0; CONTEXTS]) }
    }

    /// ENCODE, figures E.3 to E.7.
    #[inline(always)]
    fn code(&mut self, context: usize, bit: u8) {
        let held = &mut self.contexts[context % CONTEXTS];
        let state = entry(*held);
        self.a -= state.qe;
        let likely = bit == *held & 1;
        if likely && self.a & 0x8000 != 0 {
            self.c += state.qe;
            return;
        }
        // The larger of the two intervals goes to the likely symbol; the upper one begins above the lower one's size.
        if likely == (self.a < state.qe) {
            self.a = state.qe;
        } else {
            self.c += state.qe;
        }
        *held = if likely { state.next_mps } else { state.next_lps };
        self.renormalise();
    }

    /// The same bit `count` times in the same context: as long as nothing is shifted out, several steps are one addition.
    fn run(&mut self, context: usize, bit: u8, mut count: usize) {
        while count > 0 {
            let held = self.contexts[context % CONTEXTS];
            let qe = entry(held).qe;
            if held & 1 == bit {
                let steps = ((self.a - 0x8000) / qe).min(u32::try_from(count).unwrap_or(u32::MAX));
                self.a -= steps * qe;
                self.c += steps * qe;
                count -= steps as usize;
            }
            if count > 0 {
                self.code(context, bit);
                count -= 1;
            }
        }
    }

    /// RENORME, figure E.8; shifts as far as the next byte at once.
    #[inline]
    fn renormalise(&mut self) {
        let mut shift = self.a.leading_zeros() - 16;
        loop {
            let part = shift.min(self.ct);
            self.a <<= part;
            self.c <<= part;
            self.ct -= part;
            shift -= part;
            if self.ct == 0 {
                self.byte_out();
            }
            if shift == 0 {
                return;
            }
        }
    }

    /// BYTEOUT, figure E.9.
    fn byte_out(&mut self) {
        let last = self.out.len() - 1;
        if self.out[last] != 0xFF && self.c >= 0x0800_0000 {
            self.out[last] += 1;
            self.c &= 0x07FF_FFFF;
        }
        let (shift, keep, ct) =
            if self.out[last] == 0xFF { (20, 0x000F_FFFF, 7) } else { (19, 0x0007_FFFF, 8) };
        self.out.push((self.c >> shift & 0xFF) as u8);
        self.c &= keep;
        self.ct = ct;
    }

    /// FLUSH, figures E.11 and E.12, with the marker that ends the data.
    fn finish(mut self) -> Vec<u8> {
        let limit = self.c + self.a;
        self.c |= 0xFFFF;
        if self.c >= limit {
            self.c -= 0x8000;
        }
        for _ in 0..2 {
            self.c <<= self.ct;
            self.byte_out();
        }
        if self.out.last() != Some(&0xFF) {
            self.out.push(0xFF);
        }
        self.out.push(0xAC);
        self.out.remove(0);
        self.out
    }
}
