//! `find` (look-up and register) and `catalogue` (the office's catalogue of files).

use std::path::Path;

use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use super::super::args::{Catalogue, CatalogueAdd, Find, Global};
use super::super::console::Console;
use super::super::{desk, desk_to_read, render};
use crate::document::{Direction, Fields};
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front};
use crate::locales::{self, Lang};
use crate::pipeline::Desk;
use crate::pipeline::find::{self, Form};
use crate::platform;
use crate::register::book::Wording;
use crate::register::query::Reading;
use crate::register::sheet::{Known, MAX_BYTES, Sheet};
use crate::store::{FileEntry, Found, Record, Search};

/// Documents that a terminal shows unless more are asked for.
const SHOWN: usize = 50;
/// Longest subject and longest name in a line, in characters.
const SUBJECT: usize = 56;
const NAME: usize = 24;

pub(in super::super) async fn run(args: Find, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk_to_read(global, console).await?;
    let form = form(&args)?;
    let asked = args.words.join(" ");
    if args.limit == Some(0) {
        return Err(kinds::FIND_LIMIT.error());
    }
    let mut search = Search {
        query: find::question(&asked)?,
        outage: args.outage.clone(),
        direction: args
            .direction
            .as_deref()
            .map(|text| fact("direction", text))
            .transpose()?
            .map(|f| f.direction),
        from: day(args.from.as_deref())?,
        to: day(args.to.as_deref())?,
        file_code: args.file.as_deref().map(|code| code.trim().nfc().collect()),
        limit: args.limit,
    };
    if let Some(reference) = &search.outage {
        desk.store.outage(reference).await?;
    }
    if search.limit.is_none() && form.is_none() && !console.is_json() {
        search.limit = Some(SHOWN);
    }
    let (found, records) = find::find(&desk, &search).await?;
    if found.total == 0 {
        find::known_file(&desk, "--file", search.file_code.as_deref()).await?;
    }
    match form {
        Some(form) => write(&desk, form, &args, &search, &records, global, console)?,
        None => show(&conditions(&search, &asked, console.lang()), &found, &records, &desk, console),
    }
    let summary = json!({"command": "find", "found": found.total, "shown": records.len(),
        "reading": found.reading, "file": args.output.map(|path| path.display().to_string())});
    console.finish(Event::new("summary", summary), Exit::Done);
    Ok(Exit::Done)
}

/// `--format`, else what the name of the file says.
fn form(args: &Find) -> Result<Option<Form>> {
    let Some(path) = &args.output else {
        return match args.format {
            Some(Form::Pdf) => Err(kinds::REGISTER_FILE.with("name", "-o F.pdf")),
            form => Ok(form),
        };
    };
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let named = match ending.as_str() {
        "csv" => Some(Form::Csv),
        "json" => Some(Form::Json),
        "pdf" => Some(Form::Pdf),
        _ => None,
    };
    let form = args.format.or(named);
    form.map(Some).ok_or_else(|| kinds::REGISTER_FILE.with("name", path.display()))
}

/// A value in the forms in which fields are typed.
fn fact(name: &str, value: &str) -> Result<Fields> {
    let mut fields = Fields::default();
    fields.set(name, value)?;
    Ok(fields)
}

fn day(text: Option<&str>) -> Result<Option<jiff::civil::Date>> {
    match text {
        Some(text) => Ok(fact("issued_date", text)?.issued_date),
        None => Ok(None),
    }
}

fn write(
    desk: &Desk,
    form: Form,
    args: &Find,
    search: &Search,
    records: &[Record],
    global: &Global,
    console: &Console,
) -> Result<()> {
    let scope = find::scope(search, &args.words.join(" "), console.lang());
    let bytes = find::file(desk, form, records, &scope, console.lang())?;
    let Some(path) = &args.output else {
        console.raw(&bytes);
        return Ok(());
    };
    if !global.dry_run {
        platform::write_new(path, &bytes)?;
    }
    let count = find::lines(form, records).to_string();
    console.say_id("find-written", &[("count", &count), ("path", &path.display().to_string())]);
    Ok(())
}

