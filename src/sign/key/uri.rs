//! The address of a key: an RFC 7512 URI, or `p12:FILE`. An address names a key and never opens it: a PIN or a command in
//! it is refused, because addresses stand in process lists, shell histories and settings.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::error::{Clause, Error, Result, kinds};

/// Longest address, bytes.
const MAX_URI: usize = 4_096;

/// Where a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUri {
    /// What holds the key.
    pub place: Place,
    /// File whose first line is the PIN or the password, `pin-source=file:...`.
    pub pin_file: Option<PathBuf>,
}

/// What holds a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A token behind a PKCS#11 module.
    Token(TokenUri),
    /// A PKCS#12 file; a relative path is resolved against the workspace.
    File(PathBuf),
}

/// The path attributes of RFC 7512 that are understood; an attribute that is not given matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenUri {
    /// CK_TOKEN_INFO label.
    pub token: Option<String>,
    /// CK_TOKEN_INFO serial number.
    pub serial: Option<String>,
    /// CK_TOKEN_INFO manufacturer.
    pub manufacturer: Option<String>,
    /// CK_TOKEN_INFO model.
    pub model: Option<String>,
    /// CKA_LABEL of the private key.
    pub object: Option<String>,
    /// CKA_ID of the private key.
    pub id: Option<Vec<u8>>,
    /// The module's file.
    pub module: Option<PathBuf>,
}

impl TokenUri {
    /// The token for people.
    pub fn token_name(&self) -> &str {
        self.token.as_deref().or(self.serial.as_deref()).unwrap_or("token")
    }

    /// The key for people.
    pub fn object_name(&self) -> String {
        match (&self.object, &self.id) {
            (Some(label), _) => label.clone(),
            (None, Some(id)) => format!("id={}", crate::document::hex(id)),
            (None, None) => String::from("*"),
        }
    }
}

impl KeyUri {
    /// The address as a person typed it: a relative file that exists in the current folder is that one, not one of the
    /// workspace.
    pub fn from_here(self) -> Self {
        let here = |path: PathBuf| match std::path::absolute(&path) {
            Ok(full) if full.exists() => full,
            _ => path,
        };
        let place = match self.place {
            Place::File(path) => Place::File(here(path)),
            token => token,
        };
        Self { place, pin_file: self.pin_file.map(here) }
    }
}

impl fmt::Display for KeyUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Token(token) => write!(f, "{} / {}", token.token_name(), token.object_name()),
            Place::File(path) => write!(f, "{}", path.display()),
        }
    }
}

fn invalid(detail: impl fmt::Display) -> Error {
    kinds::KEY_URI_INVALID.with("detail", detail)
}

impl FromStr for KeyUri {
    type Err = Error;

    /// Reads an address.
    ///
    /// # Errors
    /// [`kinds::KEY_URI_INVALID`], [`kinds::PIN_IN_URI`]; neither repeats the address, which may hold a PIN.
    fn from_str(text: &str) -> Result<Self> {
        if text.len() > MAX_URI {
            return Err(kinds::KEY_URI_INVALID.with("detail", Clause::new("why-uri-length")));
        }
        let (scheme, rest) = text.split_once(':').ok_or_else(|| invalid("pkcs11: / p12:"))?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let query = Query::parse(query)?;
        match scheme.to_ascii_lowercase().as_str() {
            "pkcs11" => {
                let token = TokenUri { module: query.module, ..token(path)? };
                Ok(Self { place: Place::Token(token), pin_file: query.pin_file })
            }
            "p12" if !path.is_empty() => {
                Ok(Self { place: Place::File(path.into()), pin_file: query.pin_file })
            }
            _ => Err(invalid("pkcs11: / p12:")),
        }
    }
}

/// The path attributes. An unknown one is an error: to ignore it could match another key.
fn token(path: &str) -> Result<TokenUri> {
    let mut uri = TokenUri::default();
    for attribute in path.split(';').filter(|a| !a.is_empty()) {
        let (name, value) = attribute.split_once('=').ok_or_else(|| invalid(name_of(attribute)))?;
        let place = match name {
            "token" => &mut uri.token,
            "serial" => &mut uri.serial,
            "manufacturer" => &mut uri.manufacturer,
            "model" => &mut uri.model,
            "object" => &mut uri.object,
            "id" => {
                uri.id = Some(decode(value)?);
                continue;
            }
            "type" if matches!(value, "private" | "cert") => continue,
            "pin-value" => return Err(kinds::PIN_IN_URI.error()),
            _ => return Err(invalid(name_of(name))),
        };
        *place = Some(decode_text(value)?);
    }
    Ok(uri)
}

