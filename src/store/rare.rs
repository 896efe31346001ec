//! The rarest words of a question. A server's index walks through all lines of every word that it is asked for, so a long question
//! is put to it by those few of its words that leave few lines, and the rest is looked for in these lines only.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::register::query::Key;

use super::connect::Engine;
use super::{Store, failed};

/// Words are enough for the index when they would leave no more than this part of all lines, were each by itself: far less than a
/// line, because words of one name or place come together.
const ENOUGH: f32 = 0.000_01;
/// How long a count is good for; the server itself counts anew from time to time.
const FRESH: Duration = Duration::from_secs(600);

/// In which part of all lines a word stands; empty before the server has counted.
pub(super) type Frequencies = HashMap<String, f32>;

/// The last count, and when it was read.
pub(super) type Counted = Arc<Mutex<Option<(Instant, Arc<Frequencies>)>>>;

impl Store {
    /// How often words are, as the server counts its most common ones (`pg_stats`).
    pub(super) async fn frequencies(&self) -> Result<Arc<Frequencies>> {
        if self.engine == Engine::Sqlite {
            return Ok(Arc::default());
        }
        let known = self.counted.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, counted)) = known.filter(|(read, _)| read.elapsed() < FRESH) {
            return Ok(counted);
        }
        let row: Option<(Option<String>, Option<String>)> = sqlx::query_as(
            "SELECT CAST(most_common_elems AS TEXT), CAST(most_common_elem_freqs AS TEXT) FROM pg_stats \
             WHERE schemaname = current_schema() AND tablename = 'lookup' AND attname = 'words'",
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(failed)?;
        let (words, parts) = row.unwrap_or_default();
        let counted = Arc::new(read(&words.unwrap_or_default(), &parts.unwrap_or_default()));
        let now = Some((Instant::now(), Arc::clone(&counted)));
        *self.counted.lock().unwrap_or_else(PoisonError::into_inner) = now;
        Ok(counted)
    }
}

/// Two arrays as the server writes them: `{a,b}` and `{0.5,0.1,...}`; behind the parts of the words stand their bounds.
fn read(words: &str, parts: &str) -> Frequencies {
    let items = |text: &str| -> Vec<String> {
        let inner = text.trim_start_matches('{').trim_end_matches('}');
        inner
            .split(',')
            .map(|item| item.trim_matches('"').to_owned())
            .filter(|item| !item.is_empty())
            .collect()
    };
    let parts = items(parts).into_iter().map(|part| part.parse().unwrap_or(1.0));
    items(words).into_iter().zip(parts).collect()
}

/// Those of the words that the index is asked for; all of them where that is not known or would not be enough.
pub(super) fn rarest(mut keys: Vec<Key>, counted: &Frequencies) -> Vec<Key> {
    if counted.is_empty() {
        return keys;
    }
    // A word that is not among the common ones is rarer than each of them.
    let least = counted.values().copied().fold(1.0, f32::min);
    let part = |key: &Key| if key.open { 1.0 } else { counted.get(&key.word).copied().unwrap_or(least) };
    keys.sort_by(|a, b| part(a).total_cmp(&part(b)));
    let mut left = 1.0;
    let enough = keys.iter().position(|key| {
        left *= part(key);
        left < ENOUGH
    });
    keys.truncate(enough.map_or(keys.len(), |last| last + 1));
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_asked_for_the_rarest_words() {
        let counted = read("{ban,van,luong,uon}", "{1,0.5,0.001,0.0005,0.0005,1,0}");
        assert_eq!((counted.len(), counted["luong"]), (4, 0.001));
        let asked = |words: &[&str]| {
            let keys = words
                .iter()
                .map(|word| Key { word: word.trim_end_matches('*').to_owned(), open: word.ends_with('*') });
            let chosen = rarest(keys.collect(), &counted);
            chosen.into_iter().map(|key| key.word).collect::<Vec<_>>()
        };
        assert_eq!(asked(&["ban", "van", "luong", "10880", "uon"]), ["10880", "uon"]);
        assert_eq!(asked(&["ban", "van", "luong*"]), ["van", "ban", "luong"], "all of them are needed");
        let keys = vec![Key { word: "van".to_owned(), open: false }; 2];
        assert_eq!(rarest(keys.clone(), &Frequencies::new()), keys, "nobody has counted yet");
    }
}
