-- Searches that people keep by name, those they ran last, and the checklist against which a dossier is complete.

-- Own and named; a row that was deleted stays until the next one is, so that deleting can be undone.
CREATE TABLE saved_searches (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  user_uid BIGINT NOT NULL REFERENCES users (uid),
  name TEXT NOT NULL,
  name_folded {key} NOT NULL,
  query TEXT NOT NULL,
  sorting TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE UNIQUE INDEX saved_searches_name ON saved_searches (user_uid, name_folded) WHERE deleted_at IS NULL;
CREATE INDEX saved_searches_user ON saved_searches (user_uid, deleted_at);

-- What a person searched for last; nobody else ever reads it.
CREATE TABLE recent_searches (
  uid {identity},
  user_uid BIGINT NOT NULL REFERENCES users (uid),
  query TEXT NOT NULL,
  query_digest {key} NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (user_uid, query_digest)
);
CREATE INDEX recent_searches_user ON recent_searches (user_uid, at);

-- Code of the checklist that this dossier is held against; empty until a person says which.
ALTER TABLE dossiers ADD COLUMN checklist TEXT NOT NULL DEFAULT '';
