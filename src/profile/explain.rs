//! A profile in plain words: for the clerk who has to know what the program will want, and for whoever answers for it.

use jiff::civil::Date;

use super::{
    ColourRule, Expected, Form, Holder, Input, LegalBasis, Level, MarkPlace, Placing, Profile, RouteRules,
    RsaPadding, SealRequires, SecretRule, SignatureRule, Visible,
};
use crate::compress::Class;
use crate::locales::{self, Lang};
use crate::sign::Role;

/// The profile, a line a fact, as it stands on `day`: headings without, facts with a mark before them.
pub fn lines(profile: &Profile, lang: Lang, day: Date) -> Vec<String> {
    let mut out = Told { lang, lines: Vec::new() };
    let title = profile.title.in_lang(lang);
    out.lines.push(format!("{} ({}): {title}", profile.id, profile.version));
    out.law(profile, day);
    out.paper(profile);
    profile.route.iter().for_each(|rules| out.route(rules));
    out.scan(profile);
    out.result(profile);
    out.signatures(profile);
    out.archive(profile);
    out.lines
}

/// Lines as they are written.
struct Told {
    lang: Lang,
    lines: Vec<String>,
}

impl Told {
    fn word(&self, id: &str) -> String {
        locales::plain(self.lang, id)
    }

    fn heading(&mut self, id: &str) {
        let heading = self.word(id);
        self.lines.push(heading);
    }

    fn fact(&mut self, id: &str, args: &[(&str, String)]) {
        self.lines.push(format!("  · {}", locales::text(self.lang, id, args)));
    }

    fn plain(&mut self, id: &str) {
        self.fact(id, &[]);
    }

    fn law(&mut self, profile: &Profile, day: Date) {
        self.heading("explain-law");
        if profile.legal_basis.is_empty() {
            self.plain("explain-law-none");
        }
        for basis in &profile.legal_basis {
            self.basis(basis, day);
        }
    }

    fn basis(&mut self, basis: &LegalBasis, day: Date) {
        let title = basis.title.in_lang(self.lang).to_owned();
        let args = vec![("cite", basis.cite.clone()), ("title", title), ("from", date(basis.in_force))];
        self.fact("explain-law-basis", &args);
        let note = |told: &mut Self, id: &str, args: &[(&str, String)]| {
            let text = locales::text(told.lang, id, args);
            told.lines.push(format!("    {text}"));
        };
        if day < basis.in_force {
            note(self, "explain-law-not-yet", &[("from", date(basis.in_force))]);
        }
        match basis.repealed {
            Some(on) if on <= day => note(self, "explain-law-repealed", &[("on", date(on))]),
            Some(on) => note(self, "explain-law-ends", &[("on", date(on))]),
            None => {}
        }
        if let Some(amended) = &basis.amended {
            let args = [("on", date(amended.on)), ("by", amended.by.clone())];
            note(self, "explain-law-amended", &args);
        }
    }

    fn paper(&mut self, profile: &Profile) {
        self.heading("explain-paper");
        match profile.recovery.form {
            Form::ReSign => self.plain("explain-form-re-sign"),
            Form::SaoY => self.plain("explain-form-sao-y"),
        }
        if profile.recovery.form == Form::ReSign {
            self.plain("explain-form-incoming");
        }
        self.who(&profile.signature);
        self.seal(profile.recovery.seal_requires);
        match profile.recovery.deliver_requires {
            SealRequires::Provisional => self.plain("explain-deliver-provisional"),
            SealRequires::Valid => self.plain("explain-deliver-valid"),
        }
    }

    fn seal(&mut self, requires: SealRequires) {
        match requires {
            SealRequires::Provisional => self.plain("explain-seal-provisional"),
            SealRequires::Valid => self.plain("explain-seal-valid"),
        }
    }

    /// The signatures, numbered in their order.
    fn who(&mut self, rules: &[SignatureRule]) {
        self.plain("explain-who");
        for (number, rule) in (1..).zip(rules) {
            let line = format!("    {number}. {}", self.signature(rule));
            self.lines.push(line);
        }
    }

