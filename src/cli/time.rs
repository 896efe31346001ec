//! Points in time as people type them: day first or ISO 8601, in the office's time unless an offset is given.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use crate::error::{Result, kinds};

/// Reads `2026-11-02T08:00`, `2026-11-02T08:00:00+07:00`, `02/11/2026 08:00`, or a day alone.
///
/// # Errors
/// [`kinds::BAD_TIME`].
pub(super) fn parse(text: &str, offset_minutes: i32) -> Result<Timestamp> {
    let text = text.trim();
    let bad = || kinds::BAD_TIME.with("text", text);
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Ok(exact);
    }
    let typed = ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    let local = typed.iter().find_map(|format| DateTime::strptime(format, text).ok());
    let day = || {
        let day = Date::strptime("%d/%m/%Y", text).ok().or_else(|| text.parse().ok());
        day.map(|day| day.at(0, 0, 0, 0))
    };
    let local = local.or_else(|| text.parse::<DateTime>().ok().filter(|_| text.contains('T'))).or_else(day);
    let offset = Offset::from_seconds(offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
    offset.to_timestamp(local.ok_or_else(bad)?).map_err(|_| bad())
}

/// As [`parse`], but a day alone means its last second.
///
/// # Errors
/// [`kinds::BAD_TIME`].
pub(super) fn parse_end(text: &str, offset_minutes: i32) -> Result<Timestamp> {
    let at = parse(text, offset_minutes)?;
    let whole_day = !text.contains(':');
    Ok(if whole_day { at + jiff::SignedDuration::from_secs(24 * 3600 - 1) } else { at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_come_before_months_and_offsets_count() {
        let utc = |text: &str| parse(text, 420).unwrap().to_string();
        assert_eq!(utc("02/11/2026 08:00"), "2026-11-02T01:00:00Z");
        assert_eq!(utc("2026-11-02T08:00"), "2026-11-02T01:00:00Z");
        assert_eq!(utc("2026-11-02T08:00:00Z"), "2026-11-02T08:00:00Z");
        assert_eq!(utc("2026-11-02T08:00:00+09:00"), "2026-11-01T23:00:00Z");
        assert_eq!(utc("02/11/2026"), "2026-11-01T17:00:00Z");
        assert_eq!(utc("2026-11-02"), "2026-11-01T17:00:00Z");
        assert_eq!(parse_end("02/11/2026", 420).unwrap().to_string(), "2026-11-02T16:59:59Z");
        assert!(parse("13/13/2026", 420).is_err() && parse("11/30/2026", 420).is_err());
    }
}
