//! Integration tests, one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod attacks;
mod bad_input;
mod choice;
mod correct;
mod delivery;
mod destinations;
mod doctor;
mod drill;
mod evidence;
mod figures;
mod formats;
mod handover;
mod hidden;
mod journey;
mod keys;
mod kill;
mod longterm;
mod lookup;
mod masks;
mod order;
mod paper;
mod postgres;
mod quality;
mod queue;
mod reconcile;
mod refusals;
mod register;
mod remote;
mod results;
mod sign;
mod stack;
mod stock;
mod support;
mod tamper;
mod text;
mod timestamp;
mod token;
mod token_faults;
mod visible;
mod watch;
mod webdav;
