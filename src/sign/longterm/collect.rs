//! The smallest sufficient evidence about the paths of a file. An answer about one certificate is preferred to a list of all
//! that are revoked, because a list of a national authority has megabytes. Every piece is judged by the verifier's own rules
//! before it is taken, wherever it comes from; for a batch each service is asked once while its answer is fresh, and one that
//! fails is left alone for a while (rule 8: what cannot be had is owed).

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::keep::Keep;
use crate::document::Sha256;
use crate::error::{Clause, Error, kinds};
use crate::fetch::Fetch;
use crate::verify::Trust;
use crate::verify::needs::{Need, Survey};
use crate::verify::revocation::When;
use crate::verify::revocation::link::{Link, Question, Read, Standing, as_response, is_list};

/// How long a service that failed or answered uselessly is left alone.
const REST: Duration = Duration::from_secs(60);
/// A list up to this size, bytes, is as good as an answer, when it is at hand.
const SMALL_LIST: usize = 2_000;

/// Pieces of one kind or another, DER, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Material {
    /// Certificates.
    pub certificates: Vec<Vec<u8>>,
    /// Answers of responders, OCSPResponse.
    pub answers: Vec<Vec<u8>>,
    /// Revocation lists.
    pub lists: Vec<Vec<u8>>,
}

impl Material {
    fn add_certificate(&mut self, der: &[u8]) {
        add(&mut self.certificates, der);
    }

    fn add_evidence(&mut self, der: &[u8]) {
        match is_list(der) {
            true => add(&mut self.lists, der),
            false => add(&mut self.answers, &as_response(der)),
        }
    }

    fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.answers.is_empty() && self.lists.is_empty()
    }
}

fn add(list: &mut Vec<Vec<u8>>, der: &[u8]) {
    if !list.iter().any(|known| known == der) {
        list.push(der.to_vec());
    }
}

/// What was found for a file.
#[derive(Clone, Debug)]
pub struct Proofs {
    /// By signature: the key of its entry in /VRI, and what belongs to it.
    pub entries: Vec<(String, Material)>,
    /// Whether every path of the file is covered now.
    pub complete: bool,
    /// The certificate of a signature whose path was revoked in time to matter, DER.
    pub revoked: Option<Vec<u8>>,
}

impl Proofs {
    /// Whether a revision is worth its bytes.
    pub fn brings_something(&self) -> bool {
        self.entries.iter().any(|(_, material)| !material.is_empty())
    }
}

/// Collects for a batch; called from several threads at once.
pub struct Collector {
    fetch: Box<dyn Fetch>,
    /// The station's own lists and answers.
    station: Vec<Arc<Vec<u8>>>,
    keep: Option<Keep>,
    links: Mutex<HashMap<Sha256, Arc<Mutex<Pieces>>>>,
    services: Mutex<HashMap<String, Arc<Mutex<Service>>>>,
    notes: Mutex<Vec<Error>>,
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Collector")
    }
}

/// What is known about one certificate.
#[derive(Default)]
struct Pieces {
    all: Vec<(Arc<Vec<u8>>, Read)>,
    looked_at_station: bool,
}

/// The last answer to one question.
#[derive(Default)]
struct Service {
    answer: Option<Arc<Vec<u8>>>,
    looked_on_disk: bool,
    rests_until: Option<Instant>,
}

/// What could be found about one certificate.
enum Found {
    Good(Arc<Vec<u8>>),
    Revoked,
    Open,
}

impl Collector {
    /// Asks by `fetch`; answers are kept under `root`, the folder of a workspace, where there is one.
    pub fn new(fetch: Box<dyn Fetch>, trust: &Trust, root: Option<&Path>) -> Self {
        Self {
            fetch,
            station: trust.evidence.iter().cloned().map(Arc::new).collect(),
            keep: root.map(Keep::of),
            links: Mutex::default(),
            services: Mutex::default(),
            notes: Mutex::default(),
        }
    }

