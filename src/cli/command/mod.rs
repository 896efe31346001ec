//! One module for commands that belong together; each turns arguments into a request and an outcome into words.

pub(super) mod convert;
pub(super) mod doctor;
pub(super) mod evidence;
pub(super) mod find;
pub(super) mod handover;
pub(super) mod kit;
pub(super) mod look;
pub(super) mod manual;
pub(super) mod outage;
mod outage_record;
pub(super) mod pages;
pub(super) mod profile;
pub(super) mod reconcile;
pub(super) mod recover;
pub(super) mod report;
pub(super) mod route;
pub(super) mod serve;
pub(super) mod show;
pub(super) mod sign;
pub(super) mod store;
pub(super) mod trust;
pub(super) mod upload;
pub(super) mod verify;
pub(super) mod workspace;
