//! Sentences of the pages.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use crate::document::Fields;
use crate::error::Error;
use crate::locales::{self, Lang};

/// The voice of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub lang: Lang,
    /// Offset of the office's time from UTC in minutes.
    pub offset: i32,
}

impl Words {
    /// The sentence `id`.
    pub fn t(self, id: &str) -> String {
        locales::plain(self.lang, id)
    }

    /// The sentence `id` with its arguments.
    pub fn f(self, id: &str, args: &[(&str, &str)]) -> String {
        locales::text(self.lang, id, args)
    }

    /// The sentence `id` about so many.
    pub fn n(self, id: &str, count: usize) -> String {
        self.f(id, &[("count", &count.to_string())])
    }

    /// BCP 47 name of the language.
    pub fn tag(self) -> &'static str {
        match self.lang {
            Lang::Vi => "vi",
            Lang::En => "en",
        }
    }

    /// The office's own time.
    fn local(self, at: Timestamp) -> DateTime {
        Offset::from_seconds(self.offset.saturating_mul(60)).unwrap_or(Offset::UTC).to_datetime(at)
    }

    /// Time and day as people write them.
    pub fn moment(self, at: Timestamp) -> String {
        self.local(at).strftime("%H:%M %d/%m/%Y").to_string()
    }

    /// Time of the day.
    pub fn clock(self, at: Timestamp) -> String {
        self.local(at).strftime("%H:%M:%S").to_string()
    }

    /// A sentence in which facts have the names that people know them by, and times are written as people write them.
    pub fn with_facts(self, sentence: &str) -> String {
        Fields::NAMES.iter().fold(timed(&without_commands(sentence)), |sentence, name| {
            let quoted = format!("\"{name}\"");
            if !sentence.contains(&quoted) {
                return sentence;
            }
            let known = self.t(&format!("web-field-{}", name.replace('_', "-")));
            let both = format!("{quoted} ({known})");
            sentence.replace(&both, &quoted).replace(&quoted, &format!("“{known}”"))
        })
    }

    /// What happened, and what to do.
    pub fn error(self, error: &Error) -> (String, String) {
        (self.with_facts(&error.message(self.lang)), self.for_pages(&error.advice(self.lang)))
    }

    /// Advice speaks of commands in places; a page says beside it that they are for the person who keeps the machine.
    fn for_pages(self, advice: &str) -> String {
        match advice.contains("scanseal ") || advice.contains("--") {
            true => format!("{advice} {}", self.t("web-advice-command")),
            false => {
                AGAIN.iter().fold(advice.to_owned(), |advice, (command, page)| advice.replace(command, page))
            }
        }
    }
}

/// How sentences ask for a command once more, the longer ones first, and what a person does on a page instead.
const AGAIN: [(&str, &str); 7] = [
    ("run this very command again", "try again"),
    ("run this command again", "try again"),
    ("run the same command again", "try again"),
    ("run the command again", "try again"),
    ("chạy lại đúng lệnh này", "làm lại"),
    ("chạy lại lệnh này", "làm lại"),
    ("chạy lại lệnh", "làm lại"),
];

/// A sentence without what is typed on a command line: a page has a field for it.
fn without_commands(sentence: &str) -> String {
    let Some((before, behind)) = sentence.split_once(" (accept=") else { return sentence.to_owned() };
    match behind.split_once(')') {
        Some((_, after)) => format!("{before}{after}"),
        None => sentence.to_owned(),
    }
}