    /// What went wrong since the last call, for the person: once a service and rest, not once a document.
    pub fn notes(&self) -> Vec<Error> {
        std::mem::take(&mut lock(&self.notes))
    }

    /// What a file lacks. With `only` a path of another signer's certificate that is revoked or unknown is passed over.
    pub(crate) fn gather(&self, file: &Survey, only: Option<&[u8]>) -> Proofs {
        let mut proofs = Proofs { entries: Vec::new(), complete: true, revoked: None };
        for need in &file.needs {
            let mut material = Material::default();
            let complete = proofs.complete;
            self.about(need, &mut material, &mut proofs);
            let passed =
                only.is_some_and(|own| !need.stamps && need.chain.first().is_none_or(|leaf| leaf != own));
            if passed {
                (proofs.complete, proofs.revoked) = (complete, None);
            }
            if material.is_empty() {
                continue;
            }
            match proofs.entries.iter_mut().find(|(key, _)| *key == need.entry) {
                Some((_, known)) => known.join(&material),
                None => proofs.entries.push((need.entry.clone(), material)),
            }
        }
        for (_, material) in &mut proofs.entries {
            let new = |der: &Vec<u8>| !file.holdings.certificates.iter().any(|kept| kept.der == *der);
            material.certificates.retain(new);
        }
        proofs
    }

    /// Evidence and certificates of one path. An anchor is trusted by decision and needs no evidence; its certificate goes
    /// along (EN 319 142-1 6.3, requirement on /Certs) where anything does.
    fn about(&self, need: &Need, material: &mut Material, proofs: &mut Proofs) {
        if need.embedded {
            return;
        }
        for pair in need.chain.windows(2) {
            let [certificate, issuer] = pair else { continue };
            match self.find(Link { certificate, issuer }, need.when) {
                Found::Good(piece) => material.add_evidence(&piece),
                Found::Revoked => {
                    proofs.complete = false;
                    self.revoked(need, proofs);
                    return;
                }
                Found::Open => proofs.complete = false,
            }
        }
        if material.answers.is_empty() && material.lists.is_empty() {
            return;
        }
        let missing = need.chain.iter().filter(|der| !need.carried.contains(der));
        missing.for_each(|der| material.add_certificate(der));
    }

    /// A revoked signer decides about the document; a revoked time-stamp authority takes a proof of time away, and that is said.
    fn revoked(&self, need: &Need, proofs: &mut Proofs) {
        let Some(leaf) = need.chain.first() else { return };
        match need.stamps {
            true => {
                let name = crate::verify::needs::name(leaf);
                lock(&self.notes).push(
                    kinds::TIMESTAMP_WRONG
                        .with("url", name)
                        .with("cause", Clause::new("why-stamp").with("code", "revoked")),
                );
            }
            false => proofs.revoked = Some(leaf.clone()),
        }
    }

    /// Whether a path is free of revocation as far as can be found out, before anything is signed with its key: none where
    /// nobody answers.
    pub(crate) fn standing(&self, chain: &[Vec<u8>], when: When) -> Option<bool> {
        let mut known = true;
        for pair in chain.windows(2) {
            let [certificate, issuer] = pair else { continue };
            match self.find(Link { certificate, issuer }, when) {
                Found::Good(_) => {}
                Found::Revoked => return Some(false),
                Found::Open => known = false,
            }
        }
        known.then_some(true)
    }

