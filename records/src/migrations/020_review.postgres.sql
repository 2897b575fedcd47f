-- A document may be filed with no customer where a person has said so.
ALTER TABLE documents DROP CONSTRAINT documents_check;
ALTER TABLE documents ADD CONSTRAINT documents_check
  CHECK (state <> 'filed' OR dossier_uid IS NOT NULL OR link_basis = 'nobody');
