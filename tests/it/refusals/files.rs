//! Files that are no scans, or broken ones.

use std::fs;
use std::io::Write;

use super::{Case, refused, scan};
use crate::support::{Office, scans as samples};

fn sample(name: &str) -> Vec<u8> {
    fs::read(samples().join(name)).unwrap()
}

fn cut(name: &str) -> Vec<u8> {
    let mut bytes = sample(name);
    bytes.truncate(bytes.len() * 2 / 3);
    bytes
}

/// The sample JPEG with another kind of frame header (ITU-T T.81 table B.1).
fn frame(marker: u8) -> Vec<u8> {
    let mut bytes = sample("scan_0001.jpg");
    let at = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    bytes[at + 1] = marker;
    bytes
}

/// The sample JPEG with samples of 12 bits.
fn twelve_bits() -> Vec<u8> {
    let mut bytes = frame(0xC1);
    let at = bytes.windows(2).position(|pair| pair == [0xFF, 0xC1]).unwrap();
    bytes[at + 4] = 12;
    bytes
}

/// The sample JPEG whose frame claims so many rows and columns.
fn sized(rows: u16, columns: u16) -> Vec<u8> {
    let mut bytes = frame(0xC0);
    let at = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    bytes[at + 5..at + 7].copy_from_slice(&rows.to_be_bytes());
    bytes[at + 7..at + 9].copy_from_slice(&columns.to_be_bytes());
    bytes
}

/// The sample PNG with another head (ISO/IEC 15948 clause 11.2.2), its check value right.
fn png_head(change: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let mut bytes = sample("Thong bao 88.png");
    change(&mut bytes[16..29]);
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

/// CRC-32 of PNG chunks (ISO/IEC 15948 Annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 })
    })
}

/// A TIFF of these entries (all LONG, count 1); `next` is the place of the next directory.
fn tiff(entries: &[(u16, u32)], next: u32) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend(u16::try_from(entries.len()).unwrap().to_le_bytes());
    for (tag, value) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend([4, 0, 1, 0, 0, 0]);
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend(next.to_le_bytes());
    bytes.extend([0x55; 64]);
    bytes
}

fn page(side: u32, compression: u32) -> Vec<(u16, u32)> {
    vec![(256, side), (257, side), (258, 8), (259, compression), (262, 1), (273, 8), (278, side), (279, 64)]
}

/// An office document: a ZIP whose first member is its list of parts.
fn word() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("[Content_Types].xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<Types/>").unwrap();
    zip.finish().unwrap().into_inner()
}

fn box_of(brand: &[u8; 4]) -> Vec<u8> {
    [b"\0\0\0\x18ftyp".as_slice(), brand, b"\0\0\0\0mif1", brand].concat()
}

/// Files of one byte string each.
fn contents() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    vec![
        ("empty.jpg", Vec::new(), "scan_empty"),
        ("letter as text.tif", b"This is a letter and no picture.".to_vec(), "scan_unknown"),
        ("noise.jpg", (0..5000u32).map(|i| ((i * 7919) >> 3) as u8).collect(), "scan_unknown"),
        ("page.webp", b"RIFF\x24\0\0\0WEBPVP8 ".to_vec(), "scan_format"),
        ("page.gif", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), "scan_format"),
        ("page.bmp", b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec(), "scan_format"),
        ("page.heic", box_of(b"heic"), "scan_format"),
        ("page.avif", box_of(b"avif"), "scan_format"),
        ("letter.docx", word(), "scan_format"),
        ("letter.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0".to_vec(), "scan_format"),
        ("cut.jpg", cut("scan_0001.jpg"), "scan_cut"),
        ("cut.tif", cut("Cong van 125.tif"), "scan_cut"),
        ("cut.png", cut("Thong bao 88.png"), "scan_cut"),
        ("head only.jpg", sample("scan_0001.jpg")[..300].to_vec(), "scan_cut"),
        ("arithmetic.jpg", frame(0xC9), "scan_variant"),
        ("lossless.jpg", frame(0xC3), "scan_variant"),
        ("12 bit.jpg", twelve_bits(), "scan_variant"),
        ("65,000 pixels a side.jpg", sized(65_000, 65_000), "scan_too_large"),
        (
            "100,000 pixels a side.png",
            png_head(|h| h[..8].copy_from_slice(&[0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0])),
            "scan_too_large",
        ),
        ("no width.png", png_head(|h| h[..4].fill(0)), "scan_broken"),
        ("depth 3.png", png_head(|h| h[8] = 3), "scan_broken"),
        (
            "wrong check value.png",
            {
                let mut b = sample("Thong bao 88.png");
                b[30] ^= 1;
                b
            },
            "scan_broken",
        ),
        ("100,000 pixels a side.tif", tiff(&page(100_000, 1), 0), "scan_too_large"),
        ("no directory.tif", b"II*\0\0\0\0\0".to_vec(), "scan_cut"),
        ("directory outside.tif", b"II*\0\xF0\xFF\xFF\x7F".to_vec(), "scan_cut"),
        ("directory of itself.tif", tiff(&page(8, 1), 8), "scan_broken"),
        (
            "no width.tif",
            tiff(&[(256, 0), (257, 8), (258, 8), (259, 1), (262, 1), (273, 8), (279, 64)], 0),
            "scan_broken",
        ),
        ("JPEG 2000 inside.tif", tiff(&page(8, 34_712), 0), "scan_variant"),
        ("no strips.tif", tiff(&[(256, 8), (257, 8), (258, 8), (259, 1), (262, 1)], 0), "scan_cut"),
    ]
}

pub(super) fn scans(office: &Office) -> Vec<Case> {
    let mut cases: Vec<Case> = contents()
        .into_iter()
        .map(|(name, bytes, code)| refused(name, 4, code, || scan(office, name, &bytes)))
        .collect();
    cases.extend(places(office));
    cases
}

/// Inputs that are no regular files.
fn places(office: &Office) -> Vec<Case> {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::os::unix::fs::symlink("/nonexistent", at("dangling.jpg")).unwrap();
    fs::create_dir(at("empty folder")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(at("pipe.jpg")).status().unwrap().success());
    [
        ("missing.jpg", 4, "file_missing"),
        ("dangling.jpg", 4, "file_missing"),
        ("pipe.jpg", 4, "scan_unknown"),
        ("empty folder", 2, "nothing_to_do"),
    ]
    .map(|(name, exit, code)| {
        refused(name, exit, code, || office.run(&["scan", &at(name), "--outage", "SC-1"]))
    })
    .into()
}
