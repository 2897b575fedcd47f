-- A batch has one runner: who holds it, since when, and until when unless the lease is renewed.

ALTER TABLE batches ADD COLUMN walked BIGINT;
ALTER TABLE batches ADD COLUMN lease_token TEXT NOT NULL DEFAULT '';
ALTER TABLE batches ADD COLUMN lease_until BIGINT;
ALTER TABLE batches ADD COLUMN runner_process BIGINT NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN runner_machine TEXT NOT NULL DEFAULT '';
ALTER TABLE batches ADD COLUMN runner_mark TEXT NOT NULL DEFAULT '';
ALTER TABLE batches ADD COLUMN runner_since BIGINT NOT NULL DEFAULT 0;

-- Only one batch of a folder is open. Where two were begun at the same moment, the older one is never gone on with.
UPDATE batches SET roots_digest = roots_digest || '-' || CAST(uid AS TEXT) WHERE state = 'running'
  AND uid < (SELECT max(b.uid) FROM batches b WHERE b.state = 'running' AND b.roots_digest = batches.roots_digest);
CREATE UNIQUE INDEX batches_open ON batches (roots_digest) WHERE state = 'running';

-- What was announced and could not be used as it was.
CREATE TABLE batch_problems (
  uid {identity},
  batch_uid BIGINT NOT NULL REFERENCES batches (uid),
  file TEXT NOT NULL,
  line BIGINT NOT NULL,
  detail TEXT NOT NULL,
  digest {key} NOT NULL,
  UNIQUE (batch_uid, digest)
);

-- Digests of what was announced of a document, separated by spaces.
ALTER TABLE documents ADD COLUMN announced TEXT NOT NULL DEFAULT '';
-- Fields that people have stated of a document when it was delivered, separated by spaces; the others were read from its
-- pages. Of older documents it is known only whether a manifest came with them.
ALTER TABLE documents ADD COLUMN stated TEXT NOT NULL DEFAULT '';
UPDATE documents SET stated = 'kind title number date' WHERE batch_uid IN (SELECT uid FROM batches WHERE announced IS NOT NULL);
