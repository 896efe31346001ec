//! Colour spaces of pictures (ISO 32000-1 8.6) and what /Decode makes of samples (8.9.5.2).

use crate::error::Result;

use super::super::colour::{self, MAX_PROFILE_BYTES, Meaning, Raw};
use super::super::{Pixels, pack};
use super::file::{File, damaged};
use super::filter;
use super::image::{unpacked, variant};
use super::value::{Dict, Value};

/// Spaces inside spaces: an indexed space over one with a profile.
const MAX_DEPTH: usize = 4;

/// A colour space that is read.
#[derive(Clone, Debug)]
pub(super) enum Space {
    Grey,
    Rgb,
    Cmyk,
    Icc {
        channels: usize,
        profile: Vec<u8>,
    },
    /// Colours of the base space, one after the other.
    Indexed {
        base: Box<Space>,
        table: Vec<u8>,
    },
}

impl Space {
    pub fn channels(&self) -> usize {
        match self {
            Space::Grey | Space::Indexed { .. } => 1,
            Space::Rgb => 3,
            Space::Cmyk => 4,
            Space::Icc { channels, .. } => *channels,
        }
    }

    fn meaning(&self) -> Meaning {
        match self {
            Space::Icc { profile, .. } => Meaning::Icc(profile.clone()),
            _ => Meaning::Unsaid,
        }
    }
}

/// Reads a colour space; none when there is no such entry.
pub(super) fn read(file: &File, value: &Value, resources: &Dict) -> Result<Option<Space>> {
    nested(file, value, resources, 0)
}

fn nested(file: &File, value: &Value, resources: &Dict, depth: usize) -> Result<Option<Space>> {
    if depth > MAX_DEPTH {
        return Err(damaged("colour space"));
    }
    let object = file.resolve(value)?;
    Ok(Some(match &object.value {
        Value::Null => return Ok(None),
        Value::Name(name) => match &name[..] {
            b"DeviceGray" | b"G" | b"CalGray" => Space::Grey,
            b"DeviceRGB" | b"RGB" | b"CalRGB" => Space::Rgb,
            b"DeviceCMYK" | b"CMYK" => Space::Cmyk,
            other => {
                let spaces = file.get(resources, "ColorSpace")?;
                let key = String::from_utf8_lossy(other).into_owned();
                match spaces.dict().and_then(|d| d.get(&key)) {
                    Some(named) => return nested(file, named, resources, depth + 1),
                    None => return Err(variant(format!("colour space {key}"))),
                }
            }
        },
        Value::Array(items) => array(file, items, resources, depth)?,
        _ => return Err(damaged("colour space")),
    }))
}

fn array(file: &File, items: &[Value], resources: &Dict, depth: usize) -> Result<Space> {
    let first = items.first().ok_or_else(|| damaged("colour space"))?;
    let name = file.resolve(first)?.value;
    let item = |i: usize| items.get(i).ok_or_else(|| damaged("colour space"));
    match name.name().unwrap_or_default() {
        b"CalGray" => Ok(Space::Grey),
        b"CalRGB" => Ok(Space::Rgb),
        b"ICCBased" => {
            let object = file.resolve(item(1)?)?;
            let dict = object.dict().ok_or_else(|| damaged("ICC profile"))?;
            let channels = filter::number(file, dict, "N")?.unwrap_or(0);
            let profile = filter::whole(file, &object, MAX_PROFILE_BYTES)?;
            match channels {
                1 | 3 | 4 => Ok(Space::Icc { channels: usize::try_from(channels).unwrap_or(1), profile }),
                n => Err(variant(format!("ICC profile of {n} channels"))),
            }
        }
        b"Indexed" | b"I" => {
            let base = nested(file, item(1)?, resources, depth + 1)?.ok_or_else(|| damaged("palette"))?;
            let object = file.resolve(item(3)?)?;
            let table = match object.value {
                Value::Text(table) => table,
                _ => filter::whole(file, &object, 256 * 4)?,
            };
            match base {
                Space::Indexed { .. } => Err(damaged("palette of a palette")),
                base => Ok(Space::Indexed { base: Box::new(base), table }),
            }
        }
        _ if items.len() == 1 => {
            nested(file, first, resources, depth + 1)?.ok_or_else(|| damaged("colour space"))
        }
        other => Err(variant(format!("colour space {}", String::from_utf8_lossy(other)))),
    }
}

