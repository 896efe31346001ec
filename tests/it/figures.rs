//! `tests/run quality`: what the look at pages finds on generated pages whose truth is known, as tables.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use scanseal::scan;
use scanseal::scan::cleanup::SURE_TURN;
use scanseal::scan::quality::{self, Look, SAME, Stamp};
use serde_json::Value;

/// A page with what was drawn on it and what was found.
struct Page {
    truth: Value,
    look: Look,
}

impl Page {
    fn text(&self, name: &str) -> String {
        self.truth[name].as_str().unwrap_or("–").to_owned()
    }
}

fn set(folder: &Path, name: &str) -> Vec<Page> {
    let Ok(truth) = fs::read_to_string(folder.join(name).join("truth.jsonl")) else { return Vec::new() };
    let pages: Vec<Value> = truth.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let looked = |truth: &Value| {
        let file = truth["file"].as_str().unwrap();
        let bytes = fs::read(folder.join(name).join(file)).unwrap();
        Page { truth: truth.clone(), look: *scan::inspect(file, &bytes).unwrap().remove(0).look }
    };
    pages.iter().map(looked).collect()
}

/// Counts of pairs as a table: rows are the truth, columns what was found.
fn table(title: &str, pairs: impl Iterator<Item = (String, String)>) -> String {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    pairs.for_each(|pair| *counts.entry(pair).or_default() += 1);
    let columns: std::collections::BTreeSet<&String> = counts.keys().map(|(_, found)| found).collect();
    let rows: std::collections::BTreeSet<&String> = counts.keys().map(|(drawn, _)| drawn).collect();
    let head: Vec<&str> = columns.iter().map(|c| c.as_str()).collect();
    let mut text = format!("\n| {title} | {} |\n|---|{}\n", head.join(" | "), "--:|".repeat(head.len()));
    for row in rows {
        let cell = |column: &&String| {
            counts.get(&(row.clone(), (*column).clone())).copied().unwrap_or(0).to_string()
        };
        text.push_str(&format!("| {row} | {} |\n", columns.iter().map(cell).collect::<Vec<_>>().join(" | ")));
    }
    text
}

fn share(part: usize, whole: usize) -> String {
    format!("{part} of {whole} ({:.1} %)", 100.0 * part as f64 / whole.max(1) as f64)
}

fn skew(pages: &[Page]) -> String {
    let error =
        |p: &Page| p.look.lie.skew.map_or(99.0, |found| (found - p.truth["skew"].as_f64().unwrap()).abs());
    let mut errors: Vec<f64> = pages.iter().map(error).collect();
    errors.sort_by(f64::total_cmp);
    let at = |share: f64| errors[((errors.len() - 1) as f64 * share) as usize];
    format!(
        "\nSkew, {} pages between -5 and +5 degrees: error {:.3} degrees at the median, {:.3} on 95 %, {:.3} at most.\n",
        errors.len(),
        at(0.5),
        at(0.95),
        at(1.0)
    )
}

fn turns(pages: &[Page]) -> String {
    let right = |p: &&Page| u64::from(p.look.lie.quarters) == p.truth["turn"].as_u64().unwrap();
    let (sure, asked): (Vec<&Page>, Vec<&Page>) = pages.iter().partition(|p| p.look.lie.sure >= SURE_TURN);
    let (good, likely) =
        (sure.iter().filter(|p| right(p)).count(), asked.iter().filter(|p| right(p)).count());
    format!(
        "\nQuarter turns, {} text pages: sure (from {SURE_TURN}) on {}, of them right {}; below it {} pages, of them {likely} would have been right.\n",
        pages.len(),
        sure.len(),
        share(good, sure.len()),
        asked.len()
    )
}

