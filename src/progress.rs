//! How a long job tells that it is alive: one trait, given once, silent by default.

/// A receiver of progress. Calls come from worker threads.
pub trait Progress: Send + Sync {
    /// A stage begins; `total` units (documents, pages) are expected.
    fn begin(&self, stage: &str, total: u64);
    /// `count` further units are done.
    fn advance(&self, count: u64);
    /// The stage has ended.
    fn end(&self);
}

/// Says nothing.
#[derive(Debug, Default, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _stage: &str, _total: u64) {}
    fn advance(&self, _count: u64) {}
    fn end(&self) {}
}
