//! The probability table (ISO/IEC 14492 table E.1).

/// Entries of the table with room up to a power of two, so that an index needs no check.
pub(super) const ENTRIES: usize = 128;

/// A state of the estimator together with the more probable symbol: entry `2 * index + mps`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Size of the interval of the less probable symbol.
    pub qe: u32,
    /// Entry after the more and the less probable symbol.
    pub next_mps: u8,
    pub next_lps: u8,
}

/// The entry that a context holds; every context of a fresh coder holds entry 0.
#[inline(always)]
pub(super) fn entry(held: u8) -> Entry {
    TABLE[usize::from(held) % ENTRIES]
}

const TABLE: [Entry; ENTRIES] = {
    let mut table = [Entry { qe: 1, next_mps: 0, next_lps: 0 }; ENTRIES];
    let mut i = 0;
    while i < STATES.len() * 2 {
        let state = STATES[i / 2];
        let mps = (i % 2) as u8;
        let next_lps = state.next_lps << 1 | if state.switches { mps ^ 1 } else { mps };
        table[i] = Entry { qe: state.qe, next_mps: state.next_mps << 1 | mps, next_lps };
        i += 1;
    }
    table
};

/// A row of table E.1.
#[derive(Clone, Copy)]
struct State {
    qe: u32,
    next_mps: u8,
    next_lps: u8,
    switches: bool,
}

const fn state(qe: u32, next_mps: u8, next_lps: u8, switches: u8) -> State {
    State { qe, next_mps, next_lps, switches: switches == 1 }
}

/// Table E.1, by index.
const STATES: [State; 47] = [
    state(0x5601, 1, 1, 1),
    state(0x3401, 2, 6, 0),
    state(0x1801, 3, 9, 0),
    state(0x0AC1, 4, 12, 0),
    state(0x0521, 5, 29, 0),
    state(0x0221, 38, 33, 0),
    state(0x5601, 7, 6, 1),
    state(0x5401, 8, 14, 0),
    state(0x4801, 9, 14, 0),
    state(0x3801, 10, 14, 0),
    state(0x3001, 11, 17, 0),
    state(0x2401, 12, 18, 0),
    state(0x1C01, 13, 20, 0),
    state(0x1601, 29, 21, 0),
    state(0x5601, 15, 14, 1),
    state(0x5401, 16, 14, 0),
    state(0x5101, 17, 15, 0),
    state(0x4801, 18, 16, 0),
    state(0x3801, 19, 17, 0),
    state(0x3401, 20, 18, 0),
    state(0x3001, 21, 19, 0),
    state(0x2801, 22, 19, 0),
    state(0x2401, 23, 20, 0),
    state(0x2201, 24, 21, 0),
    state(0x1C01, 25, 22, 0),
    state(0x1801, 26, 23, 0),
    state(0x1601, 27, 24, 0),
    state(0x1401, 28, 25, 0),
    state(0x1201, 29, 26, 0),
    state(0x1101, 30, 27, 0),
    state(0x0AC1, 31, 28, 0),
    state(0x09C1, 32, 29, 0),
    state(0x08A1, 33, 30, 0),
    state(0x0521, 34, 31, 0),
    state(0x0441, 35, 32, 0),
    state(0x02A1, 36, 33, 0),
    state(0x0221, 37, 34, 0),
    state(0x0141, 38, 35, 0),
    state(0x0111, 39, 36, 0),
    state(0x0085, 40, 37, 0),
    state(0x0049, 41, 38, 0),
    state(0x0025, 42, 39, 0),
    state(0x0015, 43, 40, 0),
    state(0x0009, 44, 41, 0),
    state(0x0005, 45, 42, 0),
    state(0x0001, 45, 43, 0),
    state(0x5601, 46, 46, 0),
];
