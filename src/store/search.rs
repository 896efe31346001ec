//! Look-up: by what a document is found, kept up with every change of its record and its text from the day it was captured.

use std::collections::HashMap;

use sqlx::{AnyConnection, Row};

use crate::document::{Direction, Document, DocumentId};
use crate::error::Result;
use crate::register::query::{Key, Query, Reading};
use crate::register::{order, text};

use super::connect::{Engine, several};
use super::documents::numbers;
use super::rare::{self, Frequencies};
use super::{Store, failed, unreadable};

/// Documents that are computed at a time when all of them are.
const AT_A_TIME: i64 = 128;

/// The table of the look-up, and its columns that both engines have.
pub(super) const TABLE: &str = "lookup";
pub(super) const COLUMNS: &str = "document, outage, direction, day, file_code, sort_key, search_text";

/// What is looked for; empty parts do not count.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Words.
    pub query: Query,
    /// Of this outage.
    pub outage: Option<String>,
    /// Sent or received.
    pub direction: Option<Direction>,
    /// First day of issue or arrival.
    pub from: Option<jiff::civil::Date>,
    /// Last day.
    pub to: Option<jiff::civil::Date>,
    /// Of this file of the catalogue.
    pub file_code: Option<String>,
    /// At most so many.
    pub limit: Option<usize>,
}

/// What was found, in the order of the books.
#[derive(Clone, Debug)]
pub struct Found {
    /// Documents, no more than were asked for.
    pub documents: Vec<DocumentId>,
    /// How many there are.
    pub total: u64,
    /// How the question had to be read.
    pub reading: Reading,
}

impl Store {
    /// Looks documents up. What is found with the marks as typed goes before what is found without them, and that before
    /// beginnings of words.
    ///
    /// # Errors
    /// A store error.
    pub async fn look_up(&self, search: &Search) -> Result<Found> {
        let mut found = self.look_up_as(search, Reading::Exact).await?;
        for reading in [Reading::WithoutMarks, Reading::Beginnings] {
            if found.total == 0 && !search.query.is_empty() {
                found = self.look_up_as(search, reading).await?;
            }
        }
        Ok(found)
    }

    async fn look_up_as(&self, search: &Search, reading: Reading) -> Result<Found> {
        let counted = self.frequencies().await?;
        let (conditions, values) = conditions(self.engine, search, reading, &counted);
        let limit = search.limit.map(|limit| format!(" LIMIT {limit}")).unwrap_or_default();
        let sql =
            format!("SELECT document FROM lookup WHERE {conditions} ORDER BY sort_key, document{limit}");
        let rows = self.numbers(sql, &values).await?;
        let documents: Vec<DocumentId> = rows.into_iter().map(DocumentId).collect();
        let all = search.limit.is_none_or(|limit| documents.len() < limit);
        let total = match all {
            true => documents.len() as u64,
            false => {
                let sql = format!("SELECT COUNT(*) FROM lookup WHERE {conditions}");
                let rows = self.numbers(sql, &values).await?;
                rows.first().and_then(|count| u64::try_from(*count).ok()).unwrap_or(0)
            }
        };
        Ok(Found { documents, total, reading })
    }

    /// The numbers in the first column.
    async fn numbers(&self, sql: String, values: &[String]) -> Result<Vec<i64>> {
        let query = sqlx::query(sqlx::AssertSqlSafe(sql));
        let query = values.iter().fold(query, |query, value| query.bind(value));
        let rows = query.fetch_all(&self.pool).await.map_err(failed)?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }
}

/// What a row has to fulfil, and the values of its places.
fn conditions(
    engine: Engine,
    search: &Search,
    reading: Reading,
    counted: &Frequencies,
) -> (String, Vec<String>) {
    let words = (!search.query.is_empty()).then(|| words(engine, &search.query, reading, counted));
    let parts = [
        search.outage.clone().map(|outage| ("outage = ", outage, "")),
        search.direction.map(|direction| ("direction = ", named(direction).to_owned(), "")),
        search.file_code.clone().map(|code| ("file_code = ", code, "")),
        search.from.map(|day| ("day >= ", day.to_string(), "")),
        // A document without a day is in no window.
        search.to.map(|day| ("day <> '' AND day <= ", day.to_string(), "")),
    ];
    let (mut sql, mut values) = ("1 = 1".to_owned(), Vec::new());
    for (before, value, behind) in words.into_iter().flatten().chain(parts.into_iter().flatten()) {
        values.push(value);
        sql.push_str(&format!(" AND {before}${}{behind}", values.len()));
    }
    (sql, values)
}

/// What stands before a value, the value, and what stands behind it.
type Condition = (&'static str, String, &'static str);

