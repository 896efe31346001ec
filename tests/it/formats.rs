//! A stack with a page that cannot be read: the good pages are taken in, the broken one is named, and nobody gets past it.

use std::io::Cursor;

use tiff::encoder::{Compression, TiffEncoder, colortype};

use crate::support::Office;

const SIZE: (u32, u32) = (620, 877);

/// Three pages; the samples of the second are overwritten.
fn stack() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).unwrap().with_compression(Compression::Lzw);
    let samples: Vec<u8> = (0..SIZE.0 * SIZE.1).map(|i| (i % 251) as u8).collect();
    for _ in 0..3 {
        encoder.write_image::<colortype::Gray8>(SIZE.0, SIZE.1, &samples).unwrap();
    }
    let mut bytes = bytes.into_inner();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 600].fill(0xFF);
    bytes
}

#[test]
fn a_broken_page_holds_its_document_and_cannot_be_accepted_away() {
    let office = Office::with_files("eidas");
    let file = office.destination.with_extension("tif");
    std::fs::write(&file, stack()).unwrap();
    let name = file.to_str().unwrap();
    let taken = office.run(&["scan", name, "--outage", "SC-1"]).expect(0);
    let broken: Vec<_> = taken.events("finding").into_iter().filter(|f| f["code"] == "page_broken").collect();
    assert_eq!(broken.len(), 1);
    assert_eq!((&broken[0]["page"], &broken[0]["severity"]), (&2.into(), &"hold".into()));
    let document = &taken.events("document")[0];
    assert_eq!((&document["state"], &document["pages"]), (&"held".into(), &2.into()));
    let id = document["document"].as_str().unwrap();
    assert_eq!(office.run(&["edit", id, "accept=page_broken"]).errors(), ["page_broken"]);
    let built = office.run(&["build", id]);
    assert_ne!(built.code, 0);
    assert_eq!(built.errors(), ["page_broken"]);
    let output = file.with_extension("pdf");
    let converted = office.run(&["convert", name, "-o", output.to_str().unwrap()]);
    assert!(converted.code != 0 && !output.exists(), "no PDF with a page left out");
}
