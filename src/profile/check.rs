//! What is wrong with a profile: keys that nobody knows, contradictions, placeholders that stand for nothing.

use std::ops::RangeInclusive;

use super::{Form, Profile, RouteRules, SignatureRule, Visible};
use crate::document::{Fields, Route};
use crate::sign::Role;

/// What is wrong in a settings file, with its line, on one line.
pub(crate) fn toml_fault(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    format!("line {line}: {}", error.message().lines().collect::<Vec<_>>().join("; "))
}

/// Resolutions that scanners for paper have.
const DPI: RangeInclusive<u32> = 50..=1_200;
/// Minutes of the time zones that there are.
const OFFSETS: RangeInclusive<i32> = -720..=840;

/// A key that the program does not know.
pub(super) struct UnknownKey {
    pub line: usize,
    pub name: String,
    /// The known key that is spelt most like it, or all of them.
    pub near: String,
}

/// The key that an error is about, when it is about one that is unknown.
pub(super) fn unknown_key(text: &str, error: &toml::de::Error) -> Option<UnknownKey> {
    let rest = error.message().strip_prefix("unknown field `")?;
    let (name, rest) = rest.split_once('`')?;
    let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let near = known.iter().map(|key| (distance(name, key), *key)).min();
    let near = match near {
        Some((far, key)) if far <= name.len().max(key.len()) / 2 => key.to_owned(),
        _ => known.join(", "),
    };
    Some(UnknownKey { line: before.matches('\n').count() + 1, name: name.to_owned(), near })
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

/// The first contradiction inside a profile.
pub(super) fn fault(profile: &Profile) -> Option<String> {
    let organization = profile.signature.iter().filter(|s| s.role == Role::Organization).count();
    let last = profile.signature.last().map(|s| s.role);
    if organization != 1 || last != Some(Role::Organization) {
        return Some("[[signature]]: exactly one organization signature, and it comes last".to_owned());
    }
    if profile.recovery.form == Form::ReSign && profile.personal_roles() == 0 {
        return Some(
            "[recovery] form = \"re_sign\" needs a [[signature]] with role = \"personal\"".to_owned(),
        );
    }
    // Rule of App. I Part II I.3.b: no picture on a scan.
    if profile.signature.iter().any(|rule| rule.visible == Visible::Picture) {
        return Some("[[signature]] visible: a scan takes no picture, only \"text\" or \"none\"".to_owned());
    }
    // They become an argument of Tesseract.
    let is_language =
        |name: &String| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if profile.ocr.languages.is_empty() || !profile.ocr.languages.iter().all(is_language) {
        return Some(
            "[ocr] languages: names of Tesseract languages, for example [\"vie\", \"eng\"]".to_owned(),
        );
    }
    let names = profile.metadata.required.iter().chain(profile.metadata.lengths.keys());
    if let Some(name) = names.into_iter().find(|name| !Fields::NAMES.contains(&name.as_str())) {
        return Some(format!("[metadata] {name}: only names of manifest columns may stand here"));
    }
    if !DPI.contains(&profile.scan.min_dpi) || !DPI.contains(&profile.compress.min_layer_dpi) {
        return Some(format!("[scan] min_dpi, [compress] min_layer_dpi: {} to {}", DPI.start(), DPI.end()));
    }
    if !OFFSETS.contains(&profile.utc_offset_minutes) {
        return Some(format!("utc_offset_minutes: {} to {}", OFFSETS.start(), OFFSETS.end()));
    }
    if profile.crypto.min_rsa_bits < 2048 {
        return Some("[crypto] min_rsa_bits: 2048 is the least".to_owned());
    }
    let repealed = profile.legal_basis.iter().find(|b| b.repealed.is_some_and(|day| day <= b.in_force));
    if let Some(basis) = repealed {
        return Some(format!("[[legal_basis]] {}: repealed before it was in force", basis.cite));
    }
    profile
        .signature
        .iter()
        .find_map(rule_fault)
        .or_else(|| {
            let mark = &profile.conversion_mark;
            placeholder_fault("[conversion_mark] text", &mark.text, &["converter", "time"])
        })
        .or_else(|| placeholder_fault("[naming] pattern", &profile.naming.pattern, &FACTS))
        .or_else(|| profile.route.iter().find_map(route_fault))
}

/// Placeholders beside the columns of the manifest.
const FACTS: [&str; 7] = ["number", "outage", "copy_form", "organ_name", "organ_id", "signed_at", "document"];

fn rule_fault(rule: &SignatureRule) -> Option<String> {
    let patterns = rule.reason.iter().chain(&rule.lines);
    patterns.into_iter().find_map(|pattern| {
        let known: Vec<&str> = FACTS.into_iter().chain(["capacity"]).collect();
        placeholder_fault("[[signature]] reason, lines", pattern, &known)
    })
}

fn placeholder_fault(place: &str, pattern: &str, known: &[&str]) -> Option<String> {
    let names = pattern.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    let unknown = names.into_iter().find(|name| !known.contains(name) && !Fields::NAMES.contains(name))?;
    Some(format!("{place}: {{{unknown}}} stands for nothing"))
}

fn route_fault(rules: &RouteRules) -> Option<String> {
    let place = format!("[[route]] {}", rules.name.as_str());
    let organization = rules.step.iter().filter(|step| step.role == Role::Organization).count();
    let last = rules.step.last().map(|step| step.role);
    let fault = match rules.name {
        Route::Recovery => Some("paper of an outage goes by [recovery] and [[signature]]"),
        Route::Outgoing if organization != 1 || last != Some(Role::Organization) => {
            Some("exactly one step of the organization, and it comes last")
        }
        Route::Internal if organization > 0 => Some("the organization does not sign here"),
        _ if !rules.step.iter().any(|step| step.role == Role::Personal && !step.optional) => {
            Some("one person at least has to sign")
        }
        _ if rules.attachment.as_ref().is_some_and(|rule| rule.role != Role::Organization) => {
            Some("attachments are signed by the organization")
        }
        _ => None,
    };
    if let Some(fault) = fault {
        return Some(format!("{place}: {fault}"));
    }
    let mut names: Vec<&str> = rules.step.iter().map(|step| step.step.as_str()).collect();
    names.sort_unstable();
    if names.iter().any(|name| name.is_empty()) || names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Some(format!("{place}: every step needs a name of its own (step = \"...\")"));
    }
    if let Some(name) = rules.required.iter().find(|name| !Fields::NAMES.contains(&name.as_str())) {
        return Some(format!("{place} required: {name} is no column of the manifest"));
    }
    let known = |capacity: &&String| super::CAPACITIES.contains(&capacity.as_str());
    if let Some(other) = rules.step.iter().flat_map(|step| &step.capacity).find(|c| !known(c)) {
        return Some(format!("{place} capacity: {other} is none of {}", super::CAPACITIES.join(" ")));
    }
    rules.step.iter().chain(&rules.attachment).find_map(rule_fault)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::BUILT_IN;

    fn refused(name: &str, from: &str, to: &str) -> String {
        let (_, text) = BUILT_IN.iter().find(|(id, _)| *id == name).unwrap();
        let changed = text.replacen(from, to, 1);
        assert_ne!(*text, changed, "{from}");
        let error = Profile::parse("changed", &changed).unwrap_err();
        let lang = crate::locales::Lang::En;
        format!("{} {}", error.message(lang), error.advice(lang))
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_nearest_known_one() {
        let (_, text) = BUILT_IN[1];
        let line = text.lines().position(|line| line.starts_with("min_dpi")).unwrap() + 1;
        let told = refused("vn-state", "min_dpi", "min_dip");
        assert!(told.contains(&format!("line {line}")) && told.contains("min_dip"), "{told}");
        assert!(told.contains("min_dpi"), "{told}");
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn contradictions_are_refused_by_name() {
        for (name, from, to, wanted) in [
            ("eidas", "2016-07-01\"", "2016-07-01\"\nrepealed = \"2016-07-01\"", "910/2014"),
            ("eidas", "{converter}", "{nobody}", "{nobody}"),
            (
                "vn-state",
                "visible = \"text\"\nreason = \"{copy_form}",
                "visible = \"picture\"\nreason = \"{copy_form}",
                "picture",
            ),
            ("vn-state", "name = \"outgoing\"", "name = \"recovery\"", "recovery"),
            ("vn-state", "step = \"format_check\"", "step = \"content_check\"", "name of its own"),
            ("vn-state", "\"TUQ.\"", "\"XY.\"", "XY."),
        ] {
            let told = refused(name, from, to);
            assert!(told.contains(wanted), "{told}");
        }
    }
}
