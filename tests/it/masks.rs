//! Every bilevel stream that is written, read by decoders of others: jbig2dec, mutool and libtiff have to see the very pixels
//! that we see. And pages that are smaller as they came in.

use std::fs;
use std::path::{Path, PathBuf};

use scanseal::compress::{
    self, Class, Encoded, Fidelity, Layer, MaskCodec, PageLayers, Paint, Role, Settings,
};
use scanseal::scan::{self, Dpi, Pixels, collect};
use serde_json::Value;

use crate::support::{other, scans, scanseal};

/// A bilevel stream with its size.
struct Mask<'a> {
    stream: &'a Encoded,
    width: u32,
    height: u32,
}

impl<'a> Mask<'a> {
    fn of(layer: &'a Layer) -> Option<Self> {
        match &layer.paint {
            Paint::Image(_) => None,
            Paint::Stencil { mask, .. } => {
                Some(Self { stream: mask, width: layer.width, height: layer.height })
            }
            Paint::Masked { mask, mask_size: (width, height), .. } => {
                Some(Self { stream: mask, width: *width, height: *height })
            }
        }
    }

    /// What we see: rows padded to bytes, 1 is black.
    fn ours(&self, dpi: Dpi) -> Vec<u8> {
        let layer = Layer {
            role: Role::Text,
            width: self.width,
            height: self.height,
            area: [0, 0, self.width, self.height],
            paint: Paint::Stencil { mask: self.stream.clone(), rgb: [0; 3] },
        };
        let fidelity = Fidelity::default();
        let (width, height) = (self.width, self.height);
        let page = PageLayers { width, height, dpi, layers: vec![layer], records: Vec::new(), fidelity };
        let Pixels::Rgb(samples) = compress::reconstruct(&page).unwrap().pixels else { panic!("colour") };
        let grey: Vec<u8> = samples.chunks(3).map(|pixel| pixel[0]).collect();
        scan::pack(&grey, width, |v| v == 0)
    }

    fn bytes(&self) -> &[u8] {
        match self.stream {
            Encoded::Jbig2(bytes) | Encoded::G4(bytes) => bytes,
            _ => panic!("not bilevel"),
        }
    }

    /// What mutool sees in a PDF that holds nothing else; 0 is black there.
    fn mutool(&self, folder: &Path) -> Option<Vec<u8>> {
        let filter = match self.stream {
            Encoded::Jbig2(_) => "/Filter/JBIG2Decode".to_owned(),
            _ => format!(
                "/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns {}/Rows {}>>",
                self.width, self.height
            ),
        };
        let head = format!(
            "%PDF-1.7\n1 0 obj\n<</Subtype/Image/Width {}/Height {}/ImageMask true/BitsPerComponent 1{filter}/Length {}>>\nstream\n",
            self.width,
            self.height,
            self.bytes().len()
        );
        let tail = "\nendstream\nendobj\n2 0 obj\n<</Type/Catalog/Pages 3 0 R>>\nendobj\n3 0 obj\n\
                    <</Type/Pages/Count 0/Kids[]>>\nendobj\ntrailer\n<</Root 2 0 R/Size 4>>\n";
        let (file, out) = (folder.join("mask.pdf"), folder.join("mask.raw"));
        fs::write(&file, [head.as_bytes(), self.bytes(), tail.as_bytes()].concat()).unwrap();
        let (good, text) = other("mutool", &["show", "-b", "-o", path(&out), path(&file), "1"])?;
        assert!(good, "{text}");
        let mut bits: Vec<u8> = fs::read(&out).unwrap().iter().map(|byte| !byte).collect();
        clear_padding(&mut bits, self.width);
        Some(bits)
    }

    /// What jbig2dec, or libtiff, sees.
    fn codec_of_others(&self, folder: &Path) -> Option<Vec<u8>> {
        match self.stream {
            Encoded::Jbig2(_) => self.jbig2dec(folder),
            _ => self.libtiff(folder),
        }
    }

    fn jbig2dec(&self, folder: &Path) -> Option<Vec<u8>> {
        let (file, out) = (folder.join("mask.jb2"), folder.join("mask.pbm"));
        fs::write(&file, self.bytes()).unwrap();
        let (good, text) = other("jbig2dec", &["-e", "-t", "pbm", "-o", path(&out), path(&file)])?;
        assert!(good && !text.to_lowercase().contains("warn"), "{text}");
        let pbm = fs::read(&out).unwrap();
        let head = format!("P4\n{} {}\n", self.width, self.height);
        Some(pbm.strip_prefix(head.as_bytes()).expect("size").to_vec())
    }

