//! The kit that lies in the drawer before anything fails: cover sheets with QR codes, a register, a declaration form.
//!
//! A sheet is known by its code `7Q2M9X-0017-C`: the kit's number, the sheet's serial, a check character. The QR code says
//! the same as `SCANSEAL:1:7Q2M9X:0017:C`. No document number stands on a sheet: on paper the number is given after the
//! signature (Decree 30/2020 Art. 15).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Result, kinds};

mod block;
mod canvas;
mod cover;
mod declaration;
mod print;
mod register;
#[cfg(test)]
mod tests;

pub use block::Block;
pub use print::{Order, print};

/// Most sheets of one kit (our limit): a drawer's worth of paper.
pub const MAX_SHEETS: u32 = 2_000;
/// What the text of a sheet's QR code begins with; the number is the version of its form.
const PREFIX: &str = "SCANSEAL:1:";
/// The characters of a kit's number: digits and capitals without those that look alike.
const LETTERS: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Random characters of a kit's number; a check character follows.
const RANDOM: usize = 5;
/// The characters that a check is computed over, and what it may be (ISO/IEC 7064).
const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Number of a kit: five random characters and their check character.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KitId(String);

impl KitId {
    /// A new one.
    ///
    /// # Errors
    /// An internal error when the system gives no random bytes.
    pub fn random() -> Result<Self> {
        let mut bytes = [0u8; RANDOM];
        getrandom::fill(&mut bytes).map_err(|e| kinds::INTERNAL.with("cause", e))?;
        let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
        let body: String = bytes.iter().map(letter).collect();
        let check = check(&body);
        Ok(Self(format!("{body}{check}")))
    }

    /// Its characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for KitId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim().to_ascii_uppercase();
        let (body, last) = text.split_at_checked(RANDOM).ok_or(())?;
        let fits = body.bytes().all(|b| ALPHABET.contains(&b)) && last == check(body).to_string();
        fits.then_some(Self(text)).ok_or(())
    }
}

impl TryFrom<String> for KitId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|()| format!("not the number of a kit: {text}"))
    }
}

impl From<KitId> for String {
    fn from(id: KitId) -> String {
        id.0
    }
}

/// One cover sheet: its kit and its serial, from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SheetCode {
    /// The kit.
    pub kit: KitId,
    /// Number of the sheet in its kit, from 1.
    pub serial: u32,
}

impl SheetCode {
    /// The text of its QR code; only characters of the alphanumeric mode (ISO/IEC 18004 7.3.4).
    pub fn qr_text(&self) -> String {
        format!("{PREFIX}{}:{:04}:{}", self.kit, self.serial, self.check())
    }

    /// The sheet that a QR code names; none when the code is anything else, or damaged.
    pub fn from_qr(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(PREFIX)?;
        let mut parts = rest.split(':');
        let (kit, serial, check) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        format!("{kit}-{serial}-{check}").parse().ok()
    }

    fn check(&self) -> char {
        check(&format!("{}{:04}", self.kit, self.serial))
    }
}

impl fmt::Display for SheetCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}-{}", self.kit, self.serial, self.check())
    }
}

impl FromStr for SheetCode {
    type Err = ();

    /// As a person types it: capitals or not; the check character has to be right.
    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim().to_ascii_uppercase();
        let mut parts = text.split('-');
        let (Some(kit), Some(serial), Some(last), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(());
        };
        let digits = (4..=6).contains(&serial.len()) && serial.bytes().all(|b| b.is_ascii_digit());
        let serial = serial.parse().ok().filter(|n| digits && *n > 0).ok_or(())?;
        let code = Self { kit: kit.parse()?, serial };
        (last == code.check().to_string()).then_some(code).ok_or(())
    }
}

impl TryFrom<String> for SheetCode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|()| format!("not the code of a cover sheet: {text}"))
    }
}

impl From<SheetCode> for String {
    fn from(code: SheetCode) -> String {
        code.to_string()
    }
}

/// Check character of ISO/IEC 7064, system MOD 37,36: finds every wrong character and every two that changed places.
fn check(text: &str) -> char {
    let mut product = 36;
    for byte in text.bytes() {
        let value = ALPHABET.iter().position(|b| *b == byte).unwrap_or(0);
        let sum = (product + value) % 36;
        let sum = if sum == 0 { 36 } else { sum };
        product = sum * 2 % 37;
    }
    char::from(ALPHABET[(37 - product) % 36])
}
