//! How sharp and how dark the strokes of a page are, measured on rows of its own pixels.

use super::super::{PageImage, Pixels};

/// Every so many-th row is looked at: 350 of an A4 sheet at 300 dpi, each line of print is met twice.
const ROW_STEP: usize = 10;
/// Rows that are put together, against the noise of the sensor.
const ROWS: usize = 3;
/// Half of the stretch in which an edge has to rise, in millimetres.
const REACH_MM: f64 = 0.34;
/// Strip in millimetres at both sides that may show the edge of the sheet.
const RIM_MM: f64 = 9.0;
/// Rise of green light, of 255, of the strokes that tell the sharpness.
const EDGE: i32 = 60;
/// Rise of a stroke that might as well shine through from the back, and widest edge in millimetres that does not.
const FAINT: i32 = 20;
const FAINT_MM: f64 = 0.40;
/// Most edges that are kept.
const MOST: usize = 60_000;

/// What the edges of a page's strokes are like.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in super::super) struct Edges {
    /// Width in millimetres over which the clearer half of the edges rise; none with too few of them.
    pub width_mm: Option<f64>,
    /// Edges that are pale and yet sharp: print too light to be seen, not the other side shining through.
    pub pale_and_sharp: usize,
}

/// Fewest edges that tell a sharpness.
const FEWEST: usize = 200;

/// Looks at the edges along some rows; `dpi` is the resolution along them.
pub(in super::super) fn edges(image: &PageImage, dpi: f64) -> Edges {
    let reach = ((REACH_MM * dpi / 25.4).round() as usize).max(2);
    let rim = ((RIM_MM * dpi / 25.4) as usize).max(reach);
    let width = image.width as usize;
    let mut green = vec![0u8; width];
    let mut sums = vec![0u16; width];
    let (mut found, mut pale_and_sharp) = (Vec::new(), 0);
    for y in (0..image.height as usize).step_by(ROW_STEP) {
        if matches!(image.pixels, Pixels::Bilevel(_)) {
            return Edges::default(); // black and white has nothing but sharp edges
        }
        sums.fill(0);
        let rows = y..(y + ROWS).min(image.height as usize);
        let count = rows.len().max(1) as u16;
        rows.for_each(|y| add_row(image, y, &mut sums));
        green.iter_mut().zip(&sums).for_each(|(v, sum)| *v = (sum / count) as u8);
        let mut x = rim;
        while x + rim < width {
            let rise = (i32::from(green[x + reach]) - i32::from(green[x - reach])).abs();
            if rise < FAINT {
                x += 1;
                continue;
            }
            let steep = green[x - reach..=x + reach]
                .windows(2)
                .map(|p| (i32::from(p[1]) - i32::from(p[0])).abs())
                .max();
            let mm = f64::from(rise) / f64::from(steep.unwrap_or(1).max(1)) / dpi * 25.4;
            if rise >= EDGE {
                if found.len() < MOST {
                    found.push((rise, mm));
                }
                x += reach;
            } else {
                pale_and_sharp += usize::from(mm <= FAINT_MM);
                x += reach;
            }
        }
    }
    Edges { width_mm: width_mm(found), pale_and_sharp }
}

/// The middle of the widths of the clearer half.
fn width_mm(mut found: Vec<(i32, f64)>) -> Option<f64> {
    if found.len() < FEWEST {
        return None;
    }
    found.sort_by_key(|(rise, _)| -rise);
    found.truncate(found.len() / 2);
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    found.get(found.len() / 2).map(|f| f.1)
}

/// Adds the green (or grey) values of a row.
fn add_row(image: &PageImage, y: usize, sums: &mut [u16]) {
    let width = image.width as usize;
    match &image.pixels {
        Pixels::Rgb(samples) => {
            let row = samples[y * width * 3..(y + 1) * width * 3].chunks_exact(3);
            row.zip(sums).for_each(|(p, sum)| *sum += u16::from(p[1]));
        }
        Pixels::Grey(samples) => {
            let row = &samples[y * width..(y + 1) * width];
            row.iter().zip(sums).for_each(|(v, sum)| *sum += u16::from(*v));
        }
        Pixels::Bilevel(_) => {}
    }
}
