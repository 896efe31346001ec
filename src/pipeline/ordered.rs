//! Work on many things at once, results in the order of the things: heavy steps run on other threads, bounded in number.

use std::collections::VecDeque;

use tokio::task::JoinHandle;

use crate::error::{Result, kinds};

/// Runs `work` on each item on a blocking thread, at most one for each core at a time, and gives the results to `take` in
/// the order of the items.
///
/// # Errors
/// The first error of `take`; work under way is finished and thrown away.
pub(crate) async fn each<T, R>(
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> R + Clone + Send + 'static,
    mut take: impl AsyncFnMut(Result<R>) -> Result<()>,
) -> Result<()>
where
    T: Send + 'static,
    R: Send + 'static,
{
    let limit = std::thread::available_parallelism().map_or(1, usize::from);
    let mut running: VecDeque<JoinHandle<R>> = VecDeque::with_capacity(limit);
    for item in items {
        if running.len() >= limit
            && let Some(first) = running.pop_front()
        {
            take(joined(first).await).await?;
        }
        let work = work.clone();
        running.push_back(tokio::task::spawn_blocking(move || work(item)));
    }
    for rest in running {
        take(joined(rest).await).await?;
    }
    Ok(())
}

/// Runs one step on a blocking thread.
///
/// # Errors
/// An internal error when it ends without a result.
pub(super) async fn one<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> Result<R> {
    joined(tokio::task::spawn_blocking(work)).await
}

/// A thread that ended without a result costs its one document and never the batch.
async fn joined<R>(handle: JoinHandle<R>) -> Result<R> {
    handle.await.map_err(|e| kinds::INTERNAL.with("cause", &e).because(e))
}
