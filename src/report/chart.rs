//! A chart of the recovery over time: how many documents were signed on paper, scanned, sealed, delivered by when. Lines and
//! letters only; each line differs from the others in weight and dashes as well as in colour, so that a black print tells
//! them apart.

use jiff::Timestamp;

use super::sheet::{BLACK, Drawing, Rgb, Sheets, Style};
use super::words::Words;

/// Height of the chart in points, axis and legend included.
pub(super) const HEIGHT: f32 = 220.0;
const AXIS: f32 = 34.0;
const LEGEND: f32 = 34.0;
const SMALL: f32 = 9.0;
const GREY: Rgb = [0.8; 3];
/// Points of a line; more cannot be seen.
const STEPS: usize = 240;
/// Most marks on an axis.
const MARKS: i64 = 6;
const HOUR: i64 = 3_600;

/// A line of the chart.
pub(super) struct Curve {
    /// What it counts.
    pub name: String,
    /// When it grew by one, in any order.
    pub moments: Vec<Timestamp>,
    pub rgb: Rgb,
    pub weight: f32,
    pub dashed: bool,
}

/// The frame of the chart on the page, and what of time and count it shows.
struct Frame {
    left: f32,
    right: f32,
    low: f32,
    high: f32,
    from: i64,
    to: i64,
    most: i64,
}

impl Frame {
    fn x(&self, second: i64) -> f32 {
        let share = (second - self.from) as f32 / (self.to - self.from).max(1) as f32;
        self.left + share.clamp(0.0, 1.0) * (self.right - self.left)
    }

    fn y(&self, count: i64) -> f32 {
        self.low + count as f32 / self.most.max(1) as f32 * (self.high - self.low)
    }
}

/// Draws the chart under the last thing on the page. `marks` are moments with a name, drawn as upright lines.
pub(super) fn draw(sheets: &mut Sheets, words: &Words, curves: &[Curve], marks: &[(String, Timestamp)]) {
    let edges = sheets.paper.edges;
    let top = sheets.y;
    let moments = curves.iter().flat_map(|c| &c.moments).chain(marks.iter().map(|(_, at)| at));
    let seconds: Vec<i64> = moments.map(|at| at.as_second()).collect();
    let (Some(first), Some(last)) = (seconds.iter().min(), seconds.iter().max()) else { return };
    let most = curves.iter().map(|c| c.moments.len()).max().unwrap_or(0);
    let room = (last - first).max(HOUR) / 20;
    let frame = Frame {
        left: edges.0 + 30.0,
        right: edges.1 - 8.0,
        low: top - HEIGHT + AXIS + LEGEND,
        high: top - 18.0,
        from: first - room,
        to: last + room,
        most: ceiling(i64::try_from(most).unwrap_or(i64::MAX)),
    };
    counts(sheets, words, &frame);
    times(sheets, words, &frame);
    for (name, at) in marks {
        upright(sheets, words, &frame, name, *at);
    }
    curves.iter().for_each(|one| curve(sheets, &frame, one));
    legend(sheets, words, &frame, curves);
    sheets.y = top - HEIGHT;
}

/// The next round number.
fn ceiling(value: i64) -> i64 {
    let step = step(value.max(1), MARKS, &[1, 2, 5, 10]);
    (value.max(1) + step - 1) / step * step
}

/// A round step that gives no more than `marks` marks; `rounds` are the first steps, which then grow tenfold.
fn step(range: i64, marks: i64, rounds: &[i64]) -> i64 {
    let mut unit = 1;
    loop {
        if let Some(step) = rounds.iter().map(|round| round * unit).find(|step| range / step <= marks) {
            return step;
        }
        unit *= 10;
    }
}

fn line(points: Vec<(f32, f32)>, weight: f32, rgb: Rgb, dashed: bool) -> Drawing {
    Drawing { points, weight, rgb, dashed }
}

fn counts(sheets: &mut Sheets, words: &Words, frame: &Frame) {
    let step = step(frame.most, MARKS, &[1, 2, 5, 10]);
    for count in (0..=frame.most).step_by(usize::try_from(step).unwrap_or(1)) {
        let y = frame.y(count);
        sheets.draw(line(vec![(frame.left, y), (frame.right, y)], 0.4, GREY, false));
        let text = words.number(u64::try_from(count).unwrap_or(0));
        let width = sheets.ruler.width(&text, SMALL);
        sheets.write(&text, Style::regular(SMALL), frame.left - 5.0 - width, y - 3.0);
    }
}

