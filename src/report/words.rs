//! Sentences, times and numbers of the list, in its language and ready to be printed.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use crate::locales::{self, Lang};

use super::Facts;
use super::ruler::Ruler;

/// The language, the clock and the measure of a list.
pub(super) struct Words<'a> {
    pub ruler: &'a Ruler,
    lang: Lang,
    offset: Offset,
}

impl<'a> Words<'a> {
    pub fn new(facts: &Facts, ruler: &'a Ruler) -> Self {
        Self::of(facts.lang, facts.utc_offset_minutes, ruler)
    }

    /// In this language, by this clock.
    pub fn of(lang: Lang, utc_offset_minutes: i32, ruler: &'a Ruler) -> Self {
        let offset = Offset::from_seconds(utc_offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
        Self { ruler, lang, offset }
    }

    /// The sentence `id`.
    pub fn say(&self, id: &str) -> String {
        self.tidy(&locales::plain(self.lang, id))
    }

    /// The sentence `id` with its arguments.
    pub fn fill(&self, id: &str, args: &[(&str, &str)]) -> String {
        self.tidy(&locales::text(self.lang, id, args))
    }

    /// The sentence `<family>-<name>` of a name in snake_case; a name without a sentence stands for itself.
    pub fn name(&self, family: &str, name: &str) -> String {
        let id = format!("{family}-{}", name.replace('_', "-"));
        match locales::has(self.lang, &id) {
            true => self.say(&id),
            false => self.tidy(name),
        }
    }

    /// Text of the data.
    pub fn tidy(&self, text: &str) -> String {
        self.ruler.tidy(text)
    }

    /// Text of the data, or the words for what nobody wrote down.
    pub fn known(&self, text: Option<&str>) -> String {
        let text = self.tidy(text.unwrap_or_default());
        if text.is_empty() { self.say("report-unknown") } else { text }
    }

    /// Hours, minutes and day at the office.
    pub fn moment(&self, at: Timestamp) -> String {
        let local = at.to_zoned_datetime(TimeZone::fixed(self.offset));
        let (time, date) = (local.strftime("%H:%M").to_string(), day(local.date()));
        self.fill("report-moment", &[("time", &time), ("date", &date)])
    }

    /// A moment together with the office's distance from UTC.
    pub fn moment_in_zone(&self, at: Timestamp) -> String {
        let offset = at.to_zoned_datetime(TimeZone::fixed(self.offset)).strftime("%:z").to_string();
        self.fill("report-made", &[("moment", &self.moment(at)), ("offset", &offset)])
    }

    /// Distance of the office's clock from UTC in seconds.
    pub fn offset_seconds(&self) -> i64 {
        i64::from(self.offset.seconds())
    }

    /// Hour and day of a moment at the office, each short.
    pub fn clock(&self, at: Timestamp) -> (String, String) {
        let local = at.to_zoned_datetime(TimeZone::fixed(self.offset));
        (self.tidy(&local.strftime("%H:%M").to_string()), self.tidy(&local.strftime("%d/%m").to_string()))
    }

    /// A day as the head of a document has it.
    pub fn long_day(&self, at: Timestamp) -> String {
        let date = at.to_zoned_datetime(TimeZone::fixed(self.offset)).date();
        // January and February in two digits as well (Decree 30/2020 Appendix I, Part I, II.4).
        let month = if date.month() < 3 { format!("{:02}", date.month()) } else { date.month().to_string() };
        let args =
            [("day", format!("{:02}", date.day())), ("month", month), ("year", date.year().to_string())];
        self.fill("notice-long-day", &args.each_ref().map(|(name, value)| (*name, value.as_str())))
    }

    /// A day, dd/MM/yyyy.
    pub fn day(&self, date: Date) -> String {
        self.tidy(&day(date))
    }

    /// A whole number in groups of three digits.
    pub fn number(&self, value: u64) -> String {
        let digits = value.to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.push(self.separators().0);
            }
            out.push(digit);
        }
        self.tidy(&out)
    }

    /// A size in bytes, kB and so on in steps of 1,000, with one decimal.
    pub fn size(&self, bytes: u64) -> String {
        let step = |unit: u64, name: &str| {
            let tenths = bytes.saturating_add(unit / 20) / (unit / 10);
            format!("{}{}{} {name}", self.number(tenths / 10), self.separators().1, tenths % 10)
        };
        self.tidy(&match bytes {
            0..1_000 => format!("{bytes} B"),
            1_000..1_000_000 => step(1_000, "KB"),
            1_000_000..1_000_000_000 => step(1_000_000, "MB"),
            _ => step(1_000_000_000, "GB"),
        })
    }

    /// Between groups of digits, and before decimals.
    fn separators(&self) -> (char, char) {
        match self.lang {
            Lang::Vi => ('.', ','),
            Lang::En => (',', '.'),
        }
    }
}

fn day(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}
