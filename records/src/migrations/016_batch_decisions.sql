-- Who accepted or held a delivery, when and why.
ALTER TABLE batches ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';
ALTER TABLE batches ADD COLUMN decided_at BIGINT;
ALTER TABLE batches ADD COLUMN decided_why TEXT NOT NULL DEFAULT '';