fn ink(pages: &[Page]) -> String {
    let stamp = |p: &Page| match p.look.stamp {
        Some(Stamp::Seal) => "seal",
        Some(Stamp::Edge) => "edge slice",
        None => "none",
    };
    let pen = |p: &Page| p.look.signature.map_or("none".to_owned(), |pen| format!("{pen:?}").to_lowercase());
    let mut text =
        table("stamp drawn \\ found", pages.iter().map(|p| (p.text("stamp"), stamp(p).to_owned())));
    text += &table("signature drawn \\ found", pages.iter().map(|p| (p.text("sign"), pen(p))));
    let decoys = |p: &Page| -> Vec<String> {
        p.truth["decoys"].as_array().unwrap().iter().map(|d| d.as_str().unwrap().to_owned()).collect()
    };
    let without = |name: &str| pages.iter().filter(|p| p.truth[name].is_null()).collect::<Vec<_>>();
    let of = |list: Vec<&Page>, found: &dyn Fn(&Page) -> String| {
        list.iter().flat_map(|p| decoys(p).into_iter().map(|d| (d, found(p)))).collect::<Vec<_>>()
    };
    let stampless = of(without("stamp"), &|p| stamp(p).to_owned());
    text += &table("decoy on a page without a stamp \\ stamp found", stampless.into_iter());
    text += &table(
        "decoy on a page without a signature \\ signature found",
        of(without("sign"), &pen).into_iter(),
    );
    for (what, name, found) in [
        ("Stamps", "stamp", &(|p: &Page| p.look.stamp.is_some()) as &dyn Fn(&Page) -> bool),
        ("Signatures", "sign", &|p: &Page| p.look.signature.is_some()),
    ] {
        let drawn = pages.iter().filter(|p| !p.truth[name].is_null()).count();
        let hit = pages.iter().filter(|p| !p.truth[name].is_null() && found(p)).count();
        let all = pages.iter().filter(|p| found(p)).count();
        text += &format!("\n{what}: recall {}, precision {}.\n", share(hit, drawn), share(hit, all));
    }
    text
}

/// Pairs of the same paper and pairs of different ones; of `forms`, only pairs of the same form count as different.
fn twins(pages: &[Page], forms: bool) -> String {
    let (mut found, mut same, mut wrong, mut different) = (0, 0, 0, 0);
    for (i, a) in pages.iter().enumerate() {
        for b in &pages[i + 1..] {
            let (Some(x), Some(y)) = (&a.look.fingerprint, &b.look.fingerprint) else { continue };
            if forms && a.truth["form"] != b.truth["form"] {
                continue;
            }
            let alike = x.likeness(y) >= SAME;
            match a.truth["sheet"] == b.truth["sheet"] {
                true => (same, found) = (same + 1, found + usize::from(alike)),
                false => (different, wrong) = (different + 1, wrong + usize::from(alike)),
            }
        }
    }
    format!(
        "\nThe same paper twice{}: {} pairs known again, {} pairs of different papers taken for one.\n",
        if forms { ", forms of one kind filled in by different hands" } else { "" },
        share(found, same),
        share(wrong, different)
    )
}

/// User time of this process and of its children, in clock ticks.
fn ticks() -> (u64, u64) {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<u64> =
        stat.rsplit_once(')').unwrap().1.split_whitespace().map(|f| f.parse().unwrap_or(0)).collect();
    (fields[11], fields[13])
}

