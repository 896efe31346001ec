//! Integration tests, one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bad_input;
mod choice;
mod doctor;
mod drill;
mod formats;
mod journey;
mod keys;
mod kill;
mod order;
mod quality;
mod refusals;
mod sign;
mod support;
mod tamper;
mod webdav;