/// The one place where the engines differ in how words are asked for; [`prepare`] and [`index`] are its other half.
fn words(engine: Engine, query: &Query, reading: Reading, counted: &Frequencies) -> Vec<Condition> {
    if engine == Engine::Sqlite {
        let before = "document IN (SELECT rowid FROM lookup_words WHERE lookup_words MATCH ";
        return vec![(before, query.fts5(reading), ")")];
    }
    let indexed = |asked: String| ("words @@ to_tsquery('simple', ", asked, ")");
    let (keys, whole) = (query.keys(reading), query.tsquery(reading));
    let all = keys.len();
    let keys = rare::rarest(keys, counted);
    if keys.len() == all {
        return vec![indexed(whole)];
    }
    let asked = keys.iter().map(Key::tsquery).collect::<Vec<_>>().join(" & ");
    // The function, unlike the operator, is none of the index's: it sees only the lines that the index has left.
    vec![indexed(asked), ("ts_match_vq(words, to_tsquery('simple', ", whole, "))")]
}

/// The words as SQLite's index: they stand in `lookup`, so it keeps no second copy of them (contentless). They are ASCII,
/// Vietnamese and Greek letters in lower case and digits already, so the cutting at spaces is all that is left to do. It is told what
/// it has to forget ([`index`]): lines that it only marks as gone (`contentless_delete`) stay in its lists, and made questions of
/// common words three times as slow.
const SQLITE: [&str; 1] = ["CREATE VIRTUAL TABLE IF NOT EXISTS lookup_words USING fts5(words, content='', \
     tokenize='unicode61 remove_diacritics 0', prefix='2 3')"];
/// The words as PostgreSQL's index. They are kept cut (`words`), because every line that may hold a phrase would be cut anew for
/// each question. Two numbers side by side are one more word (`n2n11`, see [`Query::tsquery`]): a date's numbers are in
/// a tenth of all lines, in their places in a few. New words go into the index at once (`fastupdate`): what waits in its list
/// is read for every question.
const POSTGRES: [&str; 3] = [
    "ALTER TABLE lookup ADD COLUMN IF NOT EXISTS words tsvector GENERATED ALWAYS AS (to_tsvector('simple', search_text) || \
     strip(to_tsvector('simple', regexp_replace(search_text, '\\m(\\d{1,2}) (?=\\d{1,4}\\M)', '\\1 n\\1n', 'g')))) STORED",
    "DROP INDEX IF EXISTS lookup_words",
    "CREATE INDEX lookup_words ON lookup USING gin (words) WITH (fastupdate = off)",
];

/// Makes the engine's index over the words.
pub(super) async fn prepare(connection: &mut AnyConnection) -> Result<()> {
    let statements = match engine(connection) {
        Engine::Sqlite => SQLITE.as_slice(),
        Engine::Postgres => POSTGRES.as_slice(),
    };
    for sql in statements {
        sqlx::query(*sql).execute(&mut *connection).await.map_err(failed)?;
    }
    Ok(())
}

/// A row whose words are not in SQLite's index yet, and the text that is there in its place.
type News<'e> = (&'e Entry, Option<String>);

/// Enters the words of documents into SQLite's index; PostgreSQL keeps its own up.
async fn index(connection: &mut AnyConnection, news: &[News<'_>]) -> Result<()> {
    // The index knows no texts: what it is to forget has to be told as it was entered.
    let old: Vec<(DocumentId, &str)> =
        news.iter().filter_map(|(entry, old)| Some((entry.id, old.as_deref()?))).collect();
    index_rows(connection, "(lookup_words, rowid, words)", "'delete', ", &old).await?;
    let new: Vec<(DocumentId, &str)> =
        news.iter().map(|(entry, _)| (entry.id, entry.search_text.as_str())).collect();
    index_rows(connection, "(rowid, words)", "", &new).await
}

async fn index_rows(
    connection: &mut AnyConnection,
    columns: &str,
    command: &str,
    texts: &[(DocumentId, &str)],
) -> Result<()> {
    if texts.is_empty() {
        return Ok(());
    }
    let rows = (1..).zip(texts).map(|(place, (id, _))| format!("({command}{}, ${place})", id.0));
    let rows = rows.collect::<Vec<_>>().join(", ");
    let query = several(format!("INSERT INTO lookup_words {columns} VALUES {rows}"));
    let query = texts.iter().fold(query, |query, (_, text)| query.bind(*text));
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

fn engine(connection: &AnyConnection) -> Engine {
    match connection.backend_name() {
        "PostgreSQL" => Engine::Postgres,
        _ => Engine::Sqlite,
    }
}

/// The one function that keeps the look-up up with a document: called wherever its record or its text was just written,
/// inside the same transaction.
pub(super) async fn keep_up(connection: &mut AnyConnection, id: DocumentId) -> Result<()> {
    enter(connection, &[id]).await
}

/// Enters all documents into an empty look-up, for a store that had another one or none.
pub(super) async fn fill(connection: &mut AnyConnection) -> Result<()> {
    let mut empty = vec!["DELETE FROM lookup"];
    if engine(connection) == Engine::Sqlite {
        empty.push("DROP TABLE IF EXISTS lookup_words");
    }
    for sql in empty {
        sqlx::query(sql).execute(&mut *connection).await.map_err(failed)?;
    }
    prepare(connection).await?;
    let mut last = 0;
    loop {
        let rows: Vec<(i64,)> = sqlx::query_as("SELECT id FROM document WHERE id > $1 ORDER BY id LIMIT $2")
            .bind(last)
            .bind(AT_A_TIME)
            .fetch_all(&mut *connection)
            .await
            .map_err(failed)?;
        let Some((end,)) = rows.last() else { return Ok(()) };
        last = *end;
        let ids: Vec<DocumentId> = rows.into_iter().map(|(id,)| DocumentId(id)).collect();
        enter(connection, &ids).await?;
    }
}

/// The documents whose words have changed. What is entered anew costs the index room until it tidies up by itself.
async fn news<'e>(connection: &mut AnyConnection, entries: &'e [Entry]) -> Result<Vec<News<'e>>> {
    if engine(connection) == Engine::Postgres {
        return Ok(Vec::new());
    }
    let ids: Vec<DocumentId> = entries.iter().map(|entry| entry.id).collect();
    let sql = format!("SELECT document, search_text FROM lookup WHERE document IN ({})", numbers(&ids));
    let rows: Vec<(i64, String)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(connection).await.map_err(failed)?;
    let mut known: HashMap<i64, String> = rows.into_iter().collect();
    let pairs = entries.iter().map(|entry| (entry, known.remove(&entry.id.0)));
    Ok(pairs.filter(|(entry, old)| old.as_ref() != Some(&entry.search_text)).collect())
}

