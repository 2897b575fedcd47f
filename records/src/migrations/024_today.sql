-- When record and files were compared, how many scans there were, whether every byte was read, and what did not fit (JSON).
CREATE TABLE file_checks (
  uid {identity},
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  scans BIGINT NOT NULL,
  every_byte BIGINT NOT NULL CHECK (every_byte IN (0, 1)),
  problems TEXT NOT NULL
);

-- What the views of today count.
CREATE INDEX originals_state ON originals (state, document_uid);
CREATE INDEX documents_valid_until ON documents (state, valid_until) WHERE valid_until <> '';
CREATE INDEX documents_created ON documents (created_at);
CREATE INDEX pages_asking ON pages (document_uid, reading) WHERE reading <> 0 AND seen_at IS NULL AND withdrawn = 0;
CREATE INDEX audit_events_action ON audit_events (action, at, sequence);
