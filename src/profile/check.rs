//! What is wrong with a profile: contradictions, placeholders that stand for nothing.

use std::ops::RangeInclusive;

use super::{Form, Profile, RouteRules, SignatureRule, Visible};
use crate::document::{Fields, Route};
use crate::error::Clause;
use crate::sign::Role;

/// Resolutions that scanners for paper have.
const DPI: RangeInclusive<u32> = 50..=1_200;
/// Minutes of the time zones that there are.
const OFFSETS: RangeInclusive<i32> = -720..=840;

/// The first contradiction inside a profile.
pub(super) fn fault(profile: &Profile) -> Option<Clause> {
    let organization = profile.signature.iter().filter(|s| s.role == Role::Organization).count();
    let last = profile.signature.last().map(|s| s.role);
    if organization != 1 || last != Some(Role::Organization) {
        return Some(Clause::new("why-organization-last"));
    }
    if profile.recovery.form == Form::ReSign && profile.personal_roles() == 0 {
        return Some(Clause::new("why-personal-needed"));
    }
    // Rule of App. I Part II I.3.b: no picture on a scan.
    if profile.signature.iter().any(|rule| rule.visible == Visible::Picture) {
        return Some(Clause::new("why-no-picture"));
    }
    // They become an argument of Tesseract.
    let is_language =
        |name: &String| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if profile.ocr.languages.is_empty() || !profile.ocr.languages.iter().all(is_language) {
        return Some(Clause::new("why-languages"));
    }
    let names = profile.metadata.required.iter().chain(profile.metadata.lengths.keys());
    if let Some(name) = names.into_iter().find(|name| !Fields::NAMES.contains(&name.as_str())) {
        return Some(Clause::new("why-metadata").with("name", name));
    }
    if !DPI.contains(&profile.scan.min_dpi) || !DPI.contains(&profile.compress.min_layer_dpi) {
        return Some(Clause::new("why-dpi").with("from", DPI.start()).with("to", DPI.end()));
    }
    if !OFFSETS.contains(&profile.utc_offset_minutes) {
        return Some(Clause::new("why-offset").with("from", OFFSETS.start()).with("to", OFFSETS.end()));
    }
    if profile.crypto.min_rsa_bits < 2048 {
        return Some(Clause::new("why-rsa-bits"));
    }
    let repealed = profile.legal_basis.iter().find(|b| b.repealed.is_some_and(|day| day <= b.in_force));
    if let Some(basis) = repealed {
        return Some(Clause::new("why-repealed").with("cite", &basis.cite));
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

fn rule_fault(rule: &SignatureRule) -> Option<Clause> {
    let patterns = rule.reason.iter().chain(&rule.lines);
    patterns.into_iter().find_map(|pattern| {
        let known: Vec<&str> = FACTS.into_iter().chain(["capacity"]).collect();
        placeholder_fault("[[signature]] reason, lines", pattern, &known)
    })
}

fn placeholder_fault(place: &str, pattern: &str, known: &[&str]) -> Option<Clause> {
    let names = pattern.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    let unknown = names.into_iter().find(|name| !known.contains(name) && !Fields::NAMES.contains(name))?;
    Some(Clause::new("why-placeholder").with("place", place).with("name", format!("{{{unknown}}}")))
}

fn route_fault(rules: &RouteRules) -> Option<Clause> {
    let route = rules.name.as_str();
    let at =
        |fault: &'static str| Clause::new("why-route").with("route", route).with("fault", Clause::new(fault));
    let organization = rules.step.iter().filter(|step| step.role == Role::Organization).count();
    let last = rules.step.last().map(|step| step.role);
    let fault = match rules.name {
        Route::Recovery => Some("why-route-recovery"),
        Route::Outgoing if organization != 1 || last != Some(Role::Organization) => {
            Some("why-route-organization-last")
        }
        Route::Internal if organization > 0 => Some("why-route-no-organization"),
        _ if !rules.step.iter().any(|step| step.role == Role::Personal && !step.optional) => {
            Some("why-route-person")
        }
        _ if rules.attachment.as_ref().is_some_and(|rule| rule.role != Role::Organization) => {
            Some("why-route-attachment")
        }
        _ => None,
    };
    if let Some(fault) = fault {
        return Some(at(fault));
    }
    let mut names: Vec<&str> = rules.step.iter().map(|step| step.step.as_str()).collect();
    names.sort_unstable();
    if names.iter().any(|name| name.is_empty()) || names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Some(at("why-route-step"));
    }
    if let Some(name) = rules.required.iter().find(|name| !Fields::NAMES.contains(&name.as_str())) {
        return Some(Clause::new("why-route-required").with("route", route).with("name", name));
    }
    let known = |capacity: &&String| super::CAPACITIES.contains(&capacity.as_str());
    if let Some(other) = rules.step.iter().flat_map(|step| &step.capacity).find(|c| !known(c)) {
        let clause = Clause::new("why-route-capacity").with("route", route).with("name", other);
        return Some(clause.with("known", super::CAPACITIES.join(" ")));
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
