//! The check of signatures for the receiver of a document: as a print, and as one page for a browser that holds no script, loads
//! nothing and shows hostile text as text.

use std::fmt::Write;

use jiff::Timestamp;

use crate::document::Sha256;
use crate::error::Result;
use crate::locales;
use crate::verify::Report;
use crate::verify::clerk::{Answer, Line, Voice, overall};

use super::ruler::Ruler;
use super::sheet::{Align, LEFT, RIGHT, Sheets, Style};

const TITLE: f32 = 15.0;
const BODY: f32 = 10.5;
const SMALL: f32 = 9.0;
/// Where values stand beside their labels, in points.
const VALUES: f32 = LEFT + 190.0;
const EDGES: (f32, f32) = (LEFT, RIGHT);
/// Most lines of a value.
const MAX_LINES: usize = 6;

/// One file.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What the receiver knows it by: the name of the file that he has.
    pub name: String,
    /// What it is about, where the office knows that.
    pub subject: Option<String>,
    /// Digest of its bytes: a name says nothing about which file was checked.
    pub sha256: Sha256,
    /// What was found.
    pub report: Report,
}

/// What the report tells.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The files.
    pub files: &'a [Checked],
    /// The time of the check.
    pub at: Timestamp,
    /// How it is put into words.
    pub voice: Voice,
}

impl Facts<'_> {
    fn say(&self, id: &str) -> String {
        locales::plain(self.voice.lang, id)
    }

    fn made(&self) -> String {
        let at = self.voice.moment(self.at);
        let args = [("at", at.as_str()), ("version", env!("CARGO_PKG_VERSION"))];
        locales::text(self.voice.lang, "clerk-made", &args)
    }

    /// What stands above the signatures: the subject, a drill, the outage, the digest.
    fn marks(&self, file: &Checked) -> Vec<String> {
        let drill = file.report.drill.then(|| self.say("cli-verdict-drill"));
        let outage = file.report.outage.as_deref().filter(|outage| !outage.is_empty());
        let outage =
            outage.map(|outage| locales::text(self.voice.lang, "cli-verdict-outage", &[("outage", outage)]));
        let digest = format!("SHA-256: {}", file.sha256);
        file.subject.clone().into_iter().chain(drill).chain(outage).chain([digest]).collect()
    }
}

/// The answer and the verdict as two sentences.
fn headline(facts: &Facts, report: &Report) -> (String, String) {
    let verdict = facts.voice.headline(report);
    let mut rest = verdict.chars();
    let verdict = rest.next().into_iter().flat_map(char::to_uppercase).chain(rest.clone()).collect();
    (facts.voice.word(report), verdict)
}

/// The print.
///
/// # Errors
/// An internal error when the font cannot be embedded.
pub fn pdf(facts: &Facts) -> Result<Vec<u8>> {
    let ruler = Ruler::new()?;
    let mut sheets = Sheets::new(&ruler, None);
    sheets.line(&ruler.tidy(&facts.say("clerk-title")), Style::bold(TITLE), EDGES, Align::Center);
    sheets.line(&ruler.tidy(&facts.made()), Style::regular(SMALL), EDGES, Align::Center);
    for checked in facts.files {
        file(&mut sheets, &ruler, facts, checked);
    }
    sheets.y -= 8.0;
    sheets.paragraph(&ruler.tidy(&facts.say("clerk-footnote")), Style::regular(SMALL), EDGES);
    let title = ruler.tidy(&facts.say("clerk-title"));
    for index in 0..sheets.count() {
        sheets.footer(index, &title, &format!("{}/{}", index + 1, sheets.count()));
    }
    sheets.finish(&title, facts.at)
}

fn file(sheets: &mut Sheets, ruler: &Ruler, facts: &Facts, checked: &Checked) {
    let Checked { name, report, .. } = checked;
    sheets.y -= 10.0;
    sheets.rule((LEFT, sheets.y), (RIGHT, sheets.y), 0.9);
    sheets.y -= 4.0;
    sheets.paragraph(&ruler.tidy(name), Style::bold(BODY + 1.0), EDGES);
    let (word, verdict) = headline(facts, report);
    sheets.paragraph(&ruler.tidy(&format!("{word} {verdict}")), Style::bold(BODY), EDGES);
    for mark in facts.marks(checked) {
        sheets.paragraph(&ruler.tidy(&mark), Style::regular(BODY), EDGES);
    }
    for signature in &report.signatures {
        line(sheets, ruler, &facts.voice.line(signature));
    }
}

fn line(sheets: &mut Sheets, ruler: &Ruler, line: &Line) {
    if !sheets.has_room(120.0) {
        sheets.next_page();
    }
    sheets.y -= 7.0;
    sheets.paragraph(&ruler.tidy(&line.who), Style::bold(BODY), EDGES);
    sheets.paragraph(&ruler.tidy(&line.words), Style::regular(BODY), EDGES);
    let style = Style::regular(SMALL);
    for note in &line.notes {
        sheets.paragraph(&ruler.tidy(&format!("· {note}")), style, (LEFT + 12.0, RIGHT));
    }
    for (label, value) in &line.details {
        let value = ruler.lines(&ruler.tidy(value), style.size, RIGHT - VALUES, MAX_LINES);
        let height = value.len() as f32 * style.leading();
        if !sheets.has_room(height) {
            sheets.next_page();
        }
        sheets.cell(&[ruler.tidy(label)], style, (LEFT + 12.0, VALUES), Align::Left, sheets.y);
        sheets.cell(&value, style, (VALUES, RIGHT), Align::Left, sheets.y);
        sheets.y -= height;
    }
}

