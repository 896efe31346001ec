//! What is wrong in a settings file (profile, station file, recipe), said so that whoever wrote it finds the place: the parser's
//! words are English and meant for programmers.

use std::ops::Range;

use crate::error::Clause;

/// A key that the program does not know.
pub(super) struct UnknownKey {
    pub line: usize,
    pub name: String,
    /// The known key that is spelt most like it, or all of them.
    pub near: String,
}

/// What is wrong, with its line and its key.
pub(crate) fn toml_fault(text: &str, error: &toml::de::Error) -> Clause {
    let technical = error.message().lines().collect::<Vec<_>>().join("; ");
    let place = Place::of(text, error.span());
    let clause = |id| Clause::new(id).with("line", place.line).with("technical", &technical);
    if let Some(unknown) = unknown_key(text, error) {
        return clause("why-toml-unknown").with("key", unknown.name).with("known", unknown.near);
    }
    if let Some(rest) = technical.strip_prefix("missing field `") {
        return clause("why-toml-missing").with("key", rest.trim_end_matches('`'));
    }
    if technical.starts_with("unknown variant `") {
        let known = quoted(&technical).skip(1).collect::<Vec<_>>().join(", ");
        return clause("why-toml-variant").with("key", place.key).with("known", known);
    }
    clause(class(text, &technical)).with("key", place.key)
}

/// The clause of what is neither unknown nor missing.
fn class(text: &str, technical: &str) -> &'static str {
    if technical.starts_with("duplicate key") {
        return "why-toml-twice";
    }
    if text.parse::<toml::Table>().is_err() {
        return "why-toml-syntax";
    }
    if technical.starts_with("invalid value: integer") {
        return "why-toml-negative";
    }
    // Every other value that is text and has a form of its own is a day.
    if ["year", "month", "day"].iter().any(|part| technical.contains(part)) {
        return "why-toml-day";
    }
    let wanted = technical.strip_prefix("invalid type: ").and_then(|rest| rest.rsplit_once("expected "));
    match wanted.map(|(_, wanted)| wanted) {
        Some("a string" | "path string" | "string or table") => "why-toml-text",
        Some("a boolean") => "why-toml-switch",
        Some("a sequence") => "why-toml-list",
        Some("a map") => "why-toml-section",
        Some(wanted) if wanted.starts_with("struct ") => "why-toml-section",
        Some(wanted)
            if wanted.starts_with(['u', 'i', 'f']) && wanted.ends_with(|c: char| c.is_ascii_digit()) =>
        {
            "why-toml-number"
        }
        _ => "why-toml-value",
    }
}

/// Where a person looks: a line, and the key or section that it is about.
struct Place {
    line: usize,
    key: String,
}

impl Place {
    fn of(text: &str, span: Option<Range<usize>>) -> Self {
        let start = span.map(|span| span.start).unwrap_or_default();
        let before = text.get(..start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        // A value may go over several lines; its key stands on the first.
        let lines: Vec<&str> = text.lines().take(line).collect();
        let key = lines.iter().rev().find_map(|line| key(line)).unwrap_or_default();
        Self { line, key: key.to_owned() }
    }
}

/// The key that a line gives a value, or the section that it begins.
fn key(line: &str) -> Option<&str> {
    let line = line.trim();
    match line.strip_prefix('[') {
        Some(section) => section.trim_start_matches('[').split_once(']').map(|(name, _)| name.trim()),
        None => line.split_once('=').map(|(key, _)| key.trim()),
    }
    .filter(|key| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-.\"' ".contains(c)))
}

/// The names between backquotes.
fn quoted(message: &str) -> impl Iterator<Item = &str> {
    message.split('`').skip(1).step_by(2)
}

/// The key that an error is about, when it is about one that is unknown.
pub(super) fn unknown_key(text: &str, error: &toml::de::Error) -> Option<UnknownKey> {
    let rest = error.message().strip_prefix("unknown field `")?;
    let (name, rest) = rest.split_once('`')?;
    let known: Vec<&str> = quoted(rest).collect();
    let near = known.iter().map(|key| (distance(name, key), *key)).min();
    let near = match near {
        Some((far, key)) if far <= name.len().max(key.len()) / 2 => key.to_owned(),
        _ => known.join(", "),
    };
    Some(UnknownKey { line: Place::of(text, error.span()).line, name: name.to_owned(), near })
}

/// How many letters have to be changed, put in or taken out (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.chars().take(64).enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, d) in b.iter().enumerate() {
            let changed = corner + usize::from(c != *d);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locales::Lang;
    use crate::station::Station;

    #[test]
    fn a_day_is_asked_for_as_it_is_written() {
        let (_, text) = crate::profile::BUILT_IN[1];
        let text = text.replacen("in_force = \"", "in_force = \"32-13-", 1);
        let error = toml::from_str::<crate::profile::Profile>(&text).unwrap_err();
        let told = toml_fault(&text, &error).text(Lang::Vi);
        assert!(told.contains("\"in_force\" phải là ngày"), "{told}");
    }

    /// What both readers are told of a station file that is wrong.
    fn told(text: &str) -> (String, String) {
        let error = toml::from_str::<Station>(text).unwrap_err();
        let clause = toml_fault(text, &error);
        (clause.text(Lang::Vi), clause.text(Lang::En))
    }

    #[test]
    fn distance_counts_letters() {
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn each_fault_of_the_parser_is_said_in_words_with_line_and_key() {
        let start = "profile = \"drill\"\n[office]\nname = \"x\"\n";
        for (text, vi, en) in [
            ("[support]\nnam = \"y\"", "không có khóa nào tên \"nam\"", "line 5: unknown field `nam`"),
            ("[support]\nphone = \"y\"", "thiếu \"name\"", "line 4: missing field `name`"),
            ("[station]\nname = 5", "\"name\" phải là chữ", "line 5: invalid type: integer `5`"),
            ("[verify]\nfetch = \"yes\"", "\"fetch\" phải là true hoặc false", "line 5: invalid type"),
            ("[token]\nmodules = \"/x\"", "\"modules\" phải là danh sách", "line 5: invalid type"),
            ("[keys]\npersonal = \"p12:x\"", "\"personal\" phải là một mục", "line 5: invalid type"),
            ("[support]\nname = \"y\"\nname = \"z\"", "\"name\" được ghi hai lần", "line 6: duplicate key"),
            ("[support]\nname = \"y", "dòng 5 viết sai", "line 5: invalid basic string"),
            ("[[destination]]\nname = \"d\"\nkind = \"ftp\"", "\"kind\" chỉ nhận", "line 6: unknown variant"),
            (
                "[[destination]]\nname = \"d\"\nkind = \"s3\"\nparallel = \"four\"",
                "\"parallel\" phải là số",
                "line 7: invalid type",
            ),
            ("[keys.personal]\nuri = \"x\"\npicture_mm = true", "\"picture_mm\" phải là số", "line 6"),
            (
                "[[destination]]\nname = \"d\"\nkind = \"s3\"\nparallel = -1",
                "\"parallel\" phải là số nguyên không âm",
                "line 7: invalid value",
            ),
        ] {
            let told = told(&format!("{start}{text}"));
            assert!(told.0.contains(vi), "{told:?}");
            assert!(told.1.starts_with(en), "{told:?}");
        }
    }
}
