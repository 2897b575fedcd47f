-- Documents: the code of a form, withdrawing with its moment, until when a seal stays, what stood in
-- review before a decision. Grants: made by two people, ended with a reason.

ALTER TABLE documents ADD COLUMN form_code TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN withdrawn_at BIGINT;
UPDATE documents SET withdrawn_at = changed_at WHERE state = 'withdrawn';

-- Why a document went into review; a decision leaves it, so that undoing the decision brings it back.
ALTER TABLE documents ADD COLUMN review_detail TEXT NOT NULL DEFAULT '';
UPDATE documents SET review_detail = link_detail WHERE state = 'in_review' OR (state = 'withdrawn' AND state_before = 'in_review');
ALTER TABLE proposals ADD COLUMN state_before TEXT NOT NULL DEFAULT '';

-- Until when a seal is meant to stay.
ALTER TABLE documents ADD COLUMN sealed_until TEXT NOT NULL DEFAULT '';
ALTER TABLE dossiers ADD COLUMN sealed_until TEXT NOT NULL DEFAULT '';
CREATE INDEX documents_sealed ON documents (uid) WHERE sealed = 1;
CREATE INDEX documents_withdrawn ON documents (withdrawn_at, uid) WHERE state = 'withdrawn';

-- A grant is proposed by one person and confirmed by another. What was granted before holds on.
ALTER TABLE grants ADD COLUMN state TEXT NOT NULL DEFAULT 'confirmed'
  CHECK (state IN ('proposed', 'confirmed', 'refused', 'revoked'));
ALTER TABLE grants ADD COLUMN proposed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE grants ADD COLUMN confirmed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE grants ADD COLUMN confirmed_at BIGINT;
ALTER TABLE grants ADD COLUMN closed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE grants ADD COLUMN closed_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE grants RENAME COLUMN granted_by TO proposed_by;
ALTER TABLE grants RENAME COLUMN revoked_at TO closed_at;
UPDATE grants SET proposed_at = from_at;
UPDATE grants SET state = 'revoked' WHERE closed_at IS NOT NULL;
CREATE INDEX grants_document ON grants (document_uid) WHERE document_uid IS NOT NULL;
CREATE INDEX grants_dossier ON grants (dossier_uid) WHERE dossier_uid IS NOT NULL;
