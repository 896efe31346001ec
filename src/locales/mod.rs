//! Every sentence that a person reads, in Vietnamese and English (Project Fluent syntax), one file per area and language.
//! Identifiers: `err-<code>` with `.advice` for refusals, `why-...` for clauses inside them ([`crate::error::Clause`]),
//! `finding-<code>` for findings on a scan, `help-...` for the command line, otherwise free.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// A language of the interface.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Tiếng Việt.
    Vi,
    /// English.
    #[default]
    En,
}

impl Lang {
    /// The language of the operating system's locale; English for all but Vietnamese.
    pub fn of_system() -> Self {
        match sys_locale::get_locale() {
            Some(name) if name.to_ascii_lowercase().starts_with("vi") => Lang::Vi,
            _ => Lang::En,
        }
    }
}

macro_rules! areas {
    ($lang:literal) => {
        &[
            include_str!(concat!($lang, "/core.ftl")),
            include_str!(concat!($lang, "/scan.ftl")),
            include_str!(concat!($lang, "/quality.ftl")),
            include_str!(concat!($lang, "/compress.ftl")),
            include_str!(concat!($lang, "/pdf.ftl")),
            include_str!(concat!($lang, "/sign.ftl")),
            include_str!(concat!($lang, "/verify.ftl")),
            include_str!(concat!($lang, "/store.ftl")),
            include_str!(concat!($lang, "/upload.ftl")),
            include_str!(concat!($lang, "/report.ftl")),
            include_str!(concat!($lang, "/doctor.ftl")),
            include_str!(concat!($lang, "/cli.ftl")),
            include_str!(concat!($lang, "/help.ftl")),
            include_str!(concat!($lang, "/kit.ftl")),
            include_str!(concat!($lang, "/web.ftl")),
            include_str!(concat!($lang, "/register.ftl")),
            include_str!(concat!($lang, "/routes.ftl")),
            include_str!(concat!($lang, "/why.ftl")),
        ]
    };
}

static VI: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle("vi", areas!("vi")));
static EN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle("en", areas!("en")));

