//! Paper as a cheap office scanner delivers it: pictures of pages, skewed, turned, noisy, torn, in one TIFF.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use scanseal::scan::{self, Pixels};

/// A picture of 8 bit grey.
#[derive(Clone)]
pub struct Grey {
    pub width: usize,
    pub height: usize,
    pub samples: Vec<u8>,
}

/// xorshift, Marsaglia 2003: the same numbers in every run.
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Between `from` and `to`.
    pub fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * (self.next() % 1_000_000) as f64 / 1e6
    }
}

impl Grey {
    /// White paper of a size.
    pub fn white(width: usize, height: usize) -> Self {
        Self { width, height, samples: vec![245; width * height] }
    }

    /// The pages of a PDF at a resolution, drawn by poppler.
    pub fn of_pdf(pdf: &Path, dpi: u32) -> Vec<Self> {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("p");
        let done = Command::new("pdftoppm")
            .args(["-gray", "-r", &dpi.to_string()])
            .args([pdf, root.as_path()])
            .status()
            .expect("pdftoppm");
        assert!(done.success());
        let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().path()).collect();
        names.sort();
        names.iter().map(|name| Self::of_pgm(&fs::read(name).unwrap())).collect()
    }

    /// Portable grey map (netpbm), binary.
    fn of_pgm(bytes: &[u8]) -> Self {
        let mut fields = Vec::new();
        let mut at = 0;
        while fields.len() < 4 {
            let end = at + bytes[at..].iter().position(|b| b.is_ascii_whitespace()).unwrap();
            fields.push(std::str::from_utf8(&bytes[at..end]).unwrap());
            at = end + 1;
        }
        let (width, height) = (fields[1].parse().unwrap(), fields[2].parse().unwrap());
        assert_eq!((fields[0], fields[3]), ("P5", "255"));
        Self { width, height, samples: bytes[at..].to_vec() }
    }

    /// A scan of the repository, at another resolution.
    pub fn of_scan(path: &Path, dpi: f64) -> Self {
        let bytes = fs::read(path).unwrap();
        let stated = scan::inspect("sample", &bytes).unwrap()[0].dpi.x;
        let image = scan::decode(&bytes, 0).unwrap();
        let (width, height) = (image.width as usize, image.height as usize);
        let samples = match image.pixels {
            Pixels::Grey(samples) => samples,
            Pixels::Rgb(samples) => samples
                .chunks(3)
                .map(|p| ((77 * p[0] as u32 + 150 * p[1] as u32 + 29 * p[2] as u32) >> 8) as u8)
                .collect(),
            Pixels::Bilevel(bits) => {
                let bytes = width.div_ceil(8);
                let bit = |i: usize| bits[i / width * bytes + i % width / 8] >> (7 - i % width % 8) & 1;
                (0..width * height).map(|i| 255 * (1 - bit(i))).collect()
            }
        };
        Self { width, height, samples }.scaled(dpi / stated)
    }

    /// Averages when it gets smaller.
    pub fn scaled(&self, by: f64) -> Self {
        let size = |n: usize| ((n as f64 * by).round() as usize).max(1);
        let (width, height) = (size(self.width), size(self.height));
        let range = |i: usize, of: usize| {
            let from = (i as f64 / by) as usize;
            from..(((i + 1) as f64 / by).ceil() as usize).clamp(from + 1, of.max(from + 1))
        };
        let mut samples = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let (mut sum, mut count) = (0u32, 0u32);
                for v in range(y, self.height) {
                    for u in range(x, self.width) {
                        sum += u32::from(self.at(u as i64, v as i64));
                        count += 1;
                    }
                }
                samples.push((sum / count.max(1)) as u8);
            }
        }
        Self { width, height, samples }
    }

    fn at(&self, x: i64, y: i64) -> u8 {
        let inside = x >= 0 && y >= 0 && x < self.width as i64 && y < self.height as i64;
        if inside { self.samples[y as usize * self.width + x as usize] } else { 225 }
    }

    /// Through the scanner: turned by quarters, skewed, soft, uneven light, noise.
    pub fn scanned(&self, chance: &mut Chance, quarters: u64) -> Self {
        let turned = self.turned(quarters);
        let (sin, cos) = chance.between(-5.0, 5.0).to_radians().sin_cos();
        let (gain, lift, slope) =
            (chance.between(0.72, 1.0), chance.between(0.0, 30.0), chance.between(-12.0, 12.0));
        let (cx, cy) = (turned.width as f64 / 2.0, turned.height as f64 / 2.0);
        let mut samples = Vec::with_capacity(turned.samples.len());
        for y in 0..turned.height {
            for x in 0..turned.width {
                let (dx, dy) = (x as f64 - cx, y as f64 - cy);
                let (u, v) = (dx * cos + dy * sin + cx, dy * cos - dx * sin + cy);
                let value = turned.soft(u, v) * gain + lift + slope * dy / cy;
                let noise = (chance.next() % 15) as f64 - 7.0;
                samples.push((value + noise).clamp(0.0, 255.0) as u8);
            }
        }
        Self { samples, ..turned }
    }

    /// Bilinear.
    fn soft(&self, x: f64, y: f64) -> f64 {
        let (left, top) = (x.floor(), y.floor());
        let (right, low) = (x - left, y - top);
        let at = |dx: i64, dy: i64| f64::from(self.at(left as i64 + dx, top as i64 + dy));
        (at(0, 0) * (1.0 - right) + at(1, 0) * right) * (1.0 - low)
            + (at(0, 1) * (1.0 - right) + at(1, 1) * right) * low
    }

    fn turned(&self, quarters: u64) -> Self {
        match quarters % 4 {
            0 => self.clone(),
            2 => Self { samples: self.samples.iter().rev().copied().collect(), ..*self },
            quarter => {
                let (width, height) = (self.height, self.width);
                let from = |x: usize, y: usize| match quarter {
                    1 => (self.height - 1 - x) * self.width + y,
                    _ => x * self.width + (self.width - 1 - y),
                };
                let samples = (0..width * height).map(|i| self.samples[from(i % width, i / width)]).collect();
                Self { width, height, samples }
            }
        }
    }

    /// One corner is torn off: `size` of the width along both edges. Counted 0 to 3 from the upper left.
    pub fn torn(mut self, corner: u64, size: f64) -> Self {
        let reach = self.width as f64 * size;
        for y in 0..self.height {
            for x in 0..self.width {
                let across = if corner.is_multiple_of(2) { x } else { self.width - 1 - x };
                let down = if (corner / 2).is_multiple_of(2) { y } else { self.height - 1 - y };
                if ((across + down) as f64) < reach {
                    self.samples[y * self.width + x] = 70;
                }
            }
        }
        self
    }

    /// Rows of bits, 1 is black.
    fn bits(&self) -> Vec<u8> {
        scan::pack(&self.samples, self.width as u32, |v| v < 140)
    }
}

