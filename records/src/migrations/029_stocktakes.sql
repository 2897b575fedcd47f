-- A count of what stands in a place or container. What is expected is frozen when it begins.
CREATE TABLE stocktakes (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  scope_kind TEXT NOT NULL CHECK (scope_kind IN ('location', 'container')),
  scope_uid BIGINT NOT NULL,
  scope_code TEXT NOT NULL,
  -- Between them lie the sort keys of the places in it; both empty for a container.
  scope_low {key} NOT NULL,
  scope_high {key} NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  dead_years BIGINT NOT NULL,
  -- Whether a closed box stands for what lies in it.
  boxes_whole BIGINT NOT NULL CHECK (boxes_whole IN (0, 1)),
  begun_at BIGINT NOT NULL,
  begun_by TEXT NOT NULL,
  closed_at BIGINT,
  closed_by TEXT NOT NULL
);
CREATE UNIQUE INDEX stocktakes_open ON stocktakes (scope_kind, scope_uid) WHERE state = 'open';

-- What should be there: a paper or a container, where it belongs, and how it was when the count began.
CREATE TABLE stocktake_lines (
  stocktake_uid BIGINT NOT NULL REFERENCES stocktakes (uid),
  thing_kind TEXT NOT NULL,
  thing_uid BIGINT NOT NULL,
  document_uid BIGINT,
  place_kind TEXT NOT NULL,
  place_uid BIGINT NOT NULL,
  -- Through containers; 0 for none.
  location_uid BIGINT NOT NULL,
  state TEXT NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (stocktake_uid, thing_kind, thing_uid)
);
CREATE INDEX stocktake_lines_place ON stocktake_lines (stocktake_uid, place_kind, place_uid);

-- Labels as they were scanned; the thing that a label means, or none.
CREATE TABLE stocktake_scans (
  uid {identity},
  stocktake_uid BIGINT NOT NULL REFERENCES stocktakes (uid),
  at_kind TEXT NOT NULL,
  at_uid BIGINT NOT NULL,
  label TEXT NOT NULL,
  label_folded {key} NOT NULL,
  thing_kind TEXT NOT NULL,
  thing_uid BIGINT NOT NULL,
  document_uid BIGINT,
  worn BIGINT NOT NULL CHECK (worn IN (0, 1)),
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX stocktake_scans_of ON stocktake_scans (stocktake_uid, uid);
CREATE INDEX stocktake_scans_thing ON stocktake_scans (thing_kind, thing_uid, at);

-- What was done about a line, and, once the count is closed, every line that is not simply present.
CREATE TABLE stocktake_findings (
  uid {identity},
  stocktake_uid BIGINT NOT NULL REFERENCES stocktakes (uid),
  thing_kind TEXT NOT NULL,
  thing_uid BIGINT NOT NULL,
  document_uid BIGINT,
  label {key} NOT NULL,
  verdict {key} NOT NULL,
  expected BIGINT NOT NULL CHECK (expected IN (0, 1)),
  found_kind TEXT NOT NULL,
  found_uid BIGINT NOT NULL,
  belongs_kind TEXT NOT NULL,
  belongs_uid BIGINT NOT NULL,
  owner TEXT NOT NULL,
  due {key} NOT NULL,
  resolution TEXT NOT NULL,
  note TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (stocktake_uid, thing_kind, thing_uid, label, verdict)
);
CREATE INDEX stocktake_findings_owned ON stocktake_findings (due) WHERE owner <> '' AND resolution = '';
