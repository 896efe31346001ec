-- One text for SQLite and PostgreSQL: TEXT and BIGINT only, times in microseconds since 1970 UTC, records as JSON text,
-- no engine's own functions. Statements are separated by a line that holds nothing else than a semicolon.
CREATE TABLE IF NOT EXISTS meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
)
;
CREATE TABLE IF NOT EXISTS outage (
  reference TEXT PRIMARY KEY,
  record TEXT NOT NULL
)
;
-- source_key: digest over the digests of the source files; the same scans are one document of an outage.
CREATE TABLE IF NOT EXISTS document (
  id BIGINT PRIMARY KEY,
  outage TEXT NOT NULL,
  source_key TEXT NOT NULL,
  state TEXT NOT NULL,
  record TEXT NOT NULL,
  latest TEXT,
  bytes_in BIGINT NOT NULL,
  bytes_out BIGINT NOT NULL,
  lease TEXT,
  lease_until BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (outage, source_key)
)
;
CREATE INDEX IF NOT EXISTS document_by_state ON document (state, id)
;
CREATE TABLE IF NOT EXISTS revision (
  document BIGINT NOT NULL REFERENCES document (id),
  ordinal BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (document, ordinal)
)
;
CREATE TABLE IF NOT EXISTS signature (
  document BIGINT NOT NULL REFERENCES document (id),
  ordinal BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  report TEXT NOT NULL,
  PRIMARY KEY (document, ordinal)
)
;
-- What was read on the pages: for search, and for proposals. Made again from the scans at any time.
CREATE TABLE IF NOT EXISTS page_text (
  document BIGINT NOT NULL REFERENCES document (id),
  page BIGINT NOT NULL,
  text TEXT NOT NULL,
  proposals TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (document, page)
)
;
CREATE TABLE IF NOT EXISTS seen (
  document BIGINT NOT NULL REFERENCES document (id),
  sha256 TEXT NOT NULL,
  who TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (document, sha256, who)
)
;
-- id: the idempotency key DOCUMENT/DESTINATION.
CREATE TABLE IF NOT EXISTS job (
  id TEXT PRIMARY KEY,
  document BIGINT NOT NULL REFERENCES document (id),
  destination TEXT NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  required BIGINT NOT NULL,
  state TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  lease TEXT,
  lease_until BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  last_error TEXT,
  rank BIGINT NOT NULL DEFAULT 0,
  ticket TEXT
)
;
-- rank: urgent ones first, then by deadline. ticket: by what the destination is asked for a document that it works on.
CREATE INDEX IF NOT EXISTS job_by_rank ON job (destination, state, rank, id)
;
CREATE INDEX IF NOT EXISTS job_by_document ON job (document)
;
CREATE TABLE IF NOT EXISTS receipt (
  job TEXT PRIMARY KEY REFERENCES job (id),
  document BIGINT NOT NULL REFERENCES document (id),
  destination TEXT NOT NULL,
  proof TEXT NOT NULL,
  remote_id TEXT NOT NULL,
  url TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  at BIGINT NOT NULL
)
;
CREATE INDEX IF NOT EXISTS receipt_by_document ON receipt (document)
;
-- The register: one entry at sealing, deliveries are later lines; nothing is ever updated.
CREATE TABLE IF NOT EXISTS register_line (
  document BIGINT NOT NULL REFERENCES document (id),
  ordinal BIGINT NOT NULL,
  what TEXT NOT NULL,
  words TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (document, ordinal)
)
;
CREATE TABLE IF NOT EXISTS breaker (
  destination TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  until BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  reason TEXT,
  since BIGINT NOT NULL DEFAULT 0,
  good BIGINT NOT NULL DEFAULT 0,
  good_since BIGINT NOT NULL DEFAULT 0
)
;
CREATE TABLE IF NOT EXISTS journal (
  seq BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  station TEXT NOT NULL,
  actor TEXT NOT NULL,
  event TEXT NOT NULL,
  document TEXT NOT NULL,
  detail TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
)
;
CREATE TABLE IF NOT EXISTS journal_root (
  ordinal BIGINT PRIMARY KEY,
  first_seq BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  root TEXT NOT NULL,
  at BIGINT NOT NULL,
  token TEXT
)
;
-- By what a document is found and where it stands in its book; computed from its record and its pages, by one function.
-- day: yyyy-MM-dd, of issue or of arrival. The words are indexed by the engine in its own way.
CREATE TABLE IF NOT EXISTS lookup (
  document BIGINT PRIMARY KEY REFERENCES document (id),
  outage TEXT NOT NULL,
  direction TEXT NOT NULL,
  day TEXT NOT NULL,
  file_code TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  search_text TEXT NOT NULL
)
;
CREATE INDEX IF NOT EXISTS lookup_by_order ON lookup (sort_key, document)
;
CREATE INDEX IF NOT EXISTS lookup_by_day ON lookup (day)
;
-- The office's catalogue of files (danh mục hồ sơ).
CREATE TABLE IF NOT EXISTS catalogue (
  code TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  retention TEXT NOT NULL,
  at BIGINT NOT NULL
)
;
-- Reasons for lines of a reconciliation; the latest one counts, nothing is ever updated.
CREATE TABLE IF NOT EXISTS settlement (
  outage TEXT NOT NULL,
  line TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  reason TEXT NOT NULL,
  who TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (outage, line, ordinal)
)
;
-- Reconciliations as they were made; system: digest of the export of the document system, a blob.
CREATE TABLE IF NOT EXISTS reconciliation (
  outage TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  system TEXT NOT NULL,
  counts TEXT NOT NULL,
  open BIGINT NOT NULL,
  who TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (outage, ordinal)
)
