//! Why a destination is away, in a word that the sentences know (`err-destination-away`): people read what happened in their own
//! language, and what the libraries and the systems say of it in English stands beside it where nothing else is known.

use std::fmt::Display;

use crate::error::{Error, kinds};

/// Words, and what technical texts say in lower case when it is that. The first one that fits counts.
const TOLD: [(&str, &[&str]); 5] = [
    ("refused", &["refused"]),
    // "Temporarily unavailable" is what Unix says of a line on which nothing came for as long as was waited.
    ("silent", &["timed out", "timeout", "in time", "deadline", "temporarily unavailable"]),
    ("unknown", &["lookup", "resolve", "dns", "host not found", "name or service", "hostnotfound"]),
    ("unreachable", &["unreachable", "no route"]),
    ("cut", &["reset", "broken pipe", "closed", "eof", "end of file", "aborted", "disconnect", "incomplete"]),
];

/// It cannot be reached, or the line failed.
pub(super) fn away(destination: &str, cause: impl Display) -> Error {
    let cause = cause.to_string();
    let lower = cause.to_lowercase();
    let word = TOLD.iter().find(|(_, texts)| texts.iter().any(|text| lower.contains(text)));
    because(destination, word.map_or("other", |(word, _)| word)).with("cause", cause)
}

/// It answers that it cannot work just now.
pub(super) fn status(destination: &str, status: u16) -> Error {
    let word = match status {
        408 | 423 | 425 | 429 | 503 => "busy",
        300..=399 | 405 | 501 => "elsewhere",
        _ => "trouble",
    };
    because(destination, word).with("cause", format!("HTTP {status}"))
}

/// A page for people where the system should have spoken: it asks for a login, or it is being repaired. It is waited for.
pub(super) fn page(destination: &str) -> Error {
    because(destination, "page")
}

/// What was written there is not there, or not as it was written.
pub(super) fn not_kept(destination: &str) -> Error {
    because(destination, "lost")
}

/// Its folder is not there.
pub(super) fn no_folder(destination: &str, path: impl Display) -> Error {
    because(destination, "folder").with("cause", path)
}

fn because(destination: &str, word: &str) -> Error {
    kinds::DESTINATION_AWAY.with("destination", destination).with("why", word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locales::Lang;

    #[test]
    fn technical_texts_are_told_in_words() {
        for (text, word) in [
            ("io: Connection refused (os error 111)", "refused"),
            ("timeout: global", "silent"),
            ("network error: Resource temporarily unavailable (os error 11)", "silent"),
            ("io: Peer disconnected", "cut"),
            ("io: failed to lookup address information: Name or service not known", "unknown"),
            ("io: No route to host (os error 113)", "unreachable"),
            ("io: Connection reset by peer (os error 104)", "cut"),
            ("io: unexpected end of file", "cut"),
            ("the moon is in the wrong quarter", "other"),
        ] {
            assert_eq!(away("dms", text).arg("why"), Some(word), "{text}");
        }
    }

    /// Every word is told in a sentence of its own, without the text of a library.
    #[test]
    fn every_word_has_its_sentence() {
        let words = TOLD.iter().map(|(word, _)| because("dms", word)).chain([page("dms"), not_kept("dms")]);
        let mut told = std::collections::BTreeSet::new();
        for error in words {
            for lang in [Lang::En, Lang::Vi] {
                let message = error.message(lang);
                assert!(message.contains("dms") && !message.contains("{"), "{message}");
                assert!(told.insert(message));
            }
        }
        for error in [
            status("dms", 503),
            status("dms", 500),
            status("dms", 405),
            no_folder("dms", "/srv/in"),
            away("dms", "moon"),
        ] {
            for lang in [Lang::En, Lang::Vi] {
                let message = error.message(lang);
                assert!(message.contains(error.arg("cause").unwrap()), "{message}");
                assert!(told.insert(message));
            }
        }
    }
}
