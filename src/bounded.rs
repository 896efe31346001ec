//! Pages are worked on at the same time, but never more of them in the whole process than there are cores: a decoded page
//! takes 26 to 400 MB. A pool that lets a waiting thread begin the next page would hold as many as it likes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, LazyLock, Mutex, PoisonError};

/// How many pages may be held at once.
static LIMIT: LazyLock<usize> = LazyLock::new(|| std::thread::available_parallelism().map_or(1, usize::from));
/// How many are held.
static HELD: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// The right to hold one page.
struct Permit;

impl Permit {
    fn wait() -> Self {
        let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        while *held >= *LIMIT {
            held = FREED.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
        *held += 1;
        Permit
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        *HELD.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        FREED.notify_one();
    }
}

/// Does `work` for 0 to `count` - 1 and gives the results in this order. `work` must not call this function again: it would
/// wait for a right that it holds itself.
pub fn each<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let share = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return done;
            }
            let _permit = Permit::wait();
            done.push((index, work(index)));
        }
    };
    let mut all: Vec<(usize, T)> = match count {
        0 | 1 => share(),
        _ => std::thread::scope(|scope| {
            let threads: Vec<_> = (0..count.min(*LIMIT)).map(|_| scope.spawn(share)).collect();
            let joined =
                threads.into_iter().map(|t| t.join().unwrap_or_else(|e| std::panic::resume_unwind(e)));
            joined.flatten().collect()
        }),
    };
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_order_and_no_more_than_the_cores_work_at_once() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |index: usize| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(std::time::Duration::from_millis(2));
            now.fetch_sub(1, Ordering::SeqCst);
            index * 2
        };
        // Two callers at once share the same limit.
        std::thread::scope(|scope| {
            let callers = [scope.spawn(|| each(20, work)), scope.spawn(|| each(20, work))];
            let wanted: Vec<usize> = (0..20).map(|i| i * 2).collect();
            callers.into_iter().for_each(|caller| assert_eq!(caller.join().unwrap(), wanted));
        });
        assert!(most.load(Ordering::SeqCst) <= *LIMIT);
    }
}
