-- Imports of registers: what came, who brought it, and what each wrote, so that it can be taken back as a whole.

CREATE TABLE imports (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  register {key} NOT NULL,
  file_name TEXT NOT NULL,
  sha256 {key} NOT NULL,
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  -- The entry in the history of each record that it wrote.
  change_id {key} NOT NULL,
  lines BIGINT NOT NULL,
  added BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  unchanged BIGINT NOT NULL,
  held BIGINT NOT NULL,
  problems BIGINT NOT NULL,
  undone_at BIGINT,
  undone_by TEXT NOT NULL
);

-- One for each record that an import added or changed.
CREATE TABLE import_lines (
  uid {identity},
  import_uid BIGINT NOT NULL REFERENCES imports (uid),
  -- 0 for what no line states, such as a place that was made around another.
  line BIGINT NOT NULL,
  object_id {key} NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  added BIGINT NOT NULL CHECK (added IN (0, 1)),
  -- Of the values of an added record; empty for a changed one.
  digest TEXT NOT NULL,
  -- [[field, before, after], ...] of a changed record.
  changes TEXT NOT NULL,
  -- Why an undo left it, wholly or in part; empty otherwise.
  kept TEXT NOT NULL
);
CREATE INDEX import_lines_import ON import_lines (import_uid, uid);
