-- What checks of keeping ask, and how often: JSON by name.
CREATE TABLE keeping_rules (
  name {key} PRIMARY KEY,
  value TEXT NOT NULL
);

-- A check of a place, ordered or made.
CREATE TABLE keeping_checks (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  location_uid BIGINT NOT NULL REFERENCES locations (uid),
  kind TEXT NOT NULL,
  occasion TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ordered', 'done')),
  due {key} NOT NULL,
  reason TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at BIGINT,
  done_by TEXT NOT NULL,
  done_at BIGINT,
  results TEXT NOT NULL
);
CREATE INDEX keeping_checks_place ON keeping_checks (location_uid, kind, done_at);
CREATE INDEX keeping_checks_state ON keeping_checks (state, uid);

-- What was found and must be mended, of a place or of one document.
CREATE TABLE repairs (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  check_uid BIGINT REFERENCES keeping_checks (uid),
  location_uid BIGINT REFERENCES locations (uid),
  document_uid BIGINT REFERENCES documents (uid),
  what TEXT NOT NULL,
  owner TEXT NOT NULL,
  due {key} NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'mended')),
  result TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  opened_by TEXT NOT NULL,
  closed_at BIGINT,
  closed_by TEXT NOT NULL
);
CREATE INDEX repairs_state ON repairs (state, due, uid);
CREATE INDEX repairs_check ON repairs (check_uid);
