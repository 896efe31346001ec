//! Whether the journal and the rows that it tells about are as they were written: every hash, link and root is computed again,
//! and the rows of every document are held against what the last entry about it says.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use serde_json::Value;
use sqlx::Row;

use crate::document::{DocumentId, Finding, Severity};
use crate::error::{Clause, Result, kinds};

use super::super::{Store, Write, commit, failed, timestamp};
use super::ledger::Ledger;
use super::roots::{bytes_of, merkle};
use super::{Entry, GENESIS, HEAD, HEAD_DIFFERS, bind, parsed};

/// Event of the entry by which a person explains that the clock went back; `detail.entries` names the entries.
pub const CLOCK_ACCEPTED: &str = "clock_accepted";
/// A clock that a time service sets right goes back by less than this, microseconds.
const TOLERANCE: i64 = 2_000_000;
/// Most findings of a kind that are told one by one.
const MOST: usize = 1_000;
/// Documents that are compared at a time.
const AT_A_TIME: i64 = 128;

/// What a check of the whole journal found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JournalCheck {
    /// Entries that were looked at.
    pub entries: i64,
    /// Merkle roots.
    pub roots: i64,
    /// Roots with a time stamp.
    pub stamped: i64,
    /// Documents whose rows are as the journal says.
    pub documents: i64,
    /// Documents about which an earlier version of the program wrote the last entry, which does not say how the rows stand.
    pub unbound: i64,
    /// What was changed by hand.
    #[serde(skip)]
    pub faults: Vec<Finding>,
    /// Where the clock went back and nobody has explained it.
    #[serde(skip)]
    pub clock: Vec<Finding>,
}

impl JournalCheck {
    fn fault(&mut self, finding: Finding) {
        if self.faults.len() < MOST {
            self.faults.push(finding);
        }
    }
}

/// What is remembered on the way along the chain.
struct Walk {
    check: JournalCheck,
    hashes: Vec<(i64, [u8; 32])>,
    seq: i64,
    previous: String,
    /// The latest time of each station.
    clocks: BTreeMap<String, i64>,
    accepted: HashSet<i64>,
    /// Where the clock went back: entry and seconds.
    back: Vec<(i64, i64)>,
    /// The last thing that was said about the rows of each document.
    bound: HashMap<String, Option<String>>,
    /// The same about its lines of the register and its deliveries.
    filed: HashMap<String, Option<String>>,
    /// What belongs to no document.
    ledger: Ledger,
}

impl Walk {
    fn new() -> Self {
        Self {
            check: JournalCheck::default(),
            hashes: Vec::new(),
            seq: 0,
            previous: GENESIS.to_owned(),
            clocks: BTreeMap::new(),
            accepted: HashSet::new(),
            back: Vec::new(),
            bound: HashMap::new(),
            filed: HashMap::new(),
            ledger: Ledger::default(),
        }
    }

    fn step(&mut self, entry: Entry) {
        let named = |code: Finding| code.with("entry", entry.seq);
        if entry.seq != self.seq + 1 {
            let (first, last) = (self.seq + 1, entry.seq - 1);
            let finding = Finding::new("journal_entries_missing", None, Severity::Hold);
            self.check.fault(finding.with("first", first).with("last", last));
        } else if entry.previous != self.previous {
            self.check.fault(named(Finding::new("journal_link_broken", None, Severity::Hold)));
        }
        if entry.computed() != entry.hash {
            self.check.fault(named(Finding::new("journal_entry_changed", None, Severity::Hold)));
        }
        if entry.event == HEAD_DIFFERS {
            self.check.fault(named(Finding::new("journal_head_differed", None, Severity::Hold)));
        }
        let latest = self.clocks.entry(entry.station.clone()).or_insert(entry.at);
        if entry.at + TOLERANCE < *latest {
            self.back.push((entry.seq, (*latest - entry.at) / 1_000_000));
        }
        // From here on time counts from where the clock was set to.
        *latest = entry.at;
        self.read(&entry);
        self.hashes.push((entry.seq, bytes_of(&entry.hash)));
        self.check.entries += 1;
        (self.seq, self.previous) = (entry.seq, entry.hash);
    }

    /// What the last entry about a document says about these rows of it; nothing for a document that no entry knows.
    fn judge(&self, id: DocumentId, digests: &bind::Bound) -> Option<Verdict> {
        let (bound, filed) = (self.bound.get(&id.to_string())?, self.filed.get(&id.to_string())?);
        Some(match (bound, filed) {
            (Some(bound), _) if *bound != digests.rows => Verdict::Changed("journal_document_changed"),
            (_, Some(filed)) if *filed != digests.filed => Verdict::Changed("journal_document_filed"),
            (None, _) => Verdict::Unbound,
            _ => Verdict::Holds,
        })
    }