/// At most the beginning of a name goes into a message.
fn name_of(text: &str) -> String {
    text.split('=').next().unwrap_or_default().chars().take(20).collect()
}

#[derive(Default)]
struct Query {
    module: Option<PathBuf>,
    pin_file: Option<PathBuf>,
}

impl Query {
    fn parse(text: &str) -> Result<Self> {
        let mut query = Self::default();
        for attribute in text.split('&').filter(|a| !a.is_empty()) {
            let (name, value) = attribute.split_once('=').ok_or_else(|| invalid(name_of(attribute)))?;
            match name {
                "module-path" => query.module = Some(decode_text(value)?.into()),
                "pin-source" => query.pin_file = Some(pin_source(&decode_text(value)?)?),
                "pin-value" => return Err(kinds::PIN_IN_URI.error()),
                _ => return Err(invalid(name_of(name))),
            }
        }
        if query.module.as_ref().is_some_and(|m| m.to_string_lossy().starts_with('|')) {
            return Err(kinds::PIN_IN_URI.error());
        }
        Ok(query)
    }
}

/// `file:/path`, `file:///path` or a plain path (RFC 7512 2.4); `|command` is refused.
fn pin_source(text: &str) -> Result<PathBuf> {
    let path = text.strip_prefix("file:").unwrap_or(text);
    let path = path.strip_prefix("//").unwrap_or(path);
    match path {
        "" => Err(invalid("pin-source")),
        path if path.starts_with('|') => Err(kinds::PIN_IN_URI.error()),
        path => Ok(path.into()),
    }
}

fn decode_text(text: &str) -> Result<String> {
    String::from_utf8(decode(text)?).map_err(|_| invalid("UTF-8"))
}

/// Percent decoding (RFC 3986 2.1).
fn decode(text: &str) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let digit =
            |byte: Option<u8>| byte.and_then(|b| char::from(b).to_digit(16)).ok_or_else(|| invalid("%"));
        let code = digit(bytes.next())? * 16 + digit(bytes.next())?;
        out.push(u8::try_from(code).map_err(|_| invalid("%"))?);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_address_is_read_with_its_escapes() {
        let text = "pkcs11:token=V%C4%83n%20th%C6%B0;object=k%3B1;id=%01%fF;serial=12;type=private\
                    ?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/run/pin";
        let uri: KeyUri = text.parse().unwrap();
        assert_eq!(uri.pin_file, Some("/run/pin".into()));
        let Place::Token(token) = uri.place else { panic!("a token") };
        assert_eq!(token.token.as_deref(), Some("Văn thư"));
        assert_eq!(token.object.as_deref(), Some("k;1"));
        assert_eq!(token.id, Some(vec![1, 0xFF]));
        assert_eq!(token.module, Some("/usr/lib/softhsm/libsofthsm2.so".into()));
    }

    #[test]
    fn a_file_address_keeps_its_path() {
        let uri: KeyUri = "p12:keys/org.p12?pin-source=file:///run/pin".parse().unwrap();
        assert_eq!(
            uri,
            KeyUri { place: Place::File("keys/org.p12".into()), pin_file: Some("/run/pin".into()) }
        );
    }

    #[test]
    fn pins_and_commands_are_refused_and_never_repeated() {
        for text in [
            "pkcs11:token=a?pin-value=1234",
            "pkcs11:token=a;pin-value=1234",
            "pkcs11:token=a?pin-source=|/bin/get 1234",
            "pkcs11:token=a?pin-source=%7C/bin/get 1234",
            "pkcs11:token=a?pin-source=file:|/bin/get 1234",
            "pkcs11:token=a?module-path=|/bin/get 1234",
            "p12:a.p12?pin-value=1234",
        ] {
            let error = text.parse::<KeyUri>().unwrap_err();
            assert_eq!(error.code(), "pin_in_uri", "{text}");
            assert!(!format!("{error:?}{error}").contains("1234"));
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for text in [
            "",
            "p12:",
            "file:x",
            "pkcs11:token",
            "pkcs11:tokne=a",
            "pkcs11:token=%4",
            "pkcs11:token=%ff",
            "p12:a?x=1",
        ] {
            assert_eq!(text.parse::<KeyUri>().unwrap_err().code(), "key_uri_invalid", "{text}");
        }
        assert_eq!(
            format!("pkcs11:token={}", "a".repeat(5_000)).parse::<KeyUri>().unwrap_err().code(),
            "key_uri_invalid"
        );
    }
}
