-- A document may be filed with no customer where a person has said so. SQLite takes a new condition of a table only like
-- this (lang_altertable, "a simpler and faster procedure"): what is stored does not change.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (state <> ''filed'' OR dossier_uid IS NOT NULL)',
  'CHECK (state <> ''filed'' OR dossier_uid IS NOT NULL OR link_basis = ''nobody'')')
  WHERE type = 'table' AND name = 'documents';
PRAGMA writable_schema = RESET;
