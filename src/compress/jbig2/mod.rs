//! JBIG2 generic regions (ISO/IEC 14492 6.2), template 0 with typical prediction: lossless, without symbols (rule 3). The
//! coder works on packed rows and takes long white or black runs in one step, with the very result of single steps.
//!
//! Reading and writing are two programs that share nothing but the probability table of the standard; tests hold both to a
//! decoder written by others.

mod decode;
mod encode;
mod table;

pub(super) use decode::decode;
pub(super) use encode::encode;

/// Context of the bit that says whether a row equals the one above (6.2.5.7, figure 8).
const SLTP: usize = 0x9B25;
/// Contexts of template 0: sixteen pixels.
const CONTEXTS: usize = 1 << 16;
/// Where the adaptive pixels stand when they are not moved (6.2.5.4): x and y of each.
const NOMINAL: [i8; 8] = [3, -1, -3, -1, 2, -2, -2, -2];
/// Segment types (7.3): page information, immediate lossless generic region.
const PAGE_INFORMATION: u8 = 48;
const LOSSLESS_GENERIC: u8 = 39;
/// Lengths of the data of a page information segment (7.4.8), and of what stands before the coded data of a generic region
/// (7.4.6: region information, flags, adaptive pixels).
const PAGE_LENGTH: u32 = 19;
const REGION_HEAD: u32 = 17 + 1 + 8;
/// Length of a segment header with no references and a page of one byte (7.2).
const HEADER: usize = 11;
/// Flags of the region: template 0, typical prediction on.
const REGION_FLAGS: u8 = 0b0000_1000;

#[cfg(test)]
mod tests {
    use super::super::raster::Bits;
    use super::*;

    fn pattern(width: usize, height: usize, kind: u32) -> Bits {
        let mut state = kind.wrapping_mul(77) | 1;
        let mut bits = Bits::new(width, height);
        for y in 0..height {
            for x in 0..width {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let chance = state >> 24;
                let black = match kind % 6 {
                    0 => chance < 3,
                    1 => (x / 5 + y / 7).is_multiple_of(3),
                    2 => chance < 128,
                    3 => true,
                    4 => x > width / 3 && y > height / 3 && chance > 1,
                    _ => y % 9 == 4,
                };
                bits.set(x, y, black);
            }
        }
        bits
    }

    #[test]
    fn what_is_written_is_read() {
        for width in (1..70).chain([127, 128, 129, 300, 1000]) {
            for kind in 0..6 {
                let bits = pattern(width, 1 + width % 50, kind);
                let stream = encode(&bits).unwrap();
                assert_eq!(decode(&stream, bits.width, bits.height), Some(bits), "{width} {kind}");
            }
        }
    }

    #[test]
    fn damage_never_panics_and_is_never_unnoticed_by_comparison() {
        let bits = pattern(300, 200, 1);
        let stream = encode(&bits).unwrap();
        for at in 0..stream.len() - 2 {
            let mut broken = stream.clone();
            broken[at] ^= 0x10;
            let _ = decode(&broken, 300, 200);
            let _ = decode(&stream[..at], 300, 200);
        }
        let mut broken = stream.clone();
        broken[stream.len() / 2] ^= 0x10;
        assert_ne!(decode(&broken, 300, 200), Some(bits));
    }
}
