//! Reading what [`super::encode`] writes: the guard's side (ISO/IEC 14492 Annex E.3).

use super::super::raster::Bits;
use super::table::entry;
use super::{
    CONTEXTS, HEADER, LOSSLESS_GENERIC, NOMINAL, PAGE_INFORMATION, PAGE_LENGTH, REGION_FLAGS, REGION_HEAD,
    SLTP,
};

/// Pixels that are read one by one before it is looked again whether a run begins.
const STEP: usize = 16;

/// The picture, when the stream is one whole region of this size and ends where it says.
pub fn decode(stream: &[u8], width: usize, height: usize) -> Option<Bits> {
    let size = [u32::try_from(width).ok()?, u32::try_from(height).ok()?];
    let (page, rest) = segment(stream, 0, PAGE_INFORMATION)?;
    let (region, rest) = segment(rest, 1, LOSSLESS_GENERIC)?;
    let (head, data) = region.split_at_checked(REGION_HEAD as usize)?;
    let sides = |bytes: &[u8]| Some([number(bytes, 0)?, number(bytes, 4)?]);
    let right_page = page.len() == PAGE_LENGTH as usize && sides(page)? == size && page[16..] == [0, 0, 0];
    let right_region = sides(head)? == size && head[8..16] == [0; 8] && head[16..18] == [0, REGION_FLAGS];
    let nominal = head[18..] == NOMINAL.map(i8::cast_unsigned);
    if !right_page || !right_region || !nominal || !rest.is_empty() || !data.ends_with(&[0xFF, 0xAC]) {
        return None;
    }
    Some(rows(data, width, height))
}