/// Hours on short outages, days on long ones, at the office's clock.
fn times(sheets: &mut Sheets, words: &Words, frame: &Frame) {
    let hours = (frame.to - frame.from) / HOUR + 1;
    let step = match hours {
        ..48 => step(hours, MARKS, &[1, 2, 3, 4, 6, 12, 24]),
        _ => 24 * step(hours / 24, MARKS, &[1, 2, 5, 10]),
    } * HOUR;
    let offset = words.offset_seconds();
    let mut at = (frame.from + offset).div_euclid(step) * step + step - offset;
    while at <= frame.to {
        let x = frame.x(at);
        sheets.draw(line(vec![(x, frame.low), (x, frame.low - 4.0)], 0.6, BLACK, false));
        if let Ok(moment) = Timestamp::from_second(at) {
            let (time, date) = words.clock(moment);
            for (text, below) in [(time, 14.0), (date, 25.0)] {
                let width = sheets.ruler.width(&text, SMALL);
                sheets.write(&text, Style::regular(SMALL), x - width / 2.0, frame.low - below);
            }
        }
        at += step;
    }
    sheets.draw(line(vec![(frame.left, frame.low), (frame.right, frame.low)], 0.8, BLACK, false));
    sheets.draw(line(vec![(frame.left, frame.low), (frame.left, frame.high)], 0.8, BLACK, false));
}

fn upright(sheets: &mut Sheets, words: &Words, frame: &Frame, name: &str, at: Timestamp) {
    let x = frame.x(at.as_second());
    sheets.draw(line(vec![(x, frame.low), (x, frame.high)], 0.8, [0.45; 3], true));
    let text = words.tidy(name);
    let width = sheets.ruler.width(&text, SMALL);
    // Left of the line where there is no room at its right.
    let left = if x + 4.0 + width > frame.right { x - 4.0 - width } else { x + 4.0 };
    sheets.write(&text, Style::italic(SMALL), left, frame.high + 4.0);
}

fn curve(sheets: &mut Sheets, frame: &Frame, curve: &Curve) {
    let mut seconds: Vec<i64> = curve.moments.iter().map(|at| at.as_second()).collect();
    seconds.sort_unstable();
    if seconds.is_empty() {
        return;
    }
    let span = (frame.to - frame.from).max(1);
    let mut points: Vec<(f32, f32)> = Vec::new();
    for place in 0..=STEPS {
        let at = frame.from + span * i64::try_from(place).unwrap_or(0) / i64::try_from(STEPS).unwrap_or(1);
        let count = i64::try_from(seconds.partition_point(|second| *second <= at)).unwrap_or(0);
        let (x, y) = (frame.x(at), frame.y(count));
        match points.last().copied() {
            // A step and not a slope: between two moments nothing grew.
            Some((_, before)) if before != y => points.extend([(x, before), (x, y)]),
            _ if place == 0 || place == STEPS => points.push((x, y)),
            _ => {}
        }
    }
    sheets.draw(line(points, curve.weight, curve.rgb, curve.dashed));
}

fn legend(sheets: &mut Sheets, words: &Words, frame: &Frame, curves: &[Curve]) {
    let half = (frame.right - frame.left) / 2.0;
    for (place, curve) in curves.iter().enumerate() {
        let (column, row) = (place % 2, place / 2);
        let x = frame.left + half * column as f32;
        let y = frame.low - AXIS - 8.0 - 13.0 * row as f32;
        sheets.draw(line(vec![(x, y + 3.0), (x + 24.0, y + 3.0)], curve.weight, curve.rgb, curve.dashed));
        let count = words.number(curve.moments.len() as u64);
        let text = words.fill("notice-curve", &[("name", &curve.name), ("count", &count)]);
        sheets.write(&text, Style::regular(SMALL + 1.0), x + 30.0, y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_are_round_and_never_crowded() {
        for value in [1, 2, 7, 10, 59, 60, 61, 299, 300, 1_234, 100_000] {
            let top = ceiling(value);
            assert!(top >= value && top <= 2 * value.max(1), "{value} {top}");
            assert!(top / step(top, MARKS, &[1, 2, 5, 10]) <= MARKS);
        }
    }
}
