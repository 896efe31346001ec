//! PDFs written by hand: what is taken out, what is laid together, what is refused.

use super::super::{PageImage, Pixels, decode, inspect};

/// A PDF of these objects, numbered from 1; object 1 is the catalogue.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n", i + 1).into_bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let start = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).into_bytes());
    places.iter().for_each(|at| bytes.extend(format!("{at:010} 00000 n \n").into_bytes()));
    let trailer = format!("trailer <</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", places.len() + 1);
    bytes.extend(trailer.into_bytes());
    bytes
}

fn stream(dict: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = format!("<<{dict}/Length {}>>\nstream\n", data.len()).into_bytes();
    bytes.extend(data);
    bytes.extend(b"\nendstream");
    bytes
}

/// One page of 144 x 72 points, with pictures Im1, Im2, ... and further keys of page and catalogue.
fn one_page(content: &str, pictures: &[Vec<u8>], page: &str, catalogue: &str) -> Vec<u8> {
    let names: String = (1..=pictures.len()).map(|i| format!("/Im{i} {} 0 R", i + 4)).collect();
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalogue}>>").into_bytes(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 144 72]>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<<{names}>>>>{page}>>")
            .into_bytes(),
        stream("", content.as_bytes()),
    ];
    objects.extend(pictures.iter().cloned());
    pdf(&objects)
}

const FULL: &str = "q 144 0 0 72 0 0 cm /Im1 Do Q";

/// 4 x 2 pixels: each has its own grey.
fn greys() -> Vec<u8> {
    picture(
        "/Width 4/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8",
        &[0, 32, 64, 96, 128, 160, 192, 224],
    )
}

fn picture(dict: &str, data: &[u8]) -> Vec<u8> {
    stream(&format!("/Type/XObject/Subtype/Image{dict}"), data)
}

pub(in super::super) fn pdf_of_samples(dict: &str, data: &[u8]) -> Vec<u8> {
    one_page(FULL, &[picture(dict, data)], "", "")
}

pub(in super::super) fn pdf_of_jpeg(jpeg: &[u8]) -> Vec<u8> {
    let dict = "/Width 61/Height 47/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode";
    one_page(FULL, &[picture(dict, jpeg)], "", "")
}

/// Catalogue and pages in an object stream, cross-references in a stream.
pub(in super::super) fn pdf_with_object_stream() -> Vec<u8> {
    let first = b"<</Type/Catalog/Pages 2 0 R>>";
    let second = b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 144 72]>>";
    let third = b"<</Type/Page/Contents 5 0 R/Resources<</XObject<</Im1 6 0 R>>>>>>";
    let header = format!("1 0 2 {} 3 {} ", first.len(), first.len() + second.len());
    let inside = [header.as_bytes(), first, second, third].concat();
    let mut bytes = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in [
        (4, stream(&format!("/Type/ObjStm/N 3/First {}", header.len()), &inside)),
        (5, stream("", FULL.as_bytes())),
        (6, greys()),
    ] {
        places.push(bytes.len());
        bytes.extend(format!("{number} 0 obj\n").into_bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let start = bytes.len();
    let mut rows: Vec<u8> = vec![0, 0, 0, 0, 2, 0, 4, 0, 2, 0, 4, 1, 2, 0, 4, 2];
    for place in places.iter().chain([&start]) {
        rows.extend([1, (place >> 8) as u8, *place as u8, 0]);
    }
    let dict = "/Type/XRef/Size 8/W[1 2 1]/Root 1 0 R";
    bytes.extend([&b"7 0 obj\n"[..], &stream(dict, &rows), b"\nendobj\n"].concat());
    bytes.extend(format!("startxref\n{start}\n%%EOF").into_bytes());
    bytes
}

fn grey_of(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    let PageImage { width, height, pixels } = decode(bytes, 0).unwrap();
    let Pixels::Grey(samples) = pixels else { panic!("{pixels:?}") };
    (width, height, samples)
}

fn code(bytes: &[u8]) -> &'static str {
    inspect("x.pdf", bytes).unwrap_err().code()
}

fn found(bytes: &[u8]) -> Vec<String> {
    inspect("x.pdf", bytes).unwrap()[0].findings.iter().map(|f| f.code.clone()).collect()
}

#[test]
fn a_picture_over_the_page_is_taken_out_as_it_is() {
    let whole = one_page(FULL, &[greys()], "", "");
    assert_eq!(grey_of(&whole), (4, 2, vec![0, 32, 64, 96, 128, 160, 192, 224]));
    assert_eq!(grey_of(&pdf_with_object_stream()).2.len(), 8);
    let inverted = "/Width 2/Height 1/ColorSpace/DeviceGray/BitsPerComponent 4/Decode[1 0]";
    assert_eq!(grey_of(&pdf_of_samples(inverted, &[0x0F])).2, [255, 0]);
}

#[test]
fn rotation_is_honoured_pixel_by_pixel() {
    let turned = one_page(FULL, &[greys()], "/Rotate 90", "");
    assert_eq!(grey_of(&turned), (2, 4, vec![128, 0, 160, 32, 192, 64, 224, 96]));
    assert!(found(&turned).contains(&"exif_turned".to_owned()));
    let half = one_page(FULL, &[greys()], "/Rotate 180", "");
    assert_eq!(grey_of(&half).2, [224, 192, 160, 128, 96, 64, 32, 0]);
    let back = one_page("q 0 72 -144 0 144 0 cm /Im1 Do Q", &[greys()], "", "");
    assert!(decode(&back, 0).is_ok(), "a quarter turn by the matrix");
}