/// Packed samples of a space become grey, RGB, CMYK or bits.
pub(super) fn interpret(
    space: &Space,
    bytes: Vec<u8>,
    (width, height): (u32, u32),
    bits: usize,
    decode: &[f64],
) -> Result<(Raw, Meaning)> {
    if ![1, 2, 4, 8, 16].contains(&bits) {
        return Err(variant(format!("{bits} bits a sample")));
    }
    let (w, h) = (width as usize, height as usize);
    let mut samples = if bits == 8 {
        exactly(bytes, w * h * space.channels())?
    } else {
        unpacked(&bytes, w, h, space.channels(), bits)?
    };
    if let Space::Indexed { base, table } = space {
        if !decode.is_empty() && decode.first() != Some(&0.0) {
            return Err(variant("a palette that is turned round"));
        }
        return indexed(&samples, base, table, width);
    }
    let most = if bits < 8 { (1u16 << bits) - 1 } else { 255 };
    let single_bits = bits == 1 && space.channels() == 1;
    let maps: Vec<[u8; 256]> = (0..space.channels()).map(|c| table_of(decode, c, most)).collect();
    for pixel in samples.chunks_exact_mut(space.channels()) {
        pixel.iter_mut().zip(&maps).for_each(|(v, map)| *v = map[usize::from(*v)]);
    }
    let raw = match space.channels() {
        1 if single_bits => Raw::Bilevel(pack(&samples, width, |v| v < 128)),
        1 => Raw::Grey(samples),
        3 => Raw::Rgb(samples),
        _ => Raw::Cmyk(samples),
    };
    Ok((raw, space.meaning()))
}

fn exactly(mut bytes: Vec<u8>, wanted: usize) -> Result<Vec<u8>> {
    if bytes.len() < wanted {
        return Err(crate::error::kinds::SCAN_CUT.error());
    }
    bytes.truncate(wanted);
    Ok(bytes)
}

/// What /Decode makes of each stored value of a channel: 0 to `most` become `[least, greatest]` of it.
fn table_of(decode: &[f64], channel: usize, most: u16) -> [u8; 256] {
    let (from, to) = match decode.get(channel * 2..channel * 2 + 2) {
        Some([from, to]) => (*from, *to),
        _ => (0.0, 1.0),
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    std::array::from_fn(|v| {
        let share = v.min(usize::from(most)) as f64 / f64::from(most);
        ((from + share * (to - from)).clamp(0.0, 1.0) * 255.0).round() as u8
    })
}

/// Colours of the table, converted first: then a picture of 256 colours costs 256 conversions.
fn indexed(indices: &[u8], base: &Space, table: &[u8], width: u32) -> Result<(Raw, Meaning)> {
    let colours = match base.channels() {
        1 => Raw::Grey(table.to_vec()),
        3 => Raw::Rgb(table[..table.len() / 3 * 3].to_vec()),
        _ => Raw::Cmyk(table[..table.len() / 4 * 4].to_vec()),
    };
    let (pixels, _) = colour::to_srgb(colours, &base.meaning())?;
    let palette: Vec<[u8; 3]> = match pixels {
        Pixels::Grey(all) => all.iter().map(|v| [*v; 3]).collect(),
        Pixels::Rgb(all) => all.as_chunks::<3>().0.to_vec(),
        Pixels::Bilevel(_) => Vec::new(),
    };
    let Some(last) = palette.len().checked_sub(1) else { return Err(damaged("palette")) };
    let colour = |index: &u8| palette[usize::from(*index).min(last)];
    let black_and_white = palette.iter().all(|c| *c == [0; 3] || *c == [255; 3]);
    let grey = palette.iter().all(|c| c[0] == c[1] && c[1] == c[2]);
    let raw = if black_and_white && palette.len() <= 2 {
        let black: Vec<u8> = indices.iter().map(|i| colour(i)[0]).collect();
        Raw::Bilevel(pack(&black, width, |v| v == 0))
    } else if grey {
        Raw::Grey(indices.iter().map(|i| colour(i)[0]).collect())
    } else {
        Raw::Rgb(indices.iter().flat_map(colour).collect())
    };
    Ok((raw, Meaning::Unsaid))
}