    /// Through a TIFF of one strip that libtiff writes again without compression.
    fn libtiff(&self, folder: &Path) -> Option<Vec<u8>> {
        let (file, out) = (folder.join("mask.tif"), folder.join("plain.tif"));
        let length = u32::try_from(self.bytes().len()).unwrap();
        let entries: [(u16, u32); 9] = [
            (256, self.width),
            (257, self.height),
            (258, 1),
            (259, 4),
            (262, 0),
            (273, 8),
            (277, 1),
            (278, self.height),
            (279, length),
        ];
        let mut tiff = [b"II*\0".as_slice(), &(8 + length + length % 2).to_le_bytes(), self.bytes()].concat();
        tiff.resize(8 + (length + length % 2) as usize, 0);
        tiff.extend((entries.len() as u16).to_le_bytes());
        for (tag, value) in entries {
            tiff.extend(
                [&tag.to_le_bytes()[..], &4u16.to_le_bytes(), &1u32.to_le_bytes(), &value.to_le_bytes()]
                    .concat(),
            );
        }
        tiff.extend([0; 4]);
        fs::write(&file, tiff).unwrap();
        let (good, text) = other("tiffcp", &["-c", "none", path(&file), path(&out)])?;
        assert!(good, "{text}");
        match scan::decode(&fs::read(&out).unwrap(), 0).unwrap().pixels {
            Pixels::Bilevel(bits) => Some(bits),
            other => panic!("{other:?}"),
        }
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn clear_padding(bits: &mut [u8], width: u32) {
    let keep = if width.is_multiple_of(8) { 0xFF } else { 0xFF << (8 - width % 8) } as u8;
    for row in bits.chunks_mut(width.div_ceil(8) as usize) {
        if let Some(last) = row.last_mut() {
            *last &= keep;
        }
    }
}

/// The samples of the repository, and the difficult pages where `SCANSEAL_PAGES` names a folder of them.
fn pages() -> Vec<PathBuf> {
    let hard = std::env::var_os("SCANSEAL_PAGES").map(PathBuf::from);
    let folders: Vec<PathBuf> = [scans()].into_iter().chain(hard).collect();
    collect::inputs(&folders).unwrap().files
}

#[test]
fn every_mask_is_the_same_in_the_decoders_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = [0; 2];
    for file in pages() {
        let bytes = fs::read(&file).unwrap();
        for page in scan::inspect("page", &bytes).unwrap() {
            for (kind, mask) in [MaskCodec::Jbig2Generic, MaskCodec::G4].into_iter().enumerate() {
                let settings = Settings { class: Class::Normal, mask, min_dpi: 200 };
                let image = scan::decode(&bytes, page.index).unwrap();
                let layers = compress::owned_page(image, page.dpi, &settings).unwrap();
                for mask in layers.layers.iter().filter_map(Mask::of) {
                    let ours = mask.ours(page.dpi);
                    let (Some(a), Some(b)) =
                        (mask.mutool(folder.path()), mask.codec_of_others(folder.path()))
                    else {
                        return;
                    };
                    assert!(a == ours, "mutool, {} page {}", file.display(), page.index + 1);
                    assert!(b == ours, "jbig2dec or libtiff, {} page {}", file.display(), page.index + 1);
                    seen[kind] += 1;
                }
            }
        }
    }
    println!("{} JBIG2 and {} G4 streams, identical in mutool and in jbig2dec or libtiff", seen[0], seen[1]);
    assert!(seen.iter().all(|count| *count > 20), "{seen:?}");
}

/// Control: the comparison sees a single pixel.
#[test]
fn a_mask_that_differs_by_one_pixel_is_seen_by_the_decoders_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let page = |black: usize| {
        let mut bits = vec![0u8; 40 * 300];
        bits[black] = 0x10;
        let image = scan::PageImage { width: 320, height: 300, pixels: Pixels::Bilevel(bits) };
        let dpi = Dpi { x: 300.0, y: 300.0, origin: scan::DpiOrigin::File };
        let settings = Settings { class: Class::Normal, mask: MaskCodec::G4, min_dpi: 200 };
        compress::owned_page(image, dpi, &settings).unwrap()
    };
    let (one, both) = (page(4_000), page(4_000));
    assert_eq!(one.layers, both.layers);
    // The area of a stencil ends with its black: a pixel more makes another area, and other bits.
    let mask = Mask::of(&one.layers[0]).unwrap();
    let Some(seen) = mask.mutool(folder.path()) else { return };
    let mut ours = mask.ours(one.dpi);
    assert_eq!(seen, ours);
    ours[0] ^= 0x80;
    assert_ne!(seen, ours);
}

fn converted(folder: &Path, input: &Path, class: &str) -> (Vec<String>, u64) {
    let out = folder.join(format!("{}-{class}.pdf", input.file_stem().unwrap().to_str().unwrap()));
    let arguments =
        ["convert", path(input), "-o", path(&out), "--no-ocr", "--class", class, "--explain", "--json"];
    let lines: Vec<Value> = scanseal(folder, &arguments).expect(0).lines();
    let codecs = lines.iter().filter(|line| line["stage"] == "layer");
    let codecs = codecs.map(|line| line["codec"].as_str().unwrap().to_owned()).collect();
    (codecs, fs::metadata(&out).unwrap().len())
}

#[test]
fn a_tiny_jpeg_goes_into_the_pdf_as_it_came() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tiny.jpg");
    let mut jpeg = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut jpeg, 12);
    encoder.set_density(jpeg_encoder::PixelDensity::dpi(100));
    encoder.add_app_segment(1, b"Exif\0\0not for readers of a PDF".to_vec()).unwrap();
    let samples: Vec<u8> =
        (0..300 * 400 * 3).map(|i| (i / 3 % 300 / 2 + i / 900 / 3 + i % 3 * 20) as u8).collect();
    encoder.encode(&samples, 300, 400, jpeg_encoder::ColorType::Rgb).unwrap();
    fs::write(&file, &jpeg).unwrap();
    let (codecs, size) = converted(folder.path(), &file, "high");
    assert_eq!(codecs, ["as_scanned"]);
    let pdf = fs::read(folder.path().join("tiny-high.pdf")).unwrap();
    let contains = |part: &[u8]| pdf.windows(part.len()).any(|window| window == part);
    // The samples as they are, without what describes the camera.
    assert!(contains(&jpeg[jpeg.len() - 500..]) && !contains(b"not for readers of a PDF"));
    // A page of 300 x 400 pixels at 100 dpi is 216 x 288 points.
    assert!(contains(b"/MediaBox[0 0 216 288]"), "{size}");
    let Some((good, text)) = other("pdfimages", &["-list", path(&folder.path().join("tiny-high.pdf"))])
    else {
        return;
    };
    assert!(good && text.contains("jpeg"), "{text}");
}