    fn read(&mut self, entry: &Entry) {
        let told = Ledger::tells(&entry.event);
        if entry.document.is_empty() && entry.event != CLOCK_ACCEPTED && !told {
            return;
        }
        let detail: Value = serde_json::from_str(&entry.detail).unwrap_or_default();
        if entry.event == CLOCK_ACCEPTED {
            let entries = detail["entries"].as_array().into_iter().flatten();
            self.accepted.extend(entries.filter_map(Value::as_i64));
        }
        if !entry.document.is_empty() {
            self.bound.insert(entry.document.clone(), detail[bind::KEY].as_str().map(str::to_owned));
            self.filed.insert(entry.document.clone(), detail[bind::FILED].as_str().map(str::to_owned));
        }
        if told {
            self.ledger.read(entry, &detail);
        }
    }
}

/// How the rows of a document stand to its last entry.
enum Verdict {
    Holds,
    /// It says nothing about them.
    Unbound,
    /// Code of the finding.
    Changed(&'static str),
}

impl Store {
    /// As [`Store::audit_journal`], where only a good one is of use.
    ///
    /// # Errors
    /// [`kinds::JOURNAL_BROKEN`] with the first thing that was changed by hand.
    pub async fn check_journal(&self) -> Result<JournalCheck> {
        let check = self.audit_journal().await?;
        match check.faults.first() {
            None => Ok(check),
            Some(fault) => Err(broken(fault)),
        }
    }

    /// Looks for everything that was changed by hand, and for clocks that went back.
    ///
    /// # Errors
    /// A store error; what was found is in the result.
    pub async fn audit_journal(&self) -> Result<JournalCheck> {
        let mut walk = Walk::new();
        self.walk(&mut walk).await?;
        self.check_head(&mut walk).await?;
        let latest = walk.clocks.get(&self.setting.station).copied().unwrap_or(0);
        if latest > self.clock() + TOLERANCE {
            let finding = Finding::new("journal_clock_behind", None, Severity::Warning);
            walk.check.clock.push(finding.with("at", timestamp(latest)).with("now", timestamp(self.clock())));
        }
        let back = std::mem::take(&mut walk.back);
        for (seq, seconds) in back.into_iter().filter(|(seq, _)| !walk.accepted.contains(seq)).take(MOST) {
            let finding = Finding::new("journal_clock_back", None, Severity::Warning);
            walk.check.clock.push(finding.with("entry", seq).with("seconds", seconds));
        }
        self.check_roots(&mut walk).await?;
        self.check_documents(&mut walk).await?;
        self.check_ledger(&mut walk).await?;
        Ok(walk.check)
    }

    /// What belongs to no document. What seems wrong is looked at again while nobody can write.
    async fn check_ledger(&self, walk: &mut Walk) -> Result<()> {
        let mut connection = self.pool.acquire().await.map_err(failed)?;
        let found = walk.ledger.differences(&mut connection).await?;
        drop(connection);
        if found.is_empty() {
            return Ok(());
        }
        let mut tx = self.write().await?;
        self.walk(walk).await?;
        let found = walk.ledger.differences(&mut tx).await?;
        found.into_iter().for_each(|finding| walk.check.fault(finding));
        commit(tx).await
    }

    /// Goes along the chain from where the walk stands to its end.
    async fn walk(&self, walk: &mut Walk) -> Result<()> {
        loop {
            let page = self.entries(walk.seq).await?;
            if page.is_empty() {
                return Ok(());
            }
            page.into_iter().for_each(|entry| walk.step(entry));
        }
    }

    /// The chain ends where its head says, however many entries come while it is looked at.
    async fn check_head(&self, walk: &mut Walk) -> Result<()> {
        loop {
            let head: Option<(String,)> = sqlx::query_as("SELECT value FROM meta WHERE name = $1")
                .bind(HEAD)
                .fetch_optional(&self.pool)
                .await
                .map_err(failed)?;
            let before = walk.seq;
            self.walk(walk).await?;
            // A store of an earlier version has no head before something is appended.
            if head.is_none() && walk.bound.values().all(Option::is_none) {
                return Ok(());
            }
            let (seq, hash) = head.map_or((0, GENESIS.to_owned()), |(text,)| parsed(&text));
            if walk.seq > before && walk.seq > seq {
                continue;
            }
            if walk.seq != seq || walk.previous != hash {
                let finding = Finding::new("journal_end_wrong", None, Severity::Hold);
                walk.check.fault(finding.with("found", walk.seq).with("wanted", seq));
            }
            return Ok(());
        }
    }

