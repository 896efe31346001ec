//! Stream filters (ISO 32000-1 7.4), each with the number of bytes that it may give; what codes pictures is left to them.

use crate::error::{Result, kinds};

use super::super::{MAX_PAGE_BYTES, codec};
use super::file::{File, Object, damaged};
use super::value::{Dict, Value, unhex};

/// Most filters of one stream; two are usual.
const MAX_FILTERS: usize = 8;

/// Bytes of a stream up to the filter that codes a picture.
#[derive(Clone, Debug)]
pub(super) struct Data {
    pub bytes: Vec<u8>,
    /// Name and parameters of that filter.
    pub picture: Option<(Vec<u8>, Dict)>,
}

/// A stream without a picture filter, at most `limit` bytes.
pub(super) fn whole(file: &File, object: &Object, limit: usize) -> Result<Vec<u8>> {
    let data = decode(file, object, limit)?;
    match data.picture {
        None => Ok(data.bytes),
        Some(_) => Err(damaged("a picture where none can be")),
    }
}

/// Reads a stream and undoes its filters.
pub(super) fn decode(file: &File, object: &Object, limit: usize) -> Result<Data> {
    let (Some(dict), Some((start, length))) = (object.dict(), object.stream) else {
        return Err(damaged("no stream"));
    };
    if length > MAX_PAGE_BYTES {
        return Err(kinds::SCAN_TOO_LARGE.with("width", length).with("height", 1));
    }
    unfilter(file, dict, file.source.range(start, length)?, limit)
}

/// Undoes the filters of bytes that were read already.
pub(super) fn unfilter(file: &File, dict: &Dict, mut bytes: Vec<u8>, limit: usize) -> Result<Data> {
    let filters = list(file, dict, "Filter")?;
    let parameters = list(file, dict, "DecodeParms")?;
    if filters.len() > MAX_FILTERS {
        return Err(damaged("too many filters"));
    }
    for (i, filter) in filters.iter().enumerate() {
        let name = filter.name().ok_or_else(|| damaged("filter"))?;
        let parameters = parameters.get(i).and_then(Value::dict).cloned().unwrap_or_default();
        bytes = match name {
            b"FlateDecode" | b"Fl" => predicted(codec::inflate(&bytes, limit, false)?, file, &parameters)?,
            b"LZWDecode" | b"LZW" => {
                let late = number(file, &parameters, "EarlyChange")? == Some(0);
                predicted(codec::unlzw(&bytes, limit, late, false)?, file, &parameters)?
            }
            b"RunLengthDecode" | b"RL" => codec::unpack_bits(&bytes, limit, true, false)?,
            b"ASCIIHexDecode" | b"AHx" => {
                let end = bytes.iter().position(|b| *b == b'>').unwrap_or(bytes.len());
                unhex(&bytes[..end])
            }
            b"ASCII85Decode" | b"A85" => ascii85(&bytes),
            b"DCTDecode" | b"DCT" | b"CCITTFaxDecode" | b"CCF" | b"JBIG2Decode" | b"JPXDecode"
                if i + 1 == filters.len() =>
            {
                return Ok(Data { bytes, picture: Some((name.to_vec(), parameters)) });
            }
            other => {
                let what = format!("PDF: {}", String::from_utf8_lossy(other));
                return Err(kinds::SCAN_VARIANT.with("what", what));
            }
        };
    }
    Ok(Data { bytes, picture: None })
}

/// One value or an array of them, references followed.
fn list(file: &File, dict: &Dict, key: &str) -> Result<Vec<Value>> {
    Ok(match file.get(dict, key)?.value {
        Value::Null => Vec::new(),
        Value::Array(items) => {
            items.iter().map(|item| file.resolve(item).map(|o| o.value)).collect::<Result<_>>()?
        }
        one => vec![one],
    })
}

/// A whole number among parameters.
pub(super) fn number(file: &File, dict: &Dict, key: &str) -> Result<Option<u64>> {
    Ok(file.get(dict, key)?.value.whole())
}

/// Predictors of Flate and LZW (ISO 32000-1 7.4.4.4).
fn predicted(mut bytes: Vec<u8>, file: &File, parameters: &Dict) -> Result<Vec<u8>> {
    let value = |key: &str, otherwise: usize| -> Result<usize> {
        let found = number(file, parameters, key)?.and_then(|v| usize::try_from(v).ok());
        Ok(found.unwrap_or(otherwise))
    };
    let predictor = value("Predictor", 1)?;
    if predictor < 2 {
        return Ok(bytes);
    }
    let (colours, bits) = (value("Colors", 1)?, value("BitsPerComponent", 8)?);
    let columns = value("Columns", 1)?;
    if colours == 0 || colours > 32 || ![1, 2, 4, 8, 16].contains(&bits) || columns > 1 << 24 {
        return Err(damaged("predictor"));
    }
    let stride = (columns * colours * bits).div_ceil(8).max(1);
    if predictor == 2 {
        bytes.chunks_mut(stride).for_each(|row| codec::undo_differences(row, colours, bits, true));
        return Ok(bytes);
    }
    Ok(png_rows(&bytes, stride, (colours * bits).div_ceil(8)))
}

/// PNG filters: one byte before each row names its filter (ISO/IEC 15948 9.2).
fn png_rows(bytes: &[u8], stride: usize, pixel: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut before = vec![0u8; stride];
    for row in bytes.chunks(stride + 1) {
        let Some((&kind, coded)) = row.split_first() else { break };
        let mut plain = coded.to_vec();
        for i in 0..plain.len() {
            let left = if i >= pixel { plain[i - pixel] } else { 0 };
            let (up, corner) = (before[i], if i >= pixel { before[i - pixel] } else { 0 });
            let guess = match kind {
                1 => left,
                2 => up,
                3 => u8::try_from(u16::midpoint(left.into(), up.into())).unwrap_or(0),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            plain[i] = plain[i].wrapping_add(guess);
        }
        before[..plain.len()].copy_from_slice(&plain);
        out.extend_from_slice(&plain);
    }
    out
}

/// ISO/IEC 15948 9.4.
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, up, corner].map(i16::from);
    let guess = a + b - c;
    let (to_a, to_b, to_c) = ((guess - a).abs(), (guess - b).abs(), (guess - c).abs());
    if to_a <= to_b && to_a <= to_c {
        left
    } else if to_b <= to_c {
        up
    } else {
        corner
    }
}

/// ISO 32000-1 7.4.3.
fn ascii85(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 5 * 4);
    let mut group: Vec<u8> = Vec::with_capacity(5);
    for byte in bytes {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => out.extend([0; 4]),
            b'!'..=b'u' => group.push(byte - b'!'),
            _ => continue,
        }
        if group.len() == 5 {
            out.extend(base85(&group).to_be_bytes());
            group.clear();
        }
    }
    if group.len() > 1 {
        let kept = group.len() - 1;
        group.resize(5, 84);
        out.extend(&base85(&group).to_be_bytes()[..kept]);
    }
    out
}

fn base85(group: &[u8]) -> u32 {
    group.iter().fold(0u32, |sum, digit| sum.wrapping_mul(85).wrapping_add(u32::from(*digit)))
}
