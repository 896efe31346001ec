//! A printed page out of what is drawn and what is written on it.

use printpdf::{Mm, Op, PdfPage, Pt};

/// A page of this width and height in points; the drawings lie under the texts.
pub(crate) fn page((width, height): (f32, f32), drawings: Vec<Op>, texts: Vec<Op>) -> PdfPage {
    let mut ops = drawings;
    ops.push(Op::StartTextSection);
    ops.extend(texts);
    ops.push(Op::EndTextSection);
    let mut page = PdfPage::new(Mm(0.0), Mm(0.0), ops);
    // The constructor takes millimetres only, which A4 in points is not a whole number of.
    for area in [&mut page.media_box, &mut page.trim_box, &mut page.crop_box] {
        (area.width, area.height) = (Pt(width), Pt(height));
    }
    page
}