    async fn check_roots(&self, walk: &mut Walk) -> Result<()> {
        let mut covered = 0;
        for root in self.roots().await? {
            let under = walk.hashes.iter().skip_while(|(seq, _)| *seq < root.first_seq);
            let leaves: Vec<[u8; 32]> =
                under.take_while(|(seq, _)| *seq <= root.last_seq).map(|(_, hash)| *hash).collect();
            let holds = root.first_seq == covered + 1 && bytes_of(&root.root) == merkle(&leaves);
            if !holds {
                let finding = Finding::new("journal_root_changed", None, Severity::Hold);
                walk.check.fault(finding.with("root", root.ordinal));
            }
            walk.check.roots += 1;
            walk.check.stamped += i64::from(root.token.is_some());
            covered = root.last_seq;
        }
        Ok(())
    }

    /// Rows of documents against what the journal says. What seems wrong is looked at again while nobody can write.
    async fn check_documents(&self, walk: &mut Walk) -> Result<()> {
        let mut suspects = Vec::new();
        let mut last = 0;
        let mut here: HashSet<String> = HashSet::new();
        loop {
            let mut connection = self.pool.acquire().await.map_err(failed)?;
            let ids = ids_after(&mut connection, last).await?;
            let Some(end) = ids.last() else { break };
            last = end.0;
            let digests = bind::digests(&mut connection, &ids).await?;
            for id in ids {
                here.insert(id.to_string());
                match digests.get(&id.0).and_then(|digests| walk.judge(id, digests)) {
                    Some(Verdict::Holds) => walk.check.documents += 1,
                    Some(Verdict::Unbound) => walk.check.unbound += 1,
                    _ => suspects.push(id),
                }
            }
        }
        let gone = walk.bound.keys().filter(|name| !here.contains(*name));
        suspects.extend(gone.filter_map(|name| name.parse::<DocumentId>().ok()));
        if suspects.is_empty() {
            return Ok(());
        }
        suspects.sort_unstable();
        let mut tx = self.write().await?;
        self.walk(walk).await?;
        for id in suspects {
            self.check_document(&mut tx, id, walk).await?;
        }
        commit(tx).await
    }

    async fn check_document(&self, tx: &mut Write, id: DocumentId, walk: &mut Walk) -> Result<()> {
        let digests = bind::digests(tx, &[id]).await?;
        let code = match digests.get(&id.0).map(|digests| walk.judge(id, digests)) {
            None => "journal_document_missing",
            Some(None) => "journal_document_unknown",
            Some(Some(Verdict::Changed(code))) => code,
            Some(Some(_)) => {
                walk.check.documents += 1;
                return Ok(());
            }
        };
        walk.check.fault(Finding::new(code, None, Severity::Hold).with("document", id));
        Ok(())
    }

    /// Enters a person's explanation of clocks that went back.
    ///
    /// # Errors
    /// A store error.
    pub async fn accept_clock(&self, check: &JournalCheck, reason: &str) -> Result<()> {
        let entry = |finding: &Finding| {
            let (_, seq) = finding.args.iter().find(|(name, _)| name == "entry")?;
            seq.parse::<i64>().ok()
        };
        let entries: Vec<i64> = check.clock.iter().filter_map(entry).collect();
        self.note(CLOCK_ACCEPTED, None, serde_json::json!({"entries": entries, "reason": reason})).await
    }
}

async fn ids_after(connection: &mut sqlx::AnyConnection, last: i64) -> Result<Vec<DocumentId>> {
    let rows = sqlx::query("SELECT id FROM document WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(last)
        .bind(AT_A_TIME)
        .fetch_all(connection)
        .await
        .map_err(failed)?;
    Ok(rows.iter().map(|row| DocumentId(row.get(0))).collect())
}

/// The refusal of whoever needs a journal that holds.
pub fn broken(fault: &Finding) -> crate::error::Error {
    let place: Vec<&str> = fault.args.iter().map(|(_, value)| value.as_str()).collect();
    let words = Clause::new(format!("finding-{}", fault.code.replace('_', "-")));
    let words = fault.args.iter().fold(words, |words, (name, value)| words.with(name.clone(), value));
    let clause = Clause::new("why-journal").with("code", &fault.code).with("place", place.join(" "));
    kinds::JOURNAL_BROKEN.with("at", clause.with("fault", words))
}
