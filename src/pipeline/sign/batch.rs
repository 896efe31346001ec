//! The planned documents, one after the other, each durable when done; a key that fails ends the batch.

use jiff::Timestamp;
use serde_json::json;

use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front, Tally};
use crate::platform;
use crate::sign::{Role, key};
use crate::station::Workspace;
use crate::store::{NewRevision, SignatureRow, State, Step, Stored};
use crate::verify::Report;

use super::super::build::tell_error;
use super::super::{Desk, Turn, ordered, take, wording};
use super::job::{Job, Made};
use super::{Plan, Signing, check_level, key_uri};

/// Folder of the workspace with human-named copies of sealed documents; never the truth.
const OUT: &str = "out";

/// Signs the planned documents with one PIN. A key that fails ends the batch; what is done stays done.
///
/// # Errors
/// A key error (exit 6) before the first document; a store error.
pub async fn run(desk: &Desk, plan: Plan, signing: Signing<'_>, front: &dyn Front) -> Result<Tally> {
    let mut tally = Tally::default();
    plan.tell_blocked(front, &mut tally);
    if plan.ready.is_empty() {
        return Ok(tally);
    }
    let Signing { request, pins } = signing;
    check_level(desk.workspace.profile.crypto.level)?;
    let uri = key_uri(Some(&desk.workspace), request.role, request.key.clone())?;
    let trust = desk.workspace.trust()?;
    let mut session = Some(key::open(&uri, &desk.workspace.key_policy(), pins)?);
    if let Some(reason) = &request.unseen {
        let documents: Vec<String> = plan.ready.iter().map(|s| s.id.to_string()).collect();
        desk.store.note("signed_unseen", None, json!({"reason": reason, "documents": documents})).await?;
    }
    front.begin("sign", plan.ready.len() as u64);
    let count = plan.ready.len();
    for (index, stored) in plan.ready.into_iter().enumerate() {
        let step = match take(&desk.store, stored.id, stored.state).await {
            Ok(Turn::Ours(step)) => step,
            Ok(Turn::Done) => {
                tally.done += 1;
                continue;
            }
            Err(error) => {
                tell_error(stored.id.to_string(), &error, front, &mut tally);
                continue;
            }
        };
        let Some(key) = session.take() else { break };
        let job = Job::new(desk, &stored, request.role, &trust, front.lang()).await?;
        let (key, outcome) = ordered::one(move || job.run(key)).await?;
        session = Some(key);
        let failure = finish(desk, &step, &stored, outcome, front, &mut tally).await?;
        front.advance(1);
        if failure.is_some_and(|exit| exit == Exit::Key) {
            tally.waiting += count - index - 1;
            break;
        }
    }
    front.end();
    Ok(tally)
}

/// Bytes durable, row committed, told; or the lease given back and the refusal told.
async fn finish(
    desk: &Desk,
    step: &Step,
    stored: &Stored,
    outcome: Result<Made>,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<Option<Exit>> {
    let saved = match outcome {
        Ok(made) => save(desk, step, stored, made).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(report) => {
            let id = stored.id.to_string();
            if let Some(signature) = report.signatures.last() {
                front.tell(&Event::new("signature", signature).with("document", &id));
            }
            front.tell(&Event::new("document", desk.store.record(stored.id).await?));
            tally.done += 1;
            Ok(None)
        }
        Err(error) => {
            desk.store.release(step).await?;
            tell_error(stored.id.to_string(), &error, front, tally);
            Ok(Some(error.kind().exit))
        }
    }
}

async fn save(desk: &Desk, step: &Step, stored: &Stored, made: Made) -> Result<Report> {
    let sha256 = desk.store.blobs().put(&made.bytes).await?;
    if made.next == State::Sealed {
        copy_out(&desk.workspace, stored, &made.bytes)?;
    }
    let rows: Vec<SignatureRow> = made.report.signatures.iter().map(SignatureRow::from_report).collect();
    let role = if made.next == State::Sealed { Role::Organization } else { Role::Personal };
    let reason = format!("sign:{}", role.as_str());
    let revision =
        NewRevision { sha256: &sha256, bytes: made.bytes.len(), reason: &reason, signatures: &rows };
    desk.store.advance(step, made.next, &revision).await?;
    Ok(made.report)
}

/// A copy under a human name. A copy of an earlier run that was cut off is replaced by none: it has other bytes, so the
/// new one gets the document's number as well.
fn copy_out(workspace: &Workspace, stored: &Stored, bytes: &[u8]) -> Result<()> {
    let folder = workspace.root.join(OUT);
    platform::create_private_dir(&folder)?;
    let name = wording::copy_name(&stored.document, stored.id, workspace);
    let again = format!("{name}.{}.{}", stored.id, Timestamp::now().strftime("%Y%m%dT%H%M%SZ"));
    for name in [name, again] {
        match platform::write_new(&folder.join(format!("{name}.pdf")), bytes) {
            Err(error) if error.code() == kinds::FILE_EXISTS.code => {}
            written => return written,
        }
    }
    Ok(())
}
