-- Checklists that people change: one row for each, its kinds in one column, so that a change is one line of history.
-- When an account was signed in last.

ALTER TABLE checklists RENAME TO checklists_by_line;

CREATE TABLE checklists (
  code {key} PRIMARY KEY,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  -- person, organisation, or empty for any
  customer_kind TEXT NOT NULL,
  -- codes of document_kinds in the order of the list, one in a line
  kind_codes TEXT NOT NULL,
  position BIGINT NOT NULL,
  active BIGINT NOT NULL CHECK (active IN (0, 1))
);

INSERT INTO checklists (code, name_zh, name_en, customer_kind, kind_codes, position, active)
SELECT code, min(name_zh), min(name_en), min(customer_kind), string_agg(kind_code, '
' ORDER BY position, uid), min(uid), 1
FROM checklists_by_line GROUP BY code;

DROP TABLE checklists_by_line;

ALTER TABLE users ADD COLUMN last_sign_in_at BIGINT;
