//! Turning a page as its file says: EXIF 2.32 and TIFF 6.0 Orientation, PDF /Rotate. Every pixel is kept, only its place
//! changes, and a finding says so.

use super::{PageImage, Pixels, pack};

/// One of the eight ways to lay a picture, numbered as TIFF 6.0 numbers them; 1 leaves it as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn(u8);

impl Turn {
    /// Stays as it is.
    pub const NONE: Turn = Turn(1);

    /// From the Orientation tag; other values than 1 to 8 have no meaning and leave the page as it is.
    pub fn from_tag(value: u64) -> Self {
        Self(u8::try_from(value).ok().filter(|v| (1..=8).contains(v)).unwrap_or(1))
    }

    /// A quarter turn clockwise, or several; other angles leave the page as it is.
    pub fn from_degrees(degrees: u16) -> Self {
        Self(match degrees % 360 {
            90 => 6,
            180 => 3,
            270 => 8,
            _ => 1,
        })
    }

    /// From the linear part of the matrix that maps the picture's right and down to the page's right and down, each one of
    /// -1, 0, 1; none when it is not one of the eight.
    pub fn from_axes(right: (i8, i8), down: (i8, i8)) -> Option<Self> {
        Some(Self(match (right, down) {
            ((1, 0), (0, 1)) => 1,
            ((-1, 0), (0, 1)) => 2,
            ((-1, 0), (0, -1)) => 3,
            ((1, 0), (0, -1)) => 4,
            ((0, 1), (1, 0)) => 5,
            ((0, 1), (-1, 0)) => 6,
            ((0, -1), (-1, 0)) => 7,
            ((0, -1), (1, 0)) => 8,
            _ => return None,
        }))
    }

    /// Whether width and height change places.
    pub fn swaps(self) -> bool {
        self.0 >= 5
    }

    /// What is done to the page, in a form that needs no translation.
    pub fn describe(self) -> &'static str {
        match self.0 {
            2 => "↔",
            3 => "180°",
            4 => "↕",
            5 => "90° ↔",
            6 => "90°",
            7 => "270° ↔",
            8 => "270°",
            _ => "0°",
        }
    }

    /// Where the pixel of the turned page comes from, in a picture of `width` x `height`.
    fn from(self, (x, y): (usize, usize), width: usize, height: usize) -> (usize, usize) {
        let (right, bottom) = (width - 1, height - 1);
        match self.0 {
            2 => (right - x, y),
            3 => (right - x, bottom - y),
            4 => (x, bottom - y),
            5 => (y, x),
            6 => (y, bottom - x),
            7 => (right - y, bottom - x),
            8 => (right - y, x),
            _ => (x, y),
        }
    }

    /// The turned page.
    pub fn apply(self, image: PageImage) -> PageImage {
        if self == Self::NONE || image.width == 0 || image.height == 0 {
            return image;
        }
        let (width, height) = (image.width as usize, image.height as usize);
        let (to_width, to_height) = if self.swaps() { (height, width) } else { (width, height) };
        let pixels = match image.pixels {
            Pixels::Grey(samples) => Pixels::Grey(self.moved::<1>(&samples, width, height)),
            Pixels::Rgb(samples) => Pixels::Rgb(self.moved::<3>(&samples, width, height)),
            Pixels::Bilevel(bits) => {
                let moved = self.moved::<1>(&unpacked(&bits, width), width, height);
                Pixels::Bilevel(pack(&moved, u32::try_from(to_width).unwrap_or(u32::MAX), |v| v == 1))
            }
        };
        let side = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        PageImage { width: side(to_width), height: side(to_height), pixels }
    }

    fn moved<const N: usize>(self, samples: &[u8], width: usize, height: usize) -> Vec<u8> {
        let (to_width, to_height) = if self.swaps() { (height, width) } else { (width, height) };
        let mut out = Vec::with_capacity(samples.len());
        for y in 0..to_height {
            for x in 0..to_width {
                let (from_x, from_y) = self.from((x, y), width, height);
                let at = (from_y * width + from_x) * N;
                out.extend_from_slice(samples.get(at..at + N).unwrap_or(&[0; N]));
            }
        }
        out
    }
}

/// One byte a pixel from rows of bits.
fn unpacked(bits: &[u8], width: usize) -> Vec<u8> {
    bits.chunks(width.div_ceil(8).max(1))
        .flat_map(|row| (0..width).map(|x| row.get(x / 8).map_or(0, |byte| byte >> (7 - x % 8) & 1)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each orientation makes of a picture `ab/cd/ef` (TIFF 6.0, Orientation).
    const LAID: [(u64, &[&str]); 8] = [
        (1, &["ab", "cd", "ef"]),
        (2, &["ba", "dc", "fe"]),
        (3, &["fe", "dc", "ba"]),
        (4, &["ef", "cd", "ab"]),
        (5, &["ace", "bdf"]),
        (6, &["eca", "fdb"]),
        (7, &["fdb", "eca"]),
        (8, &["bdf", "ace"]),
    ];

    #[test]
    fn all_eight_orientations() {
        for (tag, rows) in LAID {
            let image = PageImage { width: 2, height: 3, pixels: Pixels::Grey(b"abcdef".to_vec()) };
            let turned = Turn::from_tag(tag).apply(image);
            let wanted: String = rows.concat();
            assert_eq!((turned.width as usize, turned.height as usize), (rows[0].len(), rows.len()));
            assert_eq!(turned.pixels, Pixels::Grey(wanted.into_bytes()), "orientation {tag}");
        }
    }

    #[test]
    fn bits_turn_like_bytes() {
        let image = PageImage { width: 2, height: 3, pixels: Pixels::Bilevel(vec![0x40, 0x80, 0]) };
        let turned = Turn::from_tag(6).apply(image);
        assert_eq!(turned.pixels, Pixels::Bilevel(vec![0b0100_0000, 0b0010_0000]));
    }
}