const HEAD: &str = "<meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
style-src 'unsafe-inline'\"><meta name=\"viewport\" content=\"width=device-width\"><style>body{font:16px/1.45 \
sans-serif;max-width:46rem;margin:1.5rem auto;padding:0 1rem;color:#111;background:#fff}h1{font-size:1.4rem}h2{font-size:1.1rem;\
overflow-wrap:anywhere}section p{overflow-wrap:anywhere}section{border:1px solid #bbb;border-left:.5rem solid;border-radius:.3rem;padding:.2rem \
1rem;margin:1rem 0}.yes{border-left-color:#1a7f37}.not_yet{border-left-color:#b58900}.no{border-left-color:#c1121f}h3{font-size:1rem;\
margin:.8rem 0 .2rem;overflow-wrap:anywhere}p,ul{margin:.3rem 0}table{border-collapse:collapse;font-size:.9rem;margin:.4rem \
0}td{padding:.1rem .8rem .1rem 0;vertical-align:top}td:first-child{color:#555}footer{font-size:.85rem;color:#555}</style>";

/// The page for a browser.
pub fn html(facts: &Facts) -> String {
    let title = escaped(&facts.say("clerk-title"));
    let lang = if facts.voice.lang == locales::Lang::Vi { "vi" } else { "en" };
    let mut out = format!(
        "<!DOCTYPE html><html lang=\"{lang}\"><head>{HEAD}<title>{title}</title></head><body><h1>{title}</h1>"
    );
    for checked in facts.files {
        section(&mut out, facts, checked);
    }
    let (made, note) = (escaped(&facts.made()), escaped(&facts.say("clerk-footnote")));
    // Writing into a string cannot fail.
    let _ = writeln!(out, "<footer><p>{made}</p><p>{note}</p></footer></body></html>");
    out
}

fn section(out: &mut String, facts: &Facts, checked: &Checked) {
    let Checked { name, report, .. } = checked;
    let answer = overall(report, facts.voice.strict);
    let class = match answer {
        Answer::Yes => "yes",
        Answer::NotYet => "not_yet",
        Answer::No => "no",
    };
    let (word, verdict) = headline(facts, report);
    let (word, verdict) = (escaped(&word), escaped(&verdict));
    let _ = write!(
        out,
        "<section class=\"{class}\"><h2>{}</h2><p><strong>{word}</strong> {verdict}</p>",
        escaped(name)
    );
    for mark in facts.marks(checked) {
        let _ = write!(out, "<p>{}</p>", escaped(&mark));
    }
    for signature in &report.signatures {
        let line = facts.voice.line(signature);
        let _ = write!(out, "<h3>{}</h3><p>{}</p>", escaped(&line.who), escaped(&line.words));
        if !line.notes.is_empty() {
            let notes: String = line.notes.iter().map(|note| format!("<li>{}</li>", escaped(note))).collect();
            let _ = write!(out, "<ul>{notes}</ul>");
        }
        let rows = line
            .details
            .iter()
            .map(|(label, value)| format!("<tr><td>{}</td><td>{}</td></tr>", escaped(label), escaped(value)));
        let _ = write!(out, "<table>{}</table>", rows.collect::<String>());
    }
    out.push_str("</section>");
}

/// Text as text: no markup, no control characters, and nothing that turns the direction of what follows.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
                out.push('\u{FFFD}')
            }
            c if c.is_control() => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locales::Lang;
    use crate::verify::Verdict;

    fn facts_of(name: &str, lang: Lang) -> (Vec<Checked>, Voice) {
        let outage = Some("<img src=x onerror=alert(1)>\u{202E}".to_owned());
        let report = Report { verdict: Verdict::Unsigned, drill: true, outage, signatures: Vec::new() };
        let (name, subject) = (name.to_owned(), Some("<b>y".to_owned()));
        let files = vec![Checked { name, subject, sha256: Sha256::of(b"file"), report }];
        (files, Voice { lang, utc_offset_minutes: 420, strict: false, receiver: true })
    }

    #[test]
    fn hostile_text_stays_text() {
        let (files, voice) = facts_of("\"><script>alert('x')</script>\u{7}", Lang::Vi);
        let page = html(&Facts { files: &files, at: Timestamp::UNIX_EPOCH, voice });
        for bad in ["<script", "<img", "<b>", "\u{202E}", "\u{7}", "onerror=alert(1)>"] {
            assert!(!page.contains(bad), "{bad}");
        }
        assert!(page.contains("&lt;script&gt;") && page.contains("default-src 'none'"));
    }

    #[test]
    fn both_forms_are_made_in_both_languages() {
        for lang in [Lang::Vi, Lang::En] {
            let (files, voice) = facts_of("D-000001.pdf", lang);
            let facts = Facts { files: &files, at: Timestamp::UNIX_EPOCH, voice };
            assert!(pdf(&facts).unwrap().starts_with(b"%PDF-"));
            let page = html(&facts);
            assert!(page.contains("D-000001.pdf") && page.contains(&Sha256::of(b"file").0), "{page}");
        }
    }
}