/// A resource with a broken entry still yields its good entries; the locale test reports the broken one.
fn bundle(tag: &str, areas: &[&str]) -> FluentBundle<FluentResource> {
    let id: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    for area in areas {
        let resource = match FluentResource::try_new((*area).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn of(lang: Lang) -> &'static FluentBundle<FluentResource> {
    match lang {
        Lang::Vi => &VI,
        Lang::En => &EN,
    }
}

/// Whether the language has this message.
pub fn has(lang: Lang, id: &str) -> bool {
    of(lang).has_message(id)
}

/// The sentence `id` with its arguments filled in. An unknown identifier yields itself, never a panic.
pub fn text<V: AsRef<str>>(lang: Lang, id: &str, args: &[(&str, V)]) -> String {
    lookup(lang, id, None, args).unwrap_or_else(|| id.to_owned())
}

/// The attribute `name` of the sentence `id`, empty when there is none.
pub fn attribute<V: AsRef<str>>(lang: Lang, id: &str, name: &str, args: &[(&str, V)]) -> String {
    lookup(lang, id, Some(name), args).unwrap_or_default()
}

/// Identifiers of all messages that begin with `prefix`, in the order of the locale files.
pub fn identifiers(prefix: &str) -> Vec<&'static str> {
    let lines = areas!("en").iter().flat_map(|area| area.lines());
    let names = lines
        .filter_map(|line| line.split_once(" ="))
        .map(|(name, _)| name)
        .filter(|name| name.starts_with(prefix));
    names.collect()
}

/// The sentence `id` without arguments.
pub fn plain(lang: Lang, id: &str) -> String {
    text::<&str>(lang, id, &[])
}

/// Arguments that are measures and may have a decimal point.
const DECIMALS: [&str; 7] = ["degrees", "gigabytes", "contrast", "lost", "red", "turn", "ink"];

/// A number as the language writes it: in Vietnamese with a comma.
pub fn decimal(lang: Lang, number: &str) -> String {
    match lang {
        Lang::Vi if number.parse::<f64>().is_ok() => number.replace('.', ","),
        _ => printable(number),
    }
}

fn lookup<V: AsRef<str>>(lang: Lang, id: &str, name: Option<&str>, args: &[(&str, V)]) -> Option<String> {
    let bundle = of(lang);
    let message = bundle.get_message(id)?;
    let pattern = match name {
        None => message.value()?,
        Some(name) => message.get_attribute(name)?.value(),
    };
    let mut values = FluentArgs::new();
    for (key, value) in args {
        let value = value.as_ref();
        // A count chooses between one and many, and is written as it is.
        if let ("count", Ok(count)) = (*key, value.parse::<u32>()) {
            values.set("count", f64::from(count));
            continue;
        }
        let shown = match *key {
            // A list of nothing would end a sentence in the middle.
            "known" if value.is_empty() => "–".to_owned(),
            key if DECIMALS.contains(&key) => decimal(lang, value),
            _ => printable(value),
        };
        values.set(Cow::Owned((*key).to_owned()), shown);
    }
    Some(bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned())
}

/// Hostile text (file names, server answers) must not move the cursor, split a line or turn the direction of what follows:
/// control characters and marks of direction are shown.
fn printable(text: &str) -> String {
    let hostile = |c: char| c.is_control() || turns(c);
    text.chars().flat_map(|c| if hostile(c) { c.escape_default().collect() } else { vec![c] }).collect()
}

/// Whether a character changes the direction in which text is shown (Unicode Annex 9): `gpj.exe` may then read as `exe.jpg`.
pub fn turns(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::error::{kinds, message_id};

    /// Identifiers of messages, with their attributes behind a dot.
    fn ids(areas: &[&str]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut message = "";
        for line in areas.iter().flat_map(|area| area.lines()) {
            let Some((name, _)) = line.split_once('=') else { continue };
            match name.trim().strip_prefix('.') {
                Some(attribute) => found.insert(format!("{message}.{attribute}")),
                None if line.starts_with(|c: char| c.is_ascii_lowercase()) => {
                    message = name.trim();
                    assert!(found.insert(message.to_owned()), "{message} stands twice");
                    true
                }
                None => false,
            };
        }
        found
    }

    /// Names of the placeables of an area, which both languages have to fill in.
    fn variables(text: &str) -> BTreeSet<&str> {
        text.split('$').skip(1).filter_map(|rest| rest.split([' ', '}']).next()).collect()
    }

    #[test]
    fn both_languages_have_the_same_sentences_and_all_of_them_parse() {
        assert_eq!(ids(areas!("vi")), ids(areas!("en")));
        for (vi, en) in areas!("vi").iter().zip(areas!("en")) {
            assert_eq!(variables(vi), variables(en));
            for text in [vi, en] {
                assert!(
                    FluentResource::try_new((*text).to_owned()).is_ok(),
                    "{}",
                    text.lines().next().unwrap()
                );
            }
        }
    }

    #[test]
    fn every_refusal_has_a_sentence_and_advice_in_both_languages() {
        for kind in kinds::ALL.iter() {
            for lang in [Lang::Vi, Lang::En] {
                let error = kind.error();
                assert!(has(lang, &message_id(kind.code)), "{lang:?}: no sentence for {}", kind.code);
                assert!(error.advice(lang).len() > 10, "{lang:?}: no advice for {}", kind.code);
            }
        }
    }

    /// Texts that are arguments of a sentence, as the sources give them: `"cause", "..."` and `"cause", format!("...")`.
    fn causes(text: &str) -> impl Iterator<Item = (&str, &str)> {
        let program = text.split("#[cfg(test)]").next().unwrap_or_default();
        ["cause", "why", "detail", "reason", "what"].into_iter().flat_map(move |name| {
            let mark = format!(".with(\"{name}\", ");
            program
                .match_indices(&mark)
                .map(|(at, _)| at + mark.len())
                .collect::<Vec<_>>()
                .into_iter()
                .filter_map(move |at| {
                    let rest = program[at..].trim_start_matches('&').trim_start_matches("format!(");
                    let words = rest.strip_prefix('"')?.split('"').next()?;
                    Some((&program[..at], words))
                })
        })
    }

    #[test]
    fn no_refusal_carries_an_english_sentence_into_a_vietnamese_one() {
        let all = sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
        let mut known = 0;
        for (before, words) in all.iter().flat_map(|text| causes(text)) {
            // A fault of the program itself is for its makers; a variant of a format stands in brackets as what it is.
            let internal = before
                .rsplit("kinds::")
                .next()
                .is_some_and(|kind| kind.starts_with("INTERNAL") || kind.starts_with("SCAN_VARIANT"));
            let plain = words.split(['{', '}']).step_by(2).collect::<String>();
            let sentence =
                plain.split(' ').filter(|w| w.len() > 1 && w.chars().all(|c| c.is_ascii_lowercase()));
            assert!(internal || sentence.count() < 2, "\"{words}\" needs a clause (why-...)");
            known += usize::from(internal);
        }
        assert!(known > 10, "the look through the sources finds nothing any more");
    }

    #[test]
    fn every_clause_of_the_sources_stands_in_both_languages_and_no_other() {
        let all = sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
        let mark = concat!('"', "why-");
        let named = all.iter().flat_map(|text| text.split(mark).skip(1));
        let named = named.filter_map(|rest| rest.split('"').next());
        // What is no name stands in this test.
        let named = named.filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
        let named: BTreeSet<String> = named.map(|rest| format!("why-{rest}")).collect();
        let there = identifiers("why-").into_iter().map(str::to_owned).collect();
        assert_eq!(named, there);
        assert!(named.iter().all(|id| has(Lang::Vi, id)));
    }

    /// Every `.rs` file below a folder.
    fn sources(folder: &std::path::Path) -> Vec<String> {
        let mut all = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => all.extend(sources(&entry.path())),
                false if entry.path().extension().is_some_and(|e| e == "rs") => {
                    all.push(std::fs::read_to_string(entry.path()).unwrap());
                }
                false => {}
            }
        }
        all
    }

    #[test]
    fn every_action_of_a_plan_has_a_name_in_both_languages() {
        let all = sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
        let mark = concat!("\"action\"", ": \"");
        let named = all.iter().flat_map(|text| text.split(mark).skip(1));
        let named: BTreeSet<&str> = named.filter_map(|rest| rest.split('"').next()).collect();
        assert!(named.contains("move_store") && named.len() > 10, "{named:?}");
        // Those that are chosen where the plan is told.
        let chosen = ["build", "wait", "upgrade", "complete", "prepare"];
        for action in named.into_iter().chain(chosen).filter(|action| *action != "sign_all") {
            for lang in [Lang::Vi, Lang::En] {
                assert!(has(lang, &format!("cli-plan-{action}")), "{lang:?}: {action}");
            }
        }
    }

    #[test]
    fn codes_are_unique() {
        let codes: BTreeSet<&str> = kinds::ALL.iter().map(|kind| kind.code).collect();
        assert_eq!(codes.len(), kinds::ALL.len());
    }

    #[test]
    fn hostile_text_cannot_split_a_line() {
        let shown = text(Lang::En, "err-file-missing", &[("path", "a\n\u{1b}[2Jb")]);
        assert!(!shown.contains(['\n', '\u{1b}']), "{shown}");
        let turned = text(Lang::En, "err-file-missing", &[("path", "a\u{202e}gpj.exe")]);
        assert!(!turned.contains('\u{202e}') && turned.contains("gpj.exe"), "{turned}");
    }

    #[test]
    fn measures_have_the_comma_of_the_language_and_a_list_of_nothing_is_a_dash() {
        let said = |lang, id: &str, name: &str, value: &str| text(lang, id, &[(name, value)]);
        assert!(said(Lang::Vi, "finding-deskewed", "degrees", "-0.6").contains("-0,6"));
        assert!(said(Lang::En, "finding-deskewed", "degrees", "-0.6").contains("-0.6"));
        assert!(said(Lang::Vi, "err-file-missing", "path", "01.02").contains("01.02"));
        let exported = |count| text(Lang::En, "find-written", &[("count", count), ("path", "p9.zip")]);
        assert_eq!(exported("1"), "✓ 1 document in p9.zip");
        assert_eq!(exported("100000"), "✓ 100000 documents in p9.zip");
        assert!(said(Lang::En, "err-outage-unknown", "known", "").ends_with('–'));
    }
}
