-- Who changes a kind or a checklist says which version the change was made of, as everywhere else.
ALTER TABLE document_kinds ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE checklists ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