    fn find(&self, link: Link, when: When) -> Found {
        let key = Sha256::of(&[link.certificate, link.issuer].concat());
        let pieces = Arc::clone(lock(&self.links).entry(key).or_default());
        let mut pieces = lock(&pieces);
        if !pieces.looked_at_station {
            pieces.looked_at_station = true;
            let own = self.station.iter().filter_map(|der| Some((der.clone(), link.read(der, when)?)));
            pieces.all.extend(own.collect::<Vec<_>>());
        }
        let at_hand = pieces.best(link, when);
        match &at_hand {
            Found::Good(piece) if is_list(piece) && piece.len() > SMALL_LIST => {}
            Found::Open => {}
            _ => return at_hand,
        }
        let (responders, lists) = link.questions();
        let lists = if matches!(at_hand, Found::Open) { lists } else { Vec::new() };
        for question in responders.iter().chain(&lists) {
            if let Some((answer, read)) = self.ask(question, link, when) {
                pieces.all.push((answer, read));
                let found = pieces.best(link, when);
                if !matches!(found, Found::Open) {
                    return found;
                }
            }
        }
        at_hand
    }

    /// The answer to a question, if it says anything that counts: the last one, the one on disk, or a new one.
    fn ask(&self, question: &Question, link: Link, when: When) -> Option<(Arc<Vec<u8>>, Read)> {
        let name = name(question);
        let service = Arc::clone(lock(&self.services).entry(name.clone()).or_default());
        let mut service = lock(&service);
        let useful = |answer: &Arc<Vec<u8>>| {
            let read = link.read(answer, when)?;
            (link.judge(&[&read], when) != Standing::Open).then(|| (answer.clone(), read))
        };
        if let Some(found) = service.answer.as_ref().and_then(useful) {
            return Some(found);
        }
        if !std::mem::replace(&mut service.looked_on_disk, true)
            && let Some(answer) = self.keep.as_ref().and_then(|keep| keep.get(&name)).map(Arc::new)
            && let Some(found) = useful(&answer)
        {
            service.answer = Some(answer);
            return Some(found);
        }
        if service.rests_until.is_some_and(|until| Instant::now() < until) {
            return None;
        }
        let fault = match self.fetched(question) {
            Ok(answer) => match useful(&answer) {
                Some(found) => {
                    if let Some(keep) = &self.keep {
                        keep.put(&name, &answer);
                    }
                    service.answer = Some(answer);
                    return Some(found);
                }
                None => kinds::REVOCATION_WRONG.with("url", &question.url),
            },
            Err(cause) => kinds::REVOCATION_AWAY.with("url", &question.url).with("cause", cause),
        };
        service.rests_until = Some(Instant::now() + REST);
        lock(&self.notes).push(fault);
        None
    }

    fn fetched(&self, question: &Question) -> Result<Arc<Vec<u8>>, String> {
        let answer = match &question.request {
            Some(request) => {
                self.fetch.post(&question.url, "application/ocsp-request", request, question.limit)
            }
            None => self.fetch.get(&question.url, question.limit),
        }?;
        match answer.status {
            200 => Ok(Arc::new(answer.body)),
            status => Err(format!("HTTP {status}")),
        }
    }
}

impl Material {
    fn join(&mut self, other: &Material) {
        other.certificates.iter().for_each(|der| add(&mut self.certificates, der));
        other.answers.iter().for_each(|der| add(&mut self.answers, der));
        other.lists.iter().for_each(|der| add(&mut self.lists, der));
    }
}

impl Pieces {
    /// The smallest piece that is enough by itself, unless another one speaks of a revocation.
    fn best(&self, link: Link, when: When) -> Found {
        let all: Vec<&Read> = self.all.iter().map(|(_, read)| read).collect();
        if link.judge(&all, when) == Standing::Revoked {
            return Found::Revoked;
        }
        let enough = self.all.iter().filter(|(_, read)| link.judge(&[read], when) == Standing::Good);
        match enough.min_by_key(|(der, _)| der.len()) {
            Some((der, _)) => Found::Good(der.clone()),
            None => Found::Open,
        }
    }
}

/// Digest of a question, by which its answer is kept.
fn name(question: &Question) -> String {
    let request = question.request.as_deref().unwrap_or_default();
    Sha256::of(&[question.url.as_bytes(), b"\n", request].concat()).0
}

/// A lock that another thread left behind in a panic still guards whole values here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