#[test]
fn strips_are_laid_together_at_their_resolution() {
    let strip = |data: &[u8]| picture("/Width 4/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", data);
    let content = "q 144 0 0 36 0 36 cm /Im1 Do Q q 144 0 0 36 0 0 cm /Im2 Do Q";
    let bytes = one_page(content, &[strip(&[0, 32, 64, 96]), strip(&[128, 160, 192, 224])], "", "");
    assert_eq!(grey_of(&bytes), (4, 2, vec![0, 32, 64, 96, 128, 160, 192, 224]));
    assert!(found(&bytes).contains(&"pdf_rendered".to_owned()));
    let cropped = one_page(FULL, &[greys()], "/CropBox[72 0 144 72]", "");
    assert_eq!(grey_of(&cropped), (2, 2, vec![64, 96, 192, 224]));
}

#[test]
fn bits_palettes_and_predictors() {
    let bits = |dict: &str, data: &[u8]| decode(&pdf_of_samples(dict, data), 0).unwrap().pixels;
    let stencil = bits("/Width 8/Height 1/ImageMask true", &[0b0111_1111]);
    assert_eq!(stencil, Pixels::Bilevel(vec![0x80]), "0 is painted, in black");
    let palette = "/Width 2/Height 1/BitsPerComponent 1/ColorSpace[/Indexed/DeviceRGB 1<FF0000 0000FF>]";
    assert_eq!(bits(palette, &[0b0100_0000]), Pixels::Rgb(vec![255, 0, 0, 0, 0, 255]));
    let cmyk = "/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceCMYK";
    assert_eq!(bits(cmyk, &[0, 255, 255, 0]), Pixels::Rgb(vec![255, 0, 0]));
    let up = [2u8, 10, 20, 2, 5, 5];
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut zlib, &up).unwrap();
    let dict = "/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode\
        /DecodeParms<</Predictor 15/Columns 2>>";
    assert_eq!(bits(dict, &zlib.finish().unwrap()), Pixels::Grey(vec![10, 20, 15, 25]));
    let hex =
        "/Width 2/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Filter[/ASCIIHexDecode/RunLengthDecode]";
    assert_eq!(bits(hex, b"01 07 09 80>"), Pixels::Grey(vec![7, 9]));
}

#[test]
fn what_is_no_scan_is_refused_with_its_reason() {
    let text = "BT /F1 12 Tf (Kinh gui) Tj ET";
    assert_eq!(code(&one_page(&format!("{FULL} {text}"), &[greys()], "", "")), "pdf_has_text");
    assert_eq!(code(&one_page(text, &[], "", "")), "pdf_has_text");
    assert_eq!(code(&one_page("0 0 m 9 9 l S", &[], "", "")), "pdf_has_drawing");
    assert_eq!(code(&one_page(&format!("{FULL} 0 0 m 9 9 l S"), &[greys()], "", "")), "pdf_has_drawing");
    let form = "/AcroForm<</Fields[<</FT/Tx/T(a)>>]>>";
    assert_eq!(code(&one_page(FULL, &[greys()], "", form)), "pdf_has_form");
    let signed = "/AcroForm<</Fields[<</FT/Sig/T(a)/V<</Type/Sig>>>>]>>";
    assert_eq!(code(&one_page(FULL, &[greys()], "", signed)), "pdf_is_signed");
    let note = "/Annots[<</Subtype/Text/Rect[0 0 9 9]>>]";
    assert_eq!(code(&one_page(FULL, &[greys()], note, "")), "pdf_has_notes");
    let link = "/Annots[<</Subtype/Link/Rect[0 0 9 9]>>]";
    assert!(inspect("x.pdf", &one_page(FULL, &[greys()], link, "/AcroForm<</Fields[]>>")).is_ok());
    let whole = one_page(FULL, &[greys()], "", "");
    let locked = String::from_utf8_lossy(&whole).replace("/Root 1 0 R", "/Root 1 0 R/Encrypt<<>>");
    // Greys above 127 are no UTF-8; this page never gets as far as its samples.
    assert_eq!(code(&relocated(locked.as_bytes())), "pdf_encrypted");
}

/// Lossy text moves what stands behind the samples: startxref is set again.
fn relocated(bytes: &[u8]) -> Vec<u8> {
    let at = bytes.windows(5).position(|w| w == b"xref\n").unwrap();
    let cut = bytes.windows(9).position(|w| w == b"startxref").unwrap();
    [&bytes[..cut], format!("startxref\n{at}\n%%EOF").as_bytes()].concat()
}

#[test]
fn recognised_text_under_the_scan_is_left_out() {
    let hidden = format!("{FULL} BT 3 Tr /F1 12 Tf (Kinh gui) Tj ET");
    let bytes = one_page(&hidden, &[greys()], "", "");
    assert_eq!(grey_of(&bytes).2.len(), 8);
    assert!(found(&bytes).contains(&"pdf_text_dropped".to_owned()));
    let below = format!("BT /F1 12 Tf (Kinh gui) Tj ET {FULL}");
    assert!(found(&one_page(&below, &[greys()], "", "")).contains(&"pdf_text_dropped".to_owned()));
}

#[test]
fn circles_and_endless_promises_end() {
    let objects = [b"<</Pages 2 0 R>>".to_vec(), b"<</Kids[2 0 R 2 0 R]>>".to_vec()];
    assert_eq!(code(&pdf(&objects)), "scan_broken");
    let objects = [b"<</Pages 2 0 R>>".to_vec(), b"2 0 R".to_vec()];
    assert_eq!(code(&pdf(&objects)), "scan_broken");
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</Im1 5 0 R>>>>";
    assert_eq!(code(&one_page("/Im1 Do", &[stream(form, b"/Im1 Do")], "", "")), "pdf_has_drawing");
}