/// A sentence with its ISO 8601 times, to the second and with their offset, as `08:50 06/11/2026`.
fn timed(sentence: &str) -> String {
    /// `2026-11-06T08:50:00+07:00`.
    const LENGTH: usize = 25;
    let mut out = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(at) = rest.find('T') {
        let start = at.saturating_sub(10);
        let text = rest.get(start..start + LENGTH);
        // The offset is the office's own: what was local time stays local time.
        let moment = text
            .and_then(|text| text.get(..19)?.parse::<DateTime>().ok().zip(text.parse::<Timestamp>().ok()));
        match moment {
            Some((local, _)) => {
                out.push_str(rest.get(..start).unwrap_or_default());
                out.push_str(&local.strftime("%H:%M %d/%m/%Y").to_string());
                rest = rest.get(start + LENGTH..).unwrap_or_default();
            }
            None => {
                out.push_str(rest.get(..=at).unwrap_or_default());
                rest = rest.get(at + 1..).unwrap_or_default();
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::Class;

    #[test]
    fn times_in_sentences_are_written_as_people_write_them() {
        for (given, wanted) in [
            ("Ký lúc 2026-11-06T08:50:00+07:00, ngoài", "Ký lúc 08:50 06/11/2026, ngoài"),
            ("2026-11-06T08:50:00+07:00", "08:50 06/11/2026"),
            ("Trần T. T2026-13-06T08:50:00+07:00 Tế", "Trần T. T2026-13-06T08:50:00+07:00 Tế"),
            ("T", "T"),
            ("", ""),
        ] {
            assert_eq!(timed(given), wanted);
        }
    }

    #[test]
    fn pages_do_not_speak_of_command_lines() {
        let words = Words { lang: Lang::Vi, offset: 420 };
        assert_eq!(words.with_facts("nêu lý do (accept=x:LÝ_DO); nếu không"), "nêu lý do; nếu không");
        assert_eq!(words.with_facts("(accept=x"), "(accept=x");
        assert_eq!(words.for_pages("Cắm thiết bị rồi chạy lại đúng lệnh này."), "Cắm thiết bị rồi làm lại.");
        assert!(words.for_pages("scanseal build rồi chạy lại lệnh").contains("chạy lại lệnh"));
    }

    /// Every identifier that stands in the source of the pages.
    fn used() -> Vec<(String, String)> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
            for part in text.split('"').filter(|part| part.starts_with("web-")) {
                let whole = part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
                if whole && !part.ends_with('-') {
                    found.push((entry.file_name().to_string_lossy().into_owned(), part.to_owned()));
                }
            }
        }
        found
    }

    #[test]
    fn no_page_uses_a_sentence_that_is_missing() {
        let used = used();
        assert!(used.len() > 50, "the search finds nothing");
        for lang in [Lang::Vi, Lang::En] {
            let missing: Vec<_> = used.iter().filter(|(_, id)| !locales::has(lang, id)).collect();
            assert!(missing.is_empty(), "{lang:?}: {missing:?}");
        }
    }

    /// Sentences whose last word comes from elsewhere.
    #[test]
    fn every_fact_and_every_result_has_its_word() {
        let facts = Fields::NAMES.iter().map(|name| format!("web-field-{name}"));
        let results = Class::ALL.iter().map(|class| format!("reconcile-class-{}", class.as_str()));
        let kinds =
            ["intake", "watch", "build", "sign", "seal", "send"].map(|kind| format!("web-kind-{kind}"));
        for id in facts.chain(results).chain(kinds) {
            let id = id.replace('_', "-");
            assert!([Lang::Vi, Lang::En].iter().all(|lang| locales::has(*lang, &id)), "{id}");
        }
    }

    #[test]
    fn no_sentence_of_the_pages_is_unused() {
        let used: Vec<String> = used().into_iter().map(|(_, id)| id).collect();
        let script = include_str!("assets/app.js");
        // Families whose last word comes from the store.
        let families = [
            "web-state-",
            "web-kind-",
            "web-field-",
            "web-stage-",
            "web-card-",
            "web-split-",
            "web-duplex-",
            "web-notice-",
        ];
        for id in locales::identifiers("web-") {
            let family = families.iter().any(|family| id.starts_with(family));
            assert!(family || used.iter().any(|u| u == id) || script.contains(id), "{id}");
        }
    }
}
