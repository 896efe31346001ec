//! Connected parts of a mask: letters, strokes, rules, blots.

/// A connected part (eight neighbours).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Part {
    /// First column.
    pub left: usize,
    /// First row.
    pub top: usize,
    /// One behind the last column.
    pub right: usize,
    /// One behind the last row.
    pub bottom: usize,
    /// Number of its cells.
    pub area: usize,
    /// Number of its cells that are beyond doubt.
    pub strong: usize,
    /// Place in the list of all parts, for [`Parts::bitmap`].
    pub index: u32,
}

impl Part {
    /// Width in cells.
    pub fn width(&self) -> usize {
        self.right - self.left
    }

    /// Height in cells.
    pub fn height(&self) -> usize {
        self.bottom - self.top
    }

    /// Share of the box that the part covers.
    pub fn fill(&self) -> f64 {
        self.area as f64 / (self.width() * self.height()).max(1) as f64
    }
}

/// A run of cells of a row.
#[derive(Clone, Copy, Debug)]
struct Run {
    row: u32,
    start: u32,
    end: u32,
    part: u32,
}

/// All parts of a mask.
#[derive(Debug)]
pub(in super::super) struct Parts {
    /// The parts.
    pub list: Vec<Part>,
    runs: Vec<Run>,
}

impl Parts {
    /// Parts of the cells that are at least `weak`, with how many of them are at least `strong`.
    pub fn of(values: &[u8], width: usize, weak: u8, strong: u8) -> Self {
        let (mut runs, mut parent): (Vec<Run>, Vec<u32>) = (Vec::new(), Vec::new());
        let mut above = 0;
        let width = width.max(1);
        for (y, row) in values.chunks_exact(width).enumerate() {
            let mut next = above;
            let row_start = runs.len();
            let mut x = 0;
            while let Some(start) = row[x..].iter().position(|v| *v >= weak).map(|at| x + at) {
                let end = row[start..].iter().position(|v| *v < weak).map_or(width, |at| start + at);
                let label = runs.len() as u32;
                parent.push(label);
                while next < row_start && (runs[next].end as usize) < start {
                    next += 1;
                }
                let mut at = next;
                while at < row_start && runs[at].start as usize <= end {
                    join(&mut parent, at as u32, label);
                    at += 1;
                }
                runs.push(Run { row: y as u32, start: start as u32, end: end as u32, part: 0 });
                x = end;
            }
            above = row_start;
        }
        let list = number(&mut runs, &mut parent, values, width, strong);
        Self { list, runs }
    }

    /// The cells of one part in its box, 1 where it is.
    pub fn bitmap(&self, part: &Part) -> Vec<u8> {
        let mut bits = vec![0; part.width() * part.height()];
        for run in self.runs.iter().filter(|r| r.part == part.index) {
            let row = (run.row as usize - part.top) * part.width();
            bits[row + run.start as usize - part.left..row + run.end as usize - part.left].fill(1);
        }
        bits
    }
}

/// Gives every run the number of its part and measures the parts.
fn number(runs: &mut [Run], parent: &mut [u32], values: &[u8], width: usize, strong: u8) -> Vec<Part> {
    let mut list: Vec<Part> = Vec::new();
    let mut numbers = vec![u32::MAX; parent.len()];
    for (at, run) in runs.iter_mut().enumerate() {
        let root = root(parent, at as u32) as usize;
        if numbers[root] == u32::MAX {
            numbers[root] = list.len() as u32;
            let index = list.len() as u32;
            list.push(Part { left: usize::MAX, top: usize::MAX, index, ..Part::default() });
        }
        run.part = numbers[root];
        let (row, start, end) = (run.row as usize, run.start as usize, run.end as usize);
        let part = &mut list[run.part as usize];
        part.left = part.left.min(start);
        part.right = part.right.max(end);
        part.top = part.top.min(row);
        part.bottom = part.bottom.max(row + 1);
        part.area += end - start;
        part.strong +=
            values[row * width + start..row * width + end].iter().filter(|v| **v >= strong).count();
    }
    list
}

fn root(parent: &mut [u32], mut at: u32) -> u32 {
    while parent[at as usize] != at {
        parent[at as usize] = parent[parent[at as usize] as usize];
        at = parent[at as usize];
    }
    at
}

fn join(parent: &mut [u32], a: u32, b: u32) {
    let (a, b) = (root(parent, a), root(parent, b));
    parent[a.max(b) as usize] = a.min(b);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(rows: &[&str]) -> Parts {
        let values: Vec<u8> = rows
            .iter()
            .flat_map(|r| {
                r.bytes().map(|b| {
                    if b == b'#' {
                        200
                    } else if b == b'+' {
                        50
                    } else {
                        0
                    }
                })
            })
            .collect();
        Parts::of(&values, rows[0].len(), 50, 100)
    }

    #[test]
    fn diagonal_neighbours_belong_together_and_gaps_divide() {
        let found = parts(&["#..#", ".#..", "+..#", "..##"]);
        let mut areas: Vec<(usize, usize)> = found.list.iter().map(|p| (p.area, p.strong)).collect();
        areas.sort_unstable();
        assert_eq!(areas, [(1, 1), (3, 2), (3, 3)]);
    }

    #[test]
    fn a_late_bridge_joins_two_arms() {
        let found = parts(&["#.#", "#.#", "###"]);
        assert_eq!(found.list.len(), 1);
        assert_eq!((found.list[0].area, found.list[0].fill()), (7, 7.0 / 9.0));
        assert_eq!(found.bitmap(&found.list[0]), [1, 0, 1, 1, 0, 1, 1, 1, 1]);
    }
}
