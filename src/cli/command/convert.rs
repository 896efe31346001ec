//! `convert`: scans to PDF/A with no workspace.

use jiff::Timestamp;
use serde_json::json;

use super::super::args::{Convert, Global};
use super::super::console::Console;
use super::super::render;
use crate::compress::{self, MaskCodec, Settings};
use crate::error::{Exit, Result};
use crate::event::{Event, Front, Subject};
use crate::locales;
use crate::pipeline::files::{self, Conversion, Converted};
use crate::profile::OcrRules;

/// No layer that holds ink or text falls below this resolution (Decree 30/2020 App. I Part II I.2.c).
const MIN_DPI: u32 = 200;

pub(in super::super) fn run(args: Convert, global: &Global, console: &Console) -> Result<Exit> {
    let settings = Settings { class: args.class, mask: MaskCodec::Jbig2Generic, min_dpi: MIN_DPI };
    let request = Conversion {
        inputs: args.inputs,
        output: args.output,
        settings,
        ocr: args.reading.applied(OcrRules::default())?,
        flavour: args.pdfa,
        at: stated_time(),
        deskew: args.deskew,
    };
    let path = request.output.display().to_string();
    if global.dry_run {
        let found = crate::scan::collect::inputs(&request.inputs)?;
        let line = json!({"action": "convert", "files": found.files, "output": path});
        console.tell(&Event::new("plan", line));
        return Ok(Exit::Done);
    }
    let made = files::convert(&request, console)?;
    if args.explain {
        explain(&made, console);
    }
    for finding in &made.findings {
        console.tell(&Event::finding(finding, Subject::File(&path), console.lang()));
    }
    let words = [
        ("file", path.clone()),
        ("pages", made.pages.len().to_string()),
        ("in", render::kilobytes(made.bytes_in, console.lang())),
        ("out", render::kilobytes(made.bytes_out as u64, console.lang())),
    ];
    console.say(&locales::text(console.lang(), "cli-convert-done", &words));
    let summary = json!({"command": "convert", "file": path, "pages": made.pages.len(),
        "bytes_in": made.bytes_in, "bytes_out": made.bytes_out, "read_by": made.read_by,
        "words": words_read(&made), "findings": made.findings.len()});
    console.finish(Event::new("summary", summary), Exit::Done);
    Ok(Exit::Done)
}

/// Words in the text layer.
fn words_read(made: &Converted) -> usize {
    made.pages.iter().filter_map(|page| page.text.as_ref()).map(|text| text.words().count()).sum()
}

/// The time that files shall state, for who wants the same bytes from the same scans (reproducible-builds.org,
/// SOURCE_DATE_EPOCH: seconds since 1970). A document of an outage never has another time than the true one.
fn stated_time() -> Option<Timestamp> {
    let seconds = std::env::var("SOURCE_DATE_EPOCH").ok()?.parse().ok()?;
    Timestamp::from_second(seconds).ok()
}

/// What was chosen for each layer of each page.
fn explain(made: &Converted, console: &Console) {
    for (number, page) in (1..).zip(&made.pages) {
        for record in &page.layers.records {
            if console.is_json() {
                console.tell(&Event::new("progress", record).with("stage", "layer").with("page", number));
            }
            let role = locales::plain(console.lang(), &format!("cli-layer-{}", name(record.role)));
            let page = locales::text(console.lang(), "cli-page", &[("page", number.to_string())]);
            console.result(&format!(
                "{page}  {role:<12} {:<6} {:>4} dpi {:>8} B",
                record.codec, record.dpi, record.bytes
            ));
        }
        fidelity(number, &page.layers.fidelity, console);
    }
}

/// How near a page is to its scan.
fn fidelity(number: u32, kept: &compress::Fidelity, console: &Console) {
    if console.is_json() {
        console.tell(&Event::new("progress", kept).with("stage", "fidelity").with("page", number));
    }
    let percent = |share: f64| format!("{:.1}", share * 100.0);
    let words = [
        ("contrast", percent(kept.text_contrast)),
        ("lost", percent(kept.stroke_loss)),
        ("red", percent(kept.red_chroma)),
        ("turn", format!("{:.1}", kept.red_hue)),
        ("ink", percent(kept.ink_chroma)),
    ];
    let page = locales::text(console.lang(), "cli-page", &[("page", number.to_string())]);
    console.result(&format!("{page}  {}", locales::text(console.lang(), "cli-fidelity", &words)));
}

fn name(role: crate::compress::Role) -> String {
    serde_json::to_value(role).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
