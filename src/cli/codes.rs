//! Every code that the program can answer with, for the manual: exit codes, refusals with advice and retry class, findings
//! on scans, reasons of a verdict, lines of the check of the station. All of it comes from the tables that the program itself uses, so none can be missing.

use crate::error::{Exit, Kind, Retry, kinds, message_id};
use crate::locales::{self, Lang};
use crate::verify::reasons;

/// The sections behind the manual page of the program (roff, man macros).
pub(super) fn manual(lang: Lang) -> String {
    let refusals = kinds::ALL.iter().map(|kind| refusal(kind, lang));
    let findings = locales::identifiers("finding-").into_iter().map(|id| finding(id, lang));
    let checks = locales::identifiers("doctor-").into_iter().map(|id| check(id, lang));
    let reasons = reasons::TABLE.iter().map(|row| reason(row, lang));
    [
        section(lang, "manual-exit", EXITS.iter().map(|exit| exit_code(*exit, lang))),
        section(lang, "manual-refusals", refusals),
        section(lang, "manual-findings", findings),
        section(lang, "manual-reasons", reasons),
        section(lang, "manual-checks", checks),
    ]
    .concat()
}

/// All exit codes, in their order.
const EXITS: [Exit; 10] = [
    Exit::Done,
    Exit::Internal,
    Exit::Usage,
    Exit::SomeFailed,
    Exit::AllFailed,
    Exit::Signature,
    Exit::Key,
    Exit::DestinationAway,
    Exit::Workspace,
    Exit::Undecided,
];

fn section(lang: Lang, id: &str, entries: impl Iterator<Item = String>) -> String {
    let about = locales::attribute::<&str>(lang, id, "about", &[]);
    format!(
        ".SH \"{}\"\n{}\n{}",
        escaped(&locales::plain(lang, id)),
        escaped(&about),
        entries.collect::<String>()
    )
}

/// One entry: the code in bold, what it says under it, each on a line of its own.
fn entry(code: &str, lines: &[String]) -> String {
    let shown: Vec<String> = lines.iter().filter(|line| !line.is_empty()).map(|line| escaped(line)).collect();
    format!(".TP\n\\fB{}\\fR\n{}\n", escaped(code), shown.join("\n.br\n"))
}

fn exit_code(exit: Exit, lang: Lang) -> String {
    let number = exit as u8;
    entry(&number.to_string(), &[locales::plain(lang, &format!("manual-exit-{number}"))])
}

fn refusal(kind: &'static Kind, lang: Lang) -> String {
    let (error, number) = (kind.error(), (kind.exit as u8).to_string());
    let retry = match kind.retry {
        Retry::Never => "never",
        Retry::Later => "later",
        Retry::AfterYouFix => "after_you_fix",
    };
    let class = locales::text(lang, "manual-class", &[("exit", number.as_str()), ("retry", retry)]);
    debug_assert!(locales::has(lang, &message_id(kind.code)));
    entry(kind.code, &[error.message(lang), error.advice(lang), class])
}

fn finding(id: &str, lang: Lang) -> String {
    entry(&code(id, "finding-"), &[locales::plain(lang, id)])
}

fn check(id: &str, lang: Lang) -> String {
    let advice = locales::attribute::<&str>(lang, id, "advice", &[]);
    entry(&code(id, "doctor-"), &[locales::plain(lang, id), advice])
}

fn reason(row: &reasons::Row, lang: Lang) -> String {
    let id = format!("reason-{}", row.code.replace('_', "-"));
    let verdict = match row.consequence {
        reasons::Consequence::Note => "manual-verdict-note",
        reasons::Consequence::Indeterminate => "manual-verdict-indeterminate",
        reasons::Consequence::Invalid => "manual-verdict-invalid",
    };
    let standard = row.sub_indication.map(|name| format!(" (ETSI EN 319 102-1: {name})")).unwrap_or_default();
    entry(row.code, &[locales::plain(lang, &id), locales::plain(lang, verdict) + &standard])
}

/// The stable code of a message: `finding-dpi-low` is `dpi_low`.
fn code(id: &str, prefix: &str) -> String {
    id.trim_start_matches(prefix).replace('-', "_")
}

/// Text as roff shows it unchanged; places that an event fills in stand as `<name>`.
fn escaped(text: &str) -> String {
    let text = text.replace("{$", "<").replace('}', ">").replace('\\', "\\e").replace('-', "\\-");
    match text.chars().next() {
        Some('.' | '\'') => format!("\\&{text}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_has_every_code_with_its_sentence_in_both_languages() {
        for lang in [Lang::Vi, Lang::En] {
            let manual = manual(lang);
            let findings = locales::identifiers("finding-").into_iter().map(|id| code(id, "finding-"));
            let codes: Vec<String> = kinds::ALL
                .iter()
                .map(|kind| kind.code.to_owned())
                .chain(findings)
                .chain(reasons::TABLE.iter().map(|row| row.code.to_owned()))
                .collect();
            assert!(codes.len() > 150, "{}", codes.len());
            for code in codes {
                let place = manual.find(&format!("\\fB{}\\fR\n", escaped(&code))).expect("no entry");
                let text = manual[place..].lines().nth(1).unwrap();
                assert!(text.len() > 15 && !text.starts_with('.'), "{lang:?} {code}: {text}");
            }
        }
    }

    #[test]
    fn every_finding_that_the_source_makes_has_a_sentence() {
        let known: Vec<String> =
            locales::identifiers("finding-").iter().map(|id| code(id, "finding-")).collect();
        let mut waiting = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut seen = 0;
        while let Some(path) = waiting.pop() {
            if path.is_dir() {
                waiting.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap_or_default();
            for rest in text.split("Finding::new(\"").skip(1) {
                let name = rest.split('"').next().unwrap();
                if name.contains(|c: char| !(c.is_ascii_lowercase() || c == '_')) {
                    continue;
                }
                seen += 1;
                assert!(known.iter().any(|code| code == name), "finding-{name} has no sentence");
            }
        }
        assert!(seen >= 15, "{seen}");
    }

    #[test]
    fn nothing_in_a_text_is_a_command_of_the_manual_page() {
        assert_eq!(escaped(".so /etc/passwd"), "\\&.so /etc/passwd");
        assert_eq!(escaped("a\\b {$path}"), "a\\eb <path>");
    }
}