    fn signature(&self, rule: &SignatureRule) -> String {
        let mut parts = vec![match (&rule.title, rule.role) {
            (Some(title), Role::Personal) => format!("{}:", title.in_lang(self.lang)),
            (None, Role::Personal) => self.word("explain-person"),
            (_, Role::Organization) => self.word("explain-organization"),
        }];
        match rule.holder {
            Holder::Any => {}
            Holder::Person => parts.push(self.word("explain-holder-person")),
            Holder::Organization => parts.push(self.word("explain-holder-organization")),
        }
        if !rule.signers.is_empty() {
            parts.push(locales::text(self.lang, "explain-signers", &[("names", rule.signers.join(", "))]));
        }
        if !rule.capacity.is_empty() {
            parts.push(locales::text(self.lang, "explain-capacity", &[("list", rule.capacity.join(", "))]));
        }
        parts.push(match rule.visible {
            Visible::None => self.word("explain-visible-none"),
            Visible::Picture if rule.role == Role::Organization => self.word("explain-visible-seal"),
            Visible::Picture => self.word("explain-visible-picture"),
            Visible::Text => {
                let lines: Vec<String> = rule.lines.iter().map(|line| self.filled(line)).collect();
                locales::text(self.lang, "explain-visible-text", &[("lines", lines.join(" / "))])
            }
        });
        if rule.visible == Visible::Picture && rule.place == Placing::Rule {
            parts.push(self.word("explain-place-rule"));
        }
        if let Some(reason) = &rule.reason {
            parts.push(locales::text(self.lang, "explain-reason", &[("reason", self.filled(reason))]));
        }
        if rule.lock {
            parts.push(self.word("explain-lock"));
        }
        if rule.optional {
            parts.push(self.word("explain-optional"));
        }
        if rule.repeat {
            parts.push(self.word("explain-repeat"));
        }
        parts.join(" ")
    }

