-- Lending: slips, the papers on them, the steps before they are handed out, and what went wrong.
CREATE TABLE loans (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  year BIGINT NOT NULL,
  number BIGINT NOT NULL,
  no {key} NOT NULL UNIQUE,
  state {key} NOT NULL,
  -- NULL for a person without an account.
  borrower_uid BIGINT REFERENCES users (uid),
  borrower TEXT NOT NULL,
  borrower_folded {key} NOT NULL,
  department TEXT NOT NULL,
  department_folded {key} NOT NULL,
  purpose TEXT NOT NULL,
  copies BIGINT NOT NULL,
  class TEXT NOT NULL,
  place_of_use TEXT NOT NULL,
  -- The day that was asked for; empty for the last one that the class allows.
  wanted_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  overdue_from BIGINT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_by_uid BIGINT NOT NULL,
  asked_at BIGINT NOT NULL,
  confirmed_by TEXT NOT NULL,
  confirmed_at BIGINT,
  issued_by TEXT NOT NULL,
  issued_at BIGINT,
  closed_by TEXT NOT NULL,
  closed_at BIGINT,
  closed_reason TEXT NOT NULL,
  UNIQUE (year, number)
);
CREATE INDEX loans_state ON loans (state, overdue_from);
CREATE INDEX loans_borrower ON loans (borrower_folded);
CREATE INDEX loans_issued ON loans (issued_at);

CREATE TABLE loan_lines (
  uid {identity},
  loan_uid BIGINT NOT NULL REFERENCES loans (uid),
  line BIGINT NOT NULL,
  original_uid BIGINT NOT NULL REFERENCES originals (uid),
  document_uid BIGINT NOT NULL REFERENCES documents (uid),
  -- As they were counted when it was handed out.
  pages BIGINT NOT NULL,
  -- Where it lay: it goes back there.
  from_kind TEXT NOT NULL,
  from_uid BIGINT NOT NULL,
  issued_at BIGINT,
  returned_at BIGINT,
  received_by TEXT NOT NULL,
  pages_returned BIGINT,
  condition TEXT NOT NULL,
  shelved_at BIGINT,
  shelved_by TEXT NOT NULL,
  UNIQUE (loan_uid, original_uid)
);
-- A paper is out under one slip at most.
CREATE UNIQUE INDEX loan_lines_out ON loan_lines (original_uid) WHERE issued_at IS NOT NULL AND returned_at IS NULL;
CREATE INDEX loan_lines_original ON loan_lines (original_uid);
CREATE INDEX loan_lines_document ON loan_lines (document_uid);

CREATE TABLE loan_steps (
  uid {identity},
  loan_uid BIGINT NOT NULL REFERENCES loans (uid),
  step BIGINT NOT NULL,
  kind TEXT NOT NULL,
  -- NULL until somebody has decided.
  approved BIGINT CHECK (approved IN (0, 1)),
  decided_by TEXT NOT NULL,
  decided_at BIGINT,
  reason TEXT NOT NULL,
  UNIQUE (loan_uid, step)
);

CREATE TABLE incidents (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  loan_uid BIGINT NOT NULL REFERENCES loans (uid),
  original_uid BIGINT NOT NULL REFERENCES originals (uid),
  document_uid BIGINT NOT NULL REFERENCES documents (uid),
  borrower TEXT NOT NULL,
  borrower_folded {key} NOT NULL,
  pages_expected BIGINT NOT NULL,
  pages_found BIGINT NOT NULL,
  opened_by TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  resolution TEXT NOT NULL,
  -- Id of the document that stands for what is missing; empty for none.
  replacement {key} NOT NULL,
  resolved_by TEXT NOT NULL,
  resolved_at BIGINT
);
CREATE INDEX incidents_original ON incidents (original_uid);
CREATE INDEX incidents_borrower ON incidents (borrower_folded);