/// CPU of the look at a page against the CPU of djpeg (libjpeg-turbo) for the same page.
fn speed(files: &[PathBuf]) -> String {
    let images: Vec<_> = files
        .iter()
        .map(|file| {
            let bytes = fs::read(file).unwrap();
            let page = scan::inspect("x.jpg", &bytes).unwrap().remove(0);
            (scan::decode(&bytes, 0).unwrap(), page.dpi)
        })
        .collect();
    let (before, clock) = (ticks(), Instant::now());
    for _ in 0..3 {
        images.iter().for_each(|(image, dpi)| drop(std::hint::black_box(quality::look(image, dpi))));
    }
    let (after, wall) = (ticks(), clock.elapsed());
    for file in files.iter().chain(files).chain(files) {
        let ran = Command::new("djpeg").arg("-outfile").arg("/dev/null").arg(file).status().unwrap();
        assert!(ran.success());
    }
    let (own, djpeg) = (after.0 - before.0, ticks().1 - after.1);
    let pages = (3 * files.len()) as f64;
    format!(
        "\nSpeed on {} pages of 300 dpi, one thread: the look takes {:.1} ms CPU a page ({:.1} ms by the clock), djpeg {:.1} ms; ratio {:.2}.\n",
        files.len(),
        own as f64 * 10.0 / pages,
        wall.as_secs_f64() * 1000.0 / pages,
        djpeg as f64 * 10.0 / pages,
        own as f64 / djpeg.max(1) as f64
    )
}

#[test]
#[ignore = "needs the pages of tests/run quality"]
fn pages_with_known_faults() {
    let Ok(folder) = std::env::var("SCANSEAL_QUALITY_PAGES") else { return };
    let folder = PathBuf::from(folder);
    let mut text = String::new();
    let all = ["skew", "turn", "blank", "ink", "mark", "fault", "twin", "pale", "form"]
        .map(|name| set(&folder, name));
    let [skewed, turned, blank, inked, marked, faults, twin, pale, form] = &all;
    text += &skew(skewed);
    text += &turns(turned);
    let flag = |p: &Page| if p.look.blank { "flagged blank" } else { "not flagged" }.to_owned();
    let kind = |p: &Page| {
        format!("{}: {}", if p.truth["blank"] == true { "blank back" } else { "page" }, p.text("kind"))
    };
    text += &table("drawn \\ found", blank.iter().map(|p| (kind(p), flag(p))));
    let others = [skewed, turned, inked, marked, faults, twin, pale, form];
    let lost = others.iter().flat_map(|set| set.iter()).filter(|p| p.look.blank).count();
    text += &format!(
        "\nOther text pages flagged blank (all sets below, and {} of print at 14 to 30 % of its darkness, a page or some lines): {}.\n",
        pale.len(),
        share(lost, others.iter().map(|s| s.len()).sum())
    );
    text += &ink(inked);
    let mark = |p: &Page| p.look.mark.map_or("none".to_owned(), |m| format!("{m:?}").to_lowercase());
    text += &table("framed word \\ found", marked.iter().map(|p| (p.text("mark"), mark(p))));
    text += &table("fault \\ found", faults.iter().map(|p| (p.text("fault"), told(p))));
    text += &twins(twin, false);
    text += &twins(form, true);
    let of_300 = |p: &&Page| p.truth["dpi"] == 300;
    let path = |p: &Page| folder.join(p.text("set")).join(p.text("file"));
    let files: Vec<PathBuf> = inked.iter().filter(of_300).take(40).map(path).collect();
    text += &speed(&files);
    println!("{text}");
    if let Ok(target) = std::env::var("SCANSEAL_QUALITY_TABLE") {
        fs::write(target, text).unwrap();
    }
}

/// Codes that a profile without holds would tell about the page.
fn told(page: &Page) -> String {
    let look = &page.look;
    let mut codes = Vec::new();
    let mut note = |yes: bool, code: &str| {
        if yes {
            codes.push(code.to_owned())
        }
    };
    note(look.blank, "blank_page");
    note(look.paper.is_none(), "size_odd");
    note(look.cut.contains(&true), "text_cut");
    note(look.edge_mm.is_some_and(|mm| mm > quality::BLURRED_MM), "blurred");
    note(look.light < quality::DARK_PAPER, "too_dark");
    note(look.print.is_some_and(|print| print < quality::PALE_PRINT), "too_pale");
    note(look.borders_mm.iter().any(|mm| *mm >= quality::BORDER_MM), "border_found");
    if codes.is_empty() { "nothing".to_owned() } else { codes.join("+") }
}
