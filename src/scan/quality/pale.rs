//! Print too pale to count as a mark on a page that seems blank: is it on this side of the paper, or does the other side
//! shine through? Paper spreads what shines through it by 0.2 mm and more; print that is pale is sharp all the same.

use super::super::PageImage;
use super::sharp::Rows;

/// Half of the stretch in which an edge has to rise, in millimetres.
const REACH_MM: f64 = 0.34;
/// Strip in millimetres at all sides that may show the edge of the sheet.
const RIM_MM: f64 = 9.0;
/// Rise of green light, of 255, of the palest stroke that is looked at; noise stays below.
const FAINT: i32 = 20;
/// Widest range of light in a stretch of bare paper, by which noise is known, and every so many-th place where it is measured.
/// Both ends of a stretch may be equally light with a stroke between them: that is no noise.
const BARE: u8 = 12;
const BARE_STEP: usize = 16;
/// Width and height in millimetres of the tiles that are judged one by one: half of a line of print fills one.
const TILE_MM: (f64, f64) = (30.0, 20.0);
/// Fewest rises that make a tile written on. A word has a hundred; dust and the rims of punch holes have up to sixty.
const FEWEST: usize = 70;
/// Widest spread in millimetres of a sharp edge: that of the optics, and a third of a pixel.
const OPTICS_MM: f64 = 0.03;
const PIXELS: f64 = 1.0 / 3.0;

/// Stretches of a row between whose ends light rises or falls.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Rises {
    count: usize,
    /// Squares of the rises.
    rises: f64,
    /// Squares of the steps from pixel to pixel within them.
    steps: f64,
}

impl Rises {
    fn add(&mut self, rise: i32, stretch: &[u8]) {
        let step = |pair: &[u8]| (i32::from(pair[1]) - i32::from(pair[0])).pow(2);
        self.count += 1;
        self.rises += f64::from(rise * rise);
        self.steps += f64::from(stretch.windows(2).map(step).sum::<i32>());
    }

    /// Spread of the edges in pixels. The squared steps of an edge of height A that is spread by a Gaussian of deviation s
    /// add up to A^2 / (2 sqrt(pi) s); `noise` is what bare paper adds to a stretch.
    fn spread(&self, noise: f64) -> f64 {
        let steps = self.steps - noise * self.count as f64;
        let edges = 0.5 / std::f64::consts::PI.sqrt();
        if steps > 0.0 { edges * self.rises / steps } else { f64::INFINITY }
    }
}

/// Whether sharp pale strokes stand somewhere on a page; `dpi` along width and height.
pub(in super::super) fn is_written(image: &PageImage, dpi: (f64, f64)) -> bool {
    let (tiles, bare) = tiles(image, dpi);
    let noise = bare.steps / bare.count.max(1) as f64;
    let sharp = OPTICS_MM * dpi.0 / 25.4 + PIXELS;
    tiles.iter().any(|tile| tile.count >= FEWEST && tile.spread(noise) <= sharp)
}

fn is_bare(stretch: &[u8]) -> bool {
    let (least, most) = stretch.iter().fold((255, 0), |(least, most), v| ((*v).min(least), (*v).max(most)));
    most - least <= BARE
}

/// Rises in each tile, and bare paper.
fn tiles(image: &PageImage, dpi: (f64, f64)) -> (Vec<Rises>, Rises) {
    let pixels = |mm: f64, dpi: f64| ((mm * dpi / 25.4).round() as usize).max(2);
    let (reach, rim) = (pixels(REACH_MM, dpi.0), (pixels(RIM_MM, dpi.0), pixels(RIM_MM, dpi.1)));
    let (wide, high) = (pixels(TILE_MM.0, dpi.0), pixels(TILE_MM.1, dpi.1));
    let (width, height) = (image.width as usize, image.height as usize);
    let columns = width / wide + 1;
    let (mut tiles, mut bare) = (vec![Rises::default(); columns * (height / high + 1)], Rises::default());
    let mut rows = Rows::of(image);
    while let Some((y, row)) = rows.next() {
        if y < rim.1 || y + rim.1 > height {
            continue;
        }
        let mut x = rim.0.max(reach);
        while x + rim.0.max(reach + 1) < width {
            let stretch = &row[x - reach..=x + reach];
            let rise = i32::from(row[x + reach]) - i32::from(row[x - reach]);
            if rise.abs() >= FAINT {
                tiles[y / high * columns + x / wide].add(rise, stretch);
                x += reach;
                continue;
            }
            if x % BARE_STEP == 0 && is_bare(stretch) {
                bare.add(rise, stretch);
            }
            x += 1;
        }
    }
    (tiles, bare)
}

#[cfg(test)]
mod tests {
    use super::super::super::Pixels;
    use super::*;

    /// Upright strokes of 1.5 mm every 3.6 mm in the middle of a page of 200 dpi, whose edges rise over so many pixels, with
    /// noise.
    fn page(loss: f64, edge: f64) -> PageImage {
        let (width, height) = (1654u32, 2339u32);
        let mut seed = 1u32;
        let mut noise = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from((seed >> 16) & 7) - 3.5
        };
        let ink = |x: f64| ((6.0 + edge / 2.0 - (x.rem_euclid(28.0) - 14.0).abs()) / edge).clamp(0.0, 1.0);
        let inside = |x: u32, y: u32| (300..1300).contains(&x) && (900..1000).contains(&y);
        let sample = |x: u32, y: u32, noise: f64| {
            let loss = if inside(x, y) { loss * ink(f64::from(x)) } else { 0.0 };
            (238.0 - loss + noise).clamp(0.0, 255.0) as u8
        };
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let samples = places.map(|(x, y)| sample(x, y, noise())).collect();
        PageImage { width, height, pixels: Pixels::Grey(samples) }
    }

    #[test]
    fn pale_strokes_are_print_when_they_are_sharp_and_the_other_side_when_they_are_not() {
        let dpi = (200.0, 200.0);
        assert!(is_written(&page(40.0, 1.0), dpi), "pale and sharp");
        assert!(!is_written(&page(48.0, 8.0), dpi), "shines through");
        assert!(!is_written(&page(0.0, 1.0), dpi), "bare");
    }
}
