//! An sRGB profile of our own: ICC version 2.1 (ICC.1:1998), a display profile of matrix and curves, the same bytes every
//! time. Colorants are IEC 61966-2-1 adapted to D50.

/// Entries of the transfer curve.
const CURVE: usize = 256;
const HEADER: usize = 128;

/// The profile.
pub(crate) fn srgb() -> Vec<u8> {
    let curve = curve();
    let tags: [(&[u8; 4], Vec<u8>); 7] = [
        (b"desc", description("sRGB")),
        (b"cprt", text("CC0")),
        (b"wtpt", xyz([0.9642, 1.0, 0.8249])),
        (b"rXYZ", xyz([0.436_07, 0.222_49, 0.013_92])),
        (b"gXYZ", xyz([0.385_15, 0.716_87, 0.097_08])),
        (b"bXYZ", xyz([0.143_07, 0.060_61, 0.714_10])),
        (b"rTRC", curve),
    ];
    let count = tags.len() + 2; // green and blue share the curve of red
    let mut data = Vec::new();
    let mut table = Vec::new();
    let start = HEADER + 4 + 12 * count;
    for (name, content) in &tags {
        let entry = (*name, start + data.len(), content.len());
        table.push(entry);
        if *name == b"rTRC" {
            table.push((b"gTRC", entry.1, entry.2));
            table.push((b"bTRC", entry.1, entry.2));
        }
        data.extend(content);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut profile = header(start + data.len());
    profile.extend(number(count));
    for (name, at, length) in table {
        profile.extend(name);
        profile.extend(number(at));
        profile.extend(number(length));
    }
    profile.extend(data);
    profile
}

fn number(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes()
}

fn header(size: usize) -> Vec<u8> {
    let mut header = Vec::with_capacity(HEADER);
    header.extend(number(size));
    header.extend(b"\0\0\0\0\x02\x10\0\0mntrRGB XYZ ");
    header.extend([0x07, 0xEA, 0, 11, 0, 1, 0, 0, 0, 0, 0, 0]); // 1 November 2026, a constant
    header.extend(b"acsp");
    header.resize(68, 0);
    header.extend(fixed(0.9642));
    header.extend(fixed(1.0));
    header.extend(fixed(0.8249));
    header.resize(HEADER, 0);
    header
}

/// s15Fixed16Number.
fn fixed(value: f64) -> [u8; 4] {
    ((value * 65536.0).round() as i32).to_be_bytes()
}

fn xyz(values: [f64; 3]) -> Vec<u8> {
    [b"XYZ \0\0\0\0".to_vec(), values.into_iter().flat_map(fixed).collect()].concat()
}

fn text(words: &str) -> Vec<u8> {
    [b"text\0\0\0\0", words.as_bytes(), b"\0"].concat()
}

/// textDescriptionType: ASCII, then empty Unicode and ScriptCode parts.
fn description(words: &str) -> Vec<u8> {
    let mut tag = [b"desc\0\0\0\0".as_slice(), &number(words.len() + 1), words.as_bytes(), b"\0"].concat();
    tag.extend([0; 4 + 4 + 2 + 1 + 67]);
    tag
}

/// The transfer function of sRGB as a table of 16-bit numbers.
fn curve() -> Vec<u8> {
    let mut tag = [b"curv\0\0\0\0".as_slice(), &number(CURVE)].concat();
    for i in 0..CURVE {
        let v = i as f64 / (CURVE - 1) as f64;
        let linear = if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) };
        tag.extend(((linear * 65535.0).round() as u16).to_be_bytes());
    }
    tag
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_header_states_the_size() {
        let profile = super::srgb();
        assert_eq!(profile[..4], super::number(profile.len()));
        assert_eq!(&profile[36..40], b"acsp");
    }
}
