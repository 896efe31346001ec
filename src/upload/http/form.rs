//! A file with its fields as a form (RFC 7578).

/// A form ready to be sent.
pub struct Form {
    /// With the boundary.
    pub media_type: String,
    /// All parts.
    pub body: Vec<u8>,
}

impl Form {
    /// Fields first: some systems stop reading at the file.
    pub fn of(fields: &[(&str, String)], file: &str, name: &str, bytes: &[u8]) -> Self {
        Self::with(fields, file, name, "application/pdf", bytes)
    }

    /// As [`Form::of`], for a file of another media type.
    pub fn with(fields: &[(&str, String)], file: &str, name: &str, media_type: &str, bytes: &[u8]) -> Self {
        // Unguessable, so that nothing inside the file can end a part.
        let boundary = format!("scanseal-{}", uuid::Uuid::now_v7().simple());
        let mut body = Vec::with_capacity(bytes.len() + 4096);
        for (key, value) in fields {
            let head =
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n", quoted(key));
            body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
        }
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\
             Content-Type: {media_type}\r\n\r\n",
            quoted(file),
            quoted(name)
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        Self { media_type: format!("multipart/form-data; boundary={boundary}"), body }
    }
}

/// What could end the quoted name is written in percents, as browsers do (RFC 7578 4.2).
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_its_own_quotes() {
        let form = Form::of(&[("title", "a".to_owned())], "file", "x\"\r\ny.pdf", b"%PDF");
        let text = String::from_utf8(form.body).unwrap();
        assert!(text.contains("filename=\"x%22%0D%0Ay.pdf\"\r\n"), "{text}");
        assert_eq!(text.matches("--scanseal-").count(), 3);
    }
}
