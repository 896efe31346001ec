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
CREATE TABLE IF NOT EXISTS catalogue (
  code TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  retention TEXT NOT NULL,
  at BIGINT NOT NULL
)
;
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
;
UPDATE meta SET value = '3' WHERE name = 'version'