/// Enters documents in place of what was entered about them before.
async fn enter(connection: &mut AnyConnection, ids: &[DocumentId]) -> Result<()> {
    let entries = entries(connection, ids).await?;
    if entries.is_empty() {
        return Ok(());
    }
    let news = news(connection, &entries).await?;
    let row = |row: usize| {
        let places: Vec<String> = (6 * row + 1..=6 * row + 6).map(|place| format!("${place}")).collect();
        format!("({}, {})", entries[row].id.0, places.join(", "))
    };
    let sql = format!(
        "INSERT INTO lookup ({COLUMNS}) VALUES {} \
         ON CONFLICT (document) DO UPDATE SET outage = excluded.outage, direction = excluded.direction, \
         day = excluded.day, file_code = excluded.file_code, sort_key = excluded.sort_key, \
         search_text = excluded.search_text",
        (0..entries.len()).map(row).collect::<Vec<_>>().join(", ")
    );
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    for entry in &entries {
        query = query
            .bind(&entry.outage)
            .bind(entry.direction)
            .bind(&entry.day)
            .bind(&entry.file_code)
            .bind(&entry.sort_key)
            .bind(&entry.search_text);
    }
    query.execute(&mut *connection).await.map_err(failed)?;
    index(connection, &news).await
}

/// The row of a document.
#[derive(Debug)]
struct Entry {
    id: DocumentId,
    outage: String,
    direction: &'static str,
    day: String,
    file_code: String,
    sort_key: String,
    search_text: String,
}

/// Rows from what the store holds about documents now.
async fn entries(connection: &mut AnyConnection, ids: &[DocumentId]) -> Result<Vec<Entry>> {
    let list = numbers(ids);
    let sql =
        format!("SELECT document, text FROM page_text WHERE document IN ({list}) ORDER BY document, page");
    let rows: Vec<(i64, String)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *connection).await.map_err(failed)?;
    let mut pages: HashMap<i64, Vec<String>> = HashMap::new();
    for (id, text) in rows {
        pages.entry(id).or_default().push(text);
    }
    let sql = format!("SELECT id, record FROM document WHERE id IN ({list})");
    let rows: Vec<(i64, String)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(connection).await.map_err(failed)?;
    let entry = |(id, record): (i64, String)| {
        let document: Document = serde_json::from_str(&record).map_err(unreadable)?;
        Ok(Entry::of(DocumentId(id), &document, &pages.remove(&id).unwrap_or_default()))
    };
    rows.into_iter().map(entry).collect()
}

impl Entry {
    fn of(id: DocumentId, document: &Document, pages: &[String]) -> Self {
        let fields = &document.fields;
        let day = match fields.direction {
            Direction::Outgoing => fields.issued_date,
            Direction::Incoming => fields.arrival_date.or(fields.issued_date),
        };
        Self {
            id,
            outage: document.outage.clone(),
            direction: named(fields.direction),
            day: day.map(|day| day.to_string()).unwrap_or_default(),
            file_code: fields.file_code.clone().unwrap_or_default(),
            sort_key: order::of(fields),
            search_text: text::of(id, document, pages),
        }
    }
}

fn named(direction: Direction) -> &'static str {
    match direction {
        Direction::Outgoing => "outgoing",
        Direction::Incoming => "incoming",
    }
}