    /// A pattern with words in the place of its names.
    fn filled(&self, pattern: &str) -> String {
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, behind)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, tail)) = behind.split_once('}') else {
                rest = behind;
                break;
            };
            text.push_str(&format!("[{}]", self.field(name)));
            rest = tail;
        }
        text + rest
    }

    /// What a fact is called.
    fn field(&self, name: &str) -> String {
        let id = format!("explain-field-{}", name.replace('_', "-"));
        if locales::has(self.lang, &id) { self.word(&id) } else { name.to_owned() }
    }

    fn fields(&self, names: &[String]) -> String {
        names.iter().map(|name| self.field(name)).collect::<Vec<_>>().join(", ")
    }

    fn route(&mut self, rules: &RouteRules) {
        self.lines.push(rules.title.in_lang(self.lang).to_owned());
        match rules.input {
            Input::Pdfa => self.plain("explain-input-pdfa"),
            Input::Pdf => self.plain("explain-input-pdf"),
        }
        if !rules.required.is_empty() {
            self.fact("explain-required", &[("fields", self.fields(&rules.required))]);
        }
        self.who(&rules.step);
        match rules.organization() {
            Some(_) => self.seal(rules.seal_requires),
            None => self.plain("explain-internal"),
        }
        if let Some(rule) = &rules.attachment {
            let form = self.signature(rule);
            self.fact("explain-attachment", &[("form", form)]);
        }
    }

    fn scan(&mut self, profile: &Profile) {
        self.heading("explain-scan");
        self.fact("explain-dpi", &[("dpi", profile.scan.min_dpi.to_string())]);
        if profile.scan.colour == ColourRule::Required {
            self.plain("explain-colour");
        }
        let quality = &profile.quality;
        for (expected, id) in
            [(quality.stamp, "explain-expect-stamp"), (quality.signature, "explain-expect-signature")]
        {
            if expected == Expected::Yes {
                self.plain(id);
            }
        }
        self.plain(if quality.deskew { "explain-deskew" } else { "explain-no-deskew" });
        if !quality.hold.is_empty() {
            self.fact("explain-hold", &[("codes", quality.hold.join(", "))]);
        }
        match profile.scan.secret {
            SecretRule::Refuse => self.plain("explain-secret-refuse"),
            SecretRule::Allow => self.plain("explain-secret-allow"),
        }
        if !profile.metadata.required.is_empty() {
            self.fact("explain-required", &[("fields", self.fields(&profile.metadata.required))]);
        }
    }

    fn result(&mut self, profile: &Profile) {
        self.heading("explain-result");
        let class = match profile.compress.class {
            Class::Small => "explain-class-small",
            Class::Normal => "explain-class-normal",
            Class::High => "explain-class-high",
        };
        self.plain(class);
        self.fact("explain-layer", &[("dpi", profile.compress.min_layer_dpi.to_string())]);
        if profile.ocr.text_layer {
            self.fact("explain-ocr", &[("languages", profile.ocr.languages.join(", "))]);
        }
        let mark = &profile.conversion_mark;
        let id = match mark.show {
            MarkPlace::LastPage => "explain-mark-last-page",
            MarkPlace::EveryPage => "explain-mark-every-page",
            MarkPlace::None => "explain-mark-none",
        };
        self.fact(id, &[("text", self.filled(&mark.text))]);
        self.plain("explain-note");
    }

    fn signatures(&mut self, profile: &Profile) {
        self.heading("explain-crypto");
        let level = match profile.crypto.level {
            Level::BB => "explain-level-b-b",
            Level::BT => "explain-level-b-t",
            Level::BLt => "explain-level-b-lt",
            Level::BLta => "explain-level-b-lta",
        };
        self.plain(level);
        let padding = match profile.crypto.rsa_padding {
            RsaPadding::Pkcs1 => "PKCS#1 v1.5",
            RsaPadding::Pss => "PSS",
        };
        let bits = profile.crypto.min_rsa_bits.to_string();
        self.fact("explain-keys", &[("bits", bits), ("padding", padding.to_owned())]);
        if !profile.crypto.issuer.is_empty() {
            self.fact("explain-issuers", &[("names", profile.crypto.issuer.join(", "))]);
        }
        self.plain("explain-trust");
    }

    fn archive(&mut self, profile: &Profile) {
        self.heading("explain-archive");
        self.fact("explain-naming", &[("pattern", self.filled(&profile.naming.pattern))]);
        self.fact("explain-audit", &[("months", profile.retention.audit_every_months.to_string())]);
    }
}

fn date(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::BUILT_IN;

    #[test]
    fn every_profile_is_explained_in_both_languages_without_a_gap() {
        for (name, text) in BUILT_IN {
            let profile = Profile::parse(name, text).unwrap();
            let day = "2026-11-30".parse().unwrap();
            let (vi, en) = (lines(&profile, Lang::Vi, day), lines(&profile, Lang::En, day));
            assert_eq!(vi.len(), en.len());
            for line in vi.iter().chain(&en) {
                // A missing sentence yields its identifier; a missing fact its braces.
                assert!(!line.contains("explain-") && !line.contains('{') && !line.contains("$"), "{line}");
            }
            assert!(vi != en);
        }
    }

    #[test]
    fn repealed_law_is_said_from_the_day_of_its_repeal() {
        let (_, text) = BUILT_IN[1];
        let text = text.replacen(
            "in_force = \"2020-03-05\"",
            "in_force = \"2020-03-05\"\nrepealed = \"2027-01-01\"",
            1,
        );
        let profile = Profile::parse("changed", &text).unwrap();
        let on = |day: &str| lines(&profile, Lang::En, day.parse().unwrap()).join("\n");
        assert!(on("2026-12-31").contains("ends on 01/01/2027"), "{}", on("2026-12-31"));
        assert!(on("2027-01-01").contains("repealed on 01/01/2027"));
        assert!(on("2020-01-01").contains("not in force before 05/03/2020"));
    }
}
