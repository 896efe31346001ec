//! scanseal turns the signed paper of an outage into compressed, signed, delivered and findable PDF/A.
//!
//! The journey, as types: a stage consumes its input and returns a new type, and holding the type is the proof.
//!
//! ```text
//! Vec<ScanPage> --document::group--> Document --attest--> Document --pdf::build--> ArchivalPdf
//! ArchivalPdf --sign::personal--> Signed --verify::check--> Verified --sign::authorise--> Authorised   (form re_sign)
//! ArchivalPdf --sign::authorise_attested--> Authorised                                                 (form sao_y)
//! Authorised --sign::seal--> Sealed --store::queue--> Ticket --upload::send--> Receipt
//! ```
//!
//! `scan`, `compress`, `pdf`, `sign` and `verify` are synchronous functions on bytes; `store` and `upload` are the edges.

pub mod bounded;
pub mod cli;
pub mod compress;
pub mod doctor;
pub mod document;
pub mod error;
pub mod event;
pub mod evidence;
pub mod fetch;
pub mod handover;
pub mod kit;
pub mod locales;
pub mod ocr;
pub mod outage;
pub mod pdf;
pub mod pipeline;
pub mod platform;
pub mod profile;
pub mod progress;
pub mod reconcile;
pub mod register;
pub mod report;
pub mod scan;
pub mod sign;
pub mod station;
pub mod store;
pub mod upload;
pub mod verify;
pub mod web;
