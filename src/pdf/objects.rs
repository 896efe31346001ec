//! Indirect objects and the classic cross-reference table after them (ISO 32000-1 7.5). Deterministic: the same objects
//! give the same bytes.

use super::xmp;

/// Header of PDF 1.7 with the four bytes above 127 that ISO 19005-2 6.1.2 wants.
const HEADER: &[u8] = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";

/// Bytes around an object: its header and end, its line in the table.
const OBJECT_EXTRA: usize = 50;

/// Objects by number, from 1.
#[derive(Debug, Default)]
pub(super) struct Objects {
    bodies: Vec<Vec<u8>>,
}

impl Objects {
    /// A number for an object that is set later.
    pub fn reserve(&mut self) -> u32 {
        self.bodies.push(Vec::new());
        u32::try_from(self.bodies.len()).unwrap_or(u32::MAX)
    }

    /// The number that the next object gets.
    pub fn next(&self) -> u32 {
        u32::try_from(self.bodies.len() + 1).unwrap_or(u32::MAX)
    }

    /// Sets a reserved object.
    pub fn set(&mut self, number: u32, body: impl Into<Vec<u8>>) {
        if let Some(slot) = (number as usize).checked_sub(1).and_then(|i| self.bodies.get_mut(i)) {
            *slot = body.into();
        }
    }

    /// Adds an object and returns its number.
    pub fn add(&mut self, body: impl Into<Vec<u8>>) -> u32 {
        let number = self.reserve();
        self.set(number, body);
        number
    }

    /// Adds objects that know their own numbers, which follow each other from the next one on.
    pub fn add_all(&mut self, make: impl FnOnce(u32) -> Vec<(u32, Vec<u8>)>) -> u32 {
        let first = self.next();
        for (_, body) in make(first) {
            self.bodies.push(body);
        }
        first
    }

    /// The file.
    pub fn file(self, root: u32, info: u32) -> Vec<u8> {
        let size: usize = self.bodies.iter().map(|body| body.len() + OBJECT_EXTRA).sum();
        let mut file = Vec::with_capacity(size + OBJECT_EXTRA);
        file.extend(HEADER);
        let mut offsets = Vec::with_capacity(self.bodies.len());
        for (i, body) in self.bodies.into_iter().enumerate() {
            offsets.push(file.len());
            file.extend(format!("{} 0 obj\n", i + 1).into_bytes());
            file.extend(body);
            file.extend(b"\nendobj\n");
        }
        let startxref = file.len();
        let id = xmp::identifier(&[&file]);
        file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).into_bytes());
        for offset in &offsets {
            file.extend(format!("{offset:010} 00000 n \n").into_bytes());
        }
        file.extend(
            format!(
                "trailer\n<</Size {}/Root {root} 0 R/Info {info} 0 R/ID[<{id}><{id}>]>>\nstartxref\n{startxref}\n%%EOF\n",
                offsets.len() + 1
            )
            .into_bytes(),
        );
        file
    }
}

/// A stream object with its dictionary entries, undecoded.
pub(super) fn raw_stream(entries: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body = format!("<<{entries}/Length {}>>stream\n", bytes.len()).into_bytes();
    body.extend(bytes);
    body.extend(b"\nendstream");
    body
}

/// A PDF text string in UTF-16 with its mark (ISO 32000-1 7.9.2.2), as hex.
pub(super) fn text_string(text: &str) -> String {
    let units: String = text.encode_utf16().map(|u| format!("{u:04X}")).collect();
    format!("<FEFF{units}>")
}
