-- State that used to be read out of the audit trail stands in columns of its own.

-- Who described a document last: what a person has said of it, another reading leaves alone.
ALTER TABLE documents ADD COLUMN described_by TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN described_at BIGINT;
UPDATE documents SET
  described_by = coalesce((SELECT e.actor FROM audit_events e WHERE e.object_kind = 'document' AND e.object_id = documents.id
    AND e.action = 'document.changed' ORDER BY e.sequence DESC LIMIT 1), ''),
  described_at = (SELECT e.at FROM audit_events e WHERE e.object_kind = 'document' AND e.object_id = documents.id
    AND e.action = 'document.changed' ORDER BY e.sequence DESC LIMIT 1);

-- By whom, why and when a thing was sealed, while it is. The reason stands in the event behind `reason=`.
ALTER TABLE documents ADD COLUMN sealed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN sealed_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN sealed_at BIGINT;
UPDATE documents SET
  sealed_by = coalesce((SELECT e.actor FROM audit_events e WHERE e.object_kind = 'document' AND e.object_id = documents.id
    AND e.action = 'document.sealed' ORDER BY e.sequence DESC LIMIT 1), ''),
  sealed_reason = coalesce((SELECT substr(e.detail, 8) FROM audit_events e WHERE e.object_kind = 'document' AND e.object_id = documents.id
    AND e.action = 'document.sealed' AND e.detail LIKE 'reason=%' ORDER BY e.sequence DESC LIMIT 1), ''),
  sealed_at = (SELECT e.at FROM audit_events e WHERE e.object_kind = 'document' AND e.object_id = documents.id
    AND e.action = 'document.sealed' ORDER BY e.sequence DESC LIMIT 1)
  WHERE sealed = 1;

-- The event of a dossier reads `security_level=0 sealed=1 reason=...`; the reason begins at the 34th character.
ALTER TABLE dossiers ADD COLUMN sealed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE dossiers ADD COLUMN sealed_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE dossiers ADD COLUMN sealed_at BIGINT;
UPDATE dossiers SET
  sealed_by = coalesce((SELECT e.actor FROM audit_events e WHERE e.object_kind = 'dossier' AND e.object_id = dossiers.id
    AND e.action = 'dossier.protected' AND e.detail LIKE 'security_level=_ sealed=1 reason=%' ORDER BY e.sequence DESC LIMIT 1), ''),
  sealed_reason = coalesce((SELECT substr(e.detail, 34) FROM audit_events e WHERE e.object_kind = 'dossier' AND e.object_id = dossiers.id
    AND e.action = 'dossier.protected' AND e.detail LIKE 'security_level=_ sealed=1 reason=%' ORDER BY e.sequence DESC LIMIT 1), ''),
  sealed_at = (SELECT e.at FROM audit_events e WHERE e.object_kind = 'dossier' AND e.object_id = dossiers.id
    AND e.action = 'dossier.protected' AND e.detail LIKE 'security_level=_ sealed=1 reason=%' ORDER BY e.sequence DESC LIMIT 1)
  WHERE sealed = 1;

-- Who found a fact: what a person wrote stays when the machine reads again.
ALTER TABLE facts ADD COLUMN origin TEXT NOT NULL DEFAULT 'machine' CHECK (origin IN ('machine', 'person'));
UPDATE facts SET origin = 'person' WHERE rule LIKE 'person%';