/// All that was asked for, for a person who finds nothing.
fn conditions(search: &Search, asked: &str, lang: Lang) -> String {
    let direction = search.direction.map(|direction| match direction {
        Direction::Outgoing => locales::plain(lang, "web-field-direction-outgoing"),
        Direction::Incoming => locales::plain(lang, "web-field-direction-incoming"),
    });
    let parts = [Some(find::scope(search, asked, lang)), direction];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

fn show(asked: &str, found: &Found, records: &[Record], desk: &Desk, console: &Console) {
    if console.is_json() {
        records.iter().for_each(|record| console.tell(&Event::new("document", record)));
        return;
    }
    if records.is_empty() {
        let id = if asked.is_empty() { "find-none-here" } else { "find-none" };
        return console.say_id(id, &[("words", asked)]);
    }
    let wording =
        Wording { lang: console.lang(), utc_offset_minutes: desk.workspace.profile.utc_offset_minutes };
    console.result(&table(records, &wording));
    let reading = match found.reading {
        Reading::Exact => None,
        Reading::WithoutMarks => Some("find-without-marks"),
        Reading::Beginnings => Some("find-beginnings"),
    };
    reading.into_iter().for_each(|id| console.say_id(id, &[]));
    let (total, shown) = (found.total.to_string(), records.len().to_string());
    if found.total > records.len() as u64 {
        console.say_id("find-more", &[("total", &total), ("shown", &shown)]);
    } else {
        console.say_id("find-found", &[("total", &total)]);
    }
}

/// A document a line: number, arrival number, day, subject, signer, state.
fn table(records: &[Record], wording: &Wording) -> String {
    let lang = wording.lang;
    let heads = ["document", "number", "date", "subject", "signer", "state"];
    let mut rows: Vec<Vec<String>> =
        vec![heads.iter().map(|name| locales::plain(lang, &format!("find-head-{name}"))).collect()];
    rows.extend(records.iter().map(|record| row(record, lang)));
    aligned(&rows)
}

fn row(record: &Record, lang: Lang) -> Vec<String> {
    let fields = &record.fields;
    let arrival = fields.arrival_number.as_ref();
    let arrival = arrival.map(|number| locales::text(lang, "report-arrival", &[("number", number)]));
    let number = [fields.number(), arrival].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let date = fields.arrival_date.or(fields.issued_date);
    let subject = [fields.type_name.clone(), fields.subject.clone()].into_iter().flatten();
    vec![
        record.document.clone(),
        render::shown(&number),
        date.map(|date| date.strftime("%d/%m/%Y").to_string()).unwrap_or_default(),
        render::cut(&render::shown(&subject.collect::<Vec<_>>().join(": ")), SUBJECT),
        render::cut(&render::shown(fields.signer_name.as_deref().unwrap_or_default()), NAME),
        render::state(record.state.as_str(), lang),
    ]
}

/// Columns as wide as their widest cell.
pub(super) fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

pub(in super::super) async fn catalogue(args: Catalogue, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk(global, console).await?;
    let files = match args {
        Catalogue::List => {
            let files = desk.store.files().await?;
            let rows = files.iter().map(|f| vec![f.code.clone(), f.title.clone(), f.retention.clone()]);
            match files.is_empty() {
                true => console.say_id("catalogue-none", &[]),
                false => console.result(&render::shown_lines(&aligned(&rows.collect::<Vec<_>>()))),
            }
            let summary = json!({"command": "catalogue list", "files": files});
            console.finish(Event::new("summary", summary), Exit::Done);
            return Ok(Exit::Done);
        }
        Catalogue::Add(args) => vec![entry(&args)],
        Catalogue::Import(args) => read(&args.file)?,
    };
    let count = files.len();
    if !global.dry_run {
        find::enter_files(&desk, files).await?;
    }
    console.say_id("catalogue-kept", &[("count", &count.to_string())]);
    console.finish(Event::new("summary", json!({"command": "catalogue", "kept": count})), Exit::Done);
    Ok(Exit::Done)
}

fn entry(args: &CatalogueAdd) -> FileEntry {
    let text = |text: &str| text.trim().nfc().filter(|c| !c.is_control()).collect();
    FileEntry { code: text(&args.code), title: text(&args.title), retention: text(&args.retention) }
}

/// Heads under which offices write their catalogue.
const HEADS: [Known; 3] = [
    ("code", &["ma ho so", "so va ky hieu ho so", "so ky hieu ho so", "so ky hieu", "ky hieu", "file_code"]),
    ("title", &["tieu de ho so", "tieu de", "ten ho so"]),
    ("retention", &["thoi han bao quan", "thoi han", "thhq", "thbq", "bao quan"]),
];

fn read(path: &Path) -> Result<Vec<FileEntry>> {
    let sheet = Sheet::read(&platform::read_limited(path, MAX_BYTES)?, &HEADS, &["code", "title"])?;
    let entry = |(_, row): &(u64, Vec<String>)| FileEntry {
        code: sheet.cell(row, "code").to_owned(),
        title: sheet.cell(row, "title").to_owned(),
        retention: sheet.cell(row, "retention").to_owned(),
    };
    Ok(sheet.rows.iter().map(entry).collect())
}