/// How the pages of a TIFF are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    Grey,
    Bilevel,
    /// Bilevel by ITU-T T.6.
    G4,
}

fn deflated(raw: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(raw).unwrap();
    packed.finish().unwrap()
}

fn g4(bits: &[u8], width: usize) -> Vec<u8> {
    let mut encoder = fax::encoder::Encoder::new(fax::VecWriter::new());
    for row in bits.chunks(width.div_ceil(8)) {
        let pel =
            |x: usize| if row[x / 8] >> (7 - x % 8) & 1 == 1 { fax::Color::Black } else { fax::Color::White };
        encoder.encode_line((0..width).map(pel), width as u32).unwrap();
    }
    encoder.finish().unwrap().finish()
}

/// A TIFF that is written page by page (TIFF 6.0, little-endian, deflate).
pub struct Stack {
    bytes: Vec<u8>,
    /// Where the offset of the next directory is to be written.
    link: usize,
}

impl Stack {
    pub fn new() -> Self {
        Self { bytes: b"II\x2A\0\0\0\0\0".to_vec(), link: 4 }
    }

    pub fn page(&mut self, page: &Grey, dpi: u32, form: Form) {
        let (bits, scheme, packed) = match form {
            Form::Grey => (8, 8, deflated(&page.samples)),
            Form::Bilevel => (1, 8, deflated(&page.bits())),
            Form::G4 => (1, 4, g4(&page.bits(), page.width)),
        };
        let strip = self.bytes.len() as u32;
        self.bytes.extend(&packed);
        self.bytes.resize(self.bytes.len().next_multiple_of(2), 0);
        let ratio = self.bytes.len() as u32;
        self.bytes.extend([dpi.to_le_bytes(), 1u32.to_le_bytes()].concat());
        let photometric = if form == Form::Grey { 1 } else { 0 };
        let (short, long, rational) = (3u16, 4u16, 5u16);
        let entries: [(u16, u16, u32); 12] = [
            (256, long, page.width as u32),
            (257, long, page.height as u32),
            (258, short, bits),
            (259, short, scheme),
            (262, short, photometric),
            (273, long, strip),
            (277, short, 1),
            (278, long, page.height as u32),
            (279, long, packed.len() as u32),
            (282, rational, ratio),
            (283, rational, ratio),
            (296, short, 2),
        ];
        let directory = self.bytes.len() as u32;
        self.bytes[self.link..self.link + 4].copy_from_slice(&directory.to_le_bytes());
        self.bytes.extend((entries.len() as u16).to_le_bytes());
        for (tag, kind, value) in entries {
            self.bytes.extend(tag.to_le_bytes());
            self.bytes.extend(kind.to_le_bytes());
            self.bytes.extend(1u32.to_le_bytes());
            self.bytes.extend(value.to_le_bytes());
        }
        self.link = self.bytes.len();
        self.bytes.extend([0; 4]);
    }

    pub fn write(self, path: &Path) {
        fs::write(path, self.bytes).unwrap();
    }
}

/// A small page that shows a bar for its number, so that no two are the same, and is `width` pixels wide.
pub fn numbered(number: u32, width: usize) -> Grey {
    let mut page = Grey::white(width, 877);
    for line in 0..18usize {
        let y = 60 + line * 42;
        for x in 60..width - 60 {
            let own = line == number as usize % 18 && x / 20 == 4 + number as usize / 18;
            let stroke = !own && (x * 7 + line * 29 + number as usize) % 31 < 17;
            if stroke {
                (y..y + 6).for_each(|y| page.samples[y * width + x] = 30);
            }
        }
    }
    page
}
