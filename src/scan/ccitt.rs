//! Fax codes: ITU-T T.4 (group 3, one- and two-dimensional) and T.6 (group 4), as TIFF strips and PDF streams hold them.
//! A damaged line is an error here, never a white line.

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};

use crate::error::{Clause, Result, kinds};

/// How the lines are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// T.4 one-dimensional.
    Group3,
    /// T.4 two-dimensional.
    Group3TwoD,
    /// T.6.
    Group4,
}

/// What has to be known before a picture of lines can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fax {
    pub code: Code,
    pub columns: u32,
    pub rows: u32,
    /// Each line begins at a byte.
    pub byte_aligned: bool,
}

/// Decodes exactly the stated lines: bits, 1 is black, rows padded to bytes.
///
/// # Errors
/// [`kinds::SCAN_BROKEN`] at a code that is none, [`kinds::SCAN_CUT`] when lines are missing.
pub(super) fn decode(data: &[u8], fax: &Fax) -> Result<Vec<u8>> {
    super::check_size(fax.columns, fax.rows)?;
    let settings = DecodeSettings {
        columns: fax.columns,
        rows: fax.rows,
        end_of_block: true,
        end_of_line: false,
        rows_are_byte_aligned: fax.byte_aligned,
        encoding: match fax.code {
            Code::Group3 => EncodingMode::Group3_1D,
            Code::Group3TwoD => EncodingMode::Group3_2D,
            Code::Group4 => EncodingMode::Group4,
        },
        strict: true,
    };
    let stride = (fax.columns as usize).div_ceil(8);
    let mut rows =
        Rows { bits: Vec::with_capacity(stride * fax.rows as usize), stride, columns: fax.columns };
    let done = hayro_ccitt::decode(data, &mut rows, &mut DecoderContext::new(settings));
    match (rows.bits.len() == stride * fax.rows as usize, done) {
        (true, _) => Ok(rows.bits),
        (false, Err(error)) => {
            Err(kinds::SCAN_BROKEN.with("cause", Clause::technical(format!("fax: {error:?}"))))
        }
        (false, Ok(_)) => Err(kinds::SCAN_CUT.error()),
    }
}

struct Rows {
    bits: Vec<u8>,
    stride: usize,
    columns: u32,
}

impl Decoder for Rows {
    fn push_row(&mut self, changes: &[u32]) {
        let start = self.bits.len();
        self.bits.resize(start + self.stride, 0);
        let row = &mut self.bits[start..];
        for pair in changes.chunks(2) {
            let from = pair.first().copied().unwrap_or(0);
            let to = pair.get(1).copied().unwrap_or(self.columns);
            blacken(row, from as usize, to as usize);
        }
    }
}

/// Sets the bits `from..to`.
fn blacken(row: &mut [u8], from: usize, to: usize) {
    let mut x = from;
    while x < to {
        if x.is_multiple_of(8) && x + 8 <= to {
            row[x / 8] = 0xFF;
            x += 8;
        } else {
            row[x / 8] |= 0x80 >> (x % 8);
            x += 1;
        }
    }
}