/// The data of a segment that has the number, the type and the page that we give it.
fn segment(stream: &[u8], index: u32, kind: u8) -> Option<(&[u8], &[u8])> {
    let (head, rest) = stream.split_at_checked(HEADER)?;
    let right = number(head, 0)? == index && head[4..7] == [kind, 0, 1];
    right.then(|| rest.split_at_checked(number(head, 7)? as usize)).flatten()
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn rows(data: &[u8], width: usize, height: usize) -> Bits {
    let mut coder = Coder::new(data);
    let mut out = Bits::new(width, height);
    let words = out.row_words();
    let (mut row, mut above, mut second) = (vec![0u64; words], vec![0u64; words], vec![0u64; words]);
    let mut typical = false;
    for y in 0..height {
        typical ^= coder.bit(SLTP) == 1;
        if typical {
            row.copy_from_slice(&above);
        } else {
            row.fill(0);
            line(&mut coder, &mut row, &above, &second, width);
        }
        out.row_mut(y).copy_from_slice(&row);
        std::mem::swap(&mut second, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    out
}

fn pixel(row: &[u64], x: usize) -> u64 {
    row.get(x / 64).map_or(0, |word| word >> (63 - x % 64) & 1)
}

/// How far, from `x` on, the two rows above show the same: white, or black.
fn alike(above: &[u64], second: &[u64], x: usize, black: bool, width: usize) -> usize {
    let mut at = x / 64;
    let mut mask = u64::MAX >> (x % 64);
    while at * 64 < width {
        let (a, b) = (above.get(at).copied().unwrap_or(0), second.get(at).copied().unwrap_or(0));
        let edges = (if black { !(a & b) } else { a | b }) & mask;
        if edges != 0 {
            return at * 64 + edges.leading_zeros() as usize - x;
        }
        (at, mask) = (at + 1, u64::MAX);
    }
    if black { width.saturating_sub(x) } else { width + 3 - x }
}

fn line(coder: &mut Coder, row: &mut [u64], above: &[u64], second: &[u64], width: usize) {
    let start = |row: &[u64], count: usize| (0..count).fold(0, |sum, x| sum << 1 | pixel(row, x));
    let mut context = (start(second, 3) << 11 | start(above, 4) << 4) as usize;
    let mut x = 0;
    while x < width {
        if matches!(context, 0 | 0xFFFF) {
            let black = context != 0;
            let room = alike(above, second, x, black, width).saturating_sub(3).min(width - x);
            let count = coder.run(context, black, room);
            if black {
                (x..x + count).for_each(|x| row[x / 64] |= 1 << (63 - x % 64));
            }
            if count > 0 {
                x += count;
                context = context & !0x10 | (pixel(above, x + 3) as usize) << 4;
                continue;
            }
        }
        let count = STEP.min(width - x);
        let (mut next, mut far, mut pixels) = (window(above, x + 4), window(second, x + 3), 0u64);
        for _ in 0..count {
            let bit = u64::from(coder.bit(context));
            context = context << 1 & 0xF7EF | (bit | next >> 63 << 4 | far >> 63 << 11) as usize;
            pixels = pixels << 1 | bit;
            (next, far) = (next << 1, far << 1);
        }
        put(row, x, pixels << (64 - count));
        x += count;
    }
}

/// The 64 bits from `start` on.
fn window(row: &[u64], start: usize) -> u64 {
    let (at, shift) = (start / 64, start % 64);
    let two = [row.get(at).copied().unwrap_or(0), row.get(at + 1).copied().unwrap_or(0)];
    if shift == 0 { two[0] } else { two[0] << shift | two[1] >> (64 - shift) }
}

/// Lays bits into a row, the highest at `x`.
fn put(row: &mut [u64], x: usize, bits: u64) {
    let (at, shift) = (x / 64, x % 64);
    row[at] |= bits >> shift;
    if let (Some(next), true) = (row.get_mut(at + 1), shift > 0) {
        *next |= bits << (64 - shift);
    }
}

/// The MQ decoder, registers named as in Annex E.
struct Coder<'a> {
    data: &'a [u8],
    at: usize,
    a: u32,
    c: u32,
    ct: u32,
    contexts: Box<[u8; CONTEXTS]>,
}

impl<'a> Coder<'a> {
    /// INITDEC, figure E.20.
    fn new(data: &'a [u8]) -> Self {
        let first = u32::from(data.first().copied().unwrap_or(0xFF));
        let mut coder =
            Self { data, at: 0, a: 0x8000, c: first << 16, ct: 0, contexts: Box::new([0; CONTEXTS]) };
        coder.byte_in();
        coder.c <<= 7;
        coder.ct -= 7;
        coder
    }

    /// BYTEIN, figure E.19: behind the marker come ones.
    fn byte_in(&mut self) {
        let byte = |at: usize| u32::from(self.data.get(at).copied().unwrap_or(0xFF));
        if byte(self.at) == 0xFF {
            if byte(self.at + 1) > 0x8F {
                self.c += 0xFF00;
                self.ct = 8;
            } else {
                self.c += byte(self.at + 1) << 9;
                self.at += 1;
                self.ct = 7;
            }
        } else {
            self.c += byte(self.at + 1) << 8;
            self.at += 1;
            self.ct = 8;
        }
    }

    /// DECODE, figures E.14 to E.18.
    #[inline(always)]
    fn bit(&mut self, context: usize) -> u8 {
        let held = &mut self.contexts[context % CONTEXTS];
        let (state, mps) = (entry(*held), *held & 1);
        self.a -= state.qe;
        let small = self.a < state.qe;
        let likely = if self.c >> 16 < state.qe {
            self.a = state.qe;
            small
        } else {
            self.c -= state.qe << 16;
            if self.a & 0x8000 != 0 {
                return mps;
            }
            !small
        };
        *held = if likely { state.next_mps } else { state.next_lps };
        self.renormalise();
        mps ^ u8::from(!likely)
    }

    /// RENORMD, figure E.18.
    #[inline]
    fn renormalise(&mut self) {
        let mut shift = self.a.leading_zeros() - 16;
        while shift > 0 {
            if self.ct == 0 {
                self.byte_in();
            }
            let part = shift.min(self.ct);
            self.a <<= part;
            self.c <<= part;
            self.ct -= part;
            shift -= part;
        }
    }

    /// How many pixels, `room` at most, follow that are surely `black`, as long as the coder needs no shift. The pixel after
    /// them is open.
    fn run(&mut self, context: usize, black: bool, room: usize) -> usize {
        let mut done = 0;
        while done < room {
            let held = self.contexts[context % CONTEXTS];
            let qe = entry(held).qe;
            if (held & 1 == 1) != black {
                return done;
            }
            let free = ((self.a - 0x8000) / qe).min((self.c >> 16) / qe);
            let steps = free.min(u32::try_from(room - done).unwrap_or(u32::MAX));
            self.a -= steps * qe;
            self.c -= (steps * qe) << 16;
            done += steps as usize;
            if done < room {
                // One step that shifts. It is the likely pixel unless one of the two exchanges takes place.
                if self.c >> 16 < qe || self.a - qe < qe {
                    return done;
                }
                self.bit(context);
                done += 1;
            }
        }
        done
    }
}
