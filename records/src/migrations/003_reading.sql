-- Reading again, honest reading, kinds by content.

-- The frame in which the boxes of a layer lie, and what reading said of the page then: whichever layer is current,
-- the page follows it.
ALTER TABLE text_layers ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;
ALTER TABLE text_layers ADD COLUMN width BIGINT NOT NULL DEFAULT 0;
ALTER TABLE text_layers ADD COLUMN height BIGINT NOT NULL DEFAULT 0;
ALTER TABLE text_layers ADD COLUMN blank BIGINT NOT NULL DEFAULT 0;
ALTER TABLE text_layers ADD COLUMN unread_regions TEXT NOT NULL DEFAULT '[]';
UPDATE text_layers SET turn = (SELECT p.turn FROM pages p WHERE p.uid = text_layers.page_uid),
  width = (SELECT p.width FROM pages p WHERE p.uid = text_layers.page_uid),
  height = (SELECT p.height FROM pages p WHERE p.uid = text_layers.page_uid),
  blank = (SELECT CASE WHEN p.state = 'blank' THEN 1 ELSE 0 END FROM pages p WHERE p.uid = text_layers.page_uid),
  unread_regions = (SELECT p.unread_regions FROM pages p WHERE p.uid = text_layers.page_uid);
CREATE INDEX text_layers_confidence ON text_layers (confidence) WHERE chosen = 1;

-- A correction holds for its place on the page, whichever layer is current.
ALTER TABLE text_corrections ADD COLUMN former TEXT NOT NULL DEFAULT '';
ALTER TABLE text_corrections ADD COLUMN x BIGINT NOT NULL DEFAULT 0;
ALTER TABLE text_corrections ADD COLUMN y BIGINT NOT NULL DEFAULT 0;
ALTER TABLE text_corrections ADD COLUMN w BIGINT NOT NULL DEFAULT 0;
ALTER TABLE text_corrections ADD COLUMN h BIGINT NOT NULL DEFAULT 0;
ALTER TABLE text_corrections ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;
ALTER TABLE text_corrections ADD COLUMN width BIGINT NOT NULL DEFAULT 0;
ALTER TABLE text_corrections ADD COLUMN height BIGINT NOT NULL DEFAULT 0;

-- Why a page asks for a look: 1 ink without text, 2 handwriting, 4 low confidence, 8 failed; and who has looked.
ALTER TABLE pages ADD COLUMN reading BIGINT NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN seen_by TEXT NOT NULL DEFAULT '';
ALTER TABLE pages ADD COLUMN seen_at BIGINT;
UPDATE pages SET reading =
  CASE WHEN unread_regions LIKE '%ink_without_text%' THEN 1 ELSE 0 END
  + CASE WHEN unread_regions LIKE '%handwriting%' THEN 2 ELSE 0 END
  + CASE WHEN unread_regions LIKE '%low_confidence%'
    OR uid IN (SELECT t.page_uid FROM text_layers t WHERE t.chosen = 1 AND t.confidence < 0.8) THEN 4 ELSE 0 END
  + CASE WHEN state = 'failed' THEN 8 ELSE 0 END;
CREATE INDEX pages_reading ON pages (uid) WHERE reading <> 0;

-- Who asked for what to be read again, and the job of each document.
CREATE TABLE reread_orders (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  scope TEXT NOT NULL CHECK (scope IN ('documents', 'batch', 'below')),
  scope_name TEXT NOT NULL,
  settings TEXT NOT NULL,
  by_name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  cancelled_at BIGINT,
  cancelled_by TEXT NOT NULL
);

CREATE TABLE reread_documents (
  order_uid BIGINT NOT NULL REFERENCES reread_orders (uid),
  document_uid BIGINT NOT NULL REFERENCES documents (uid),
  job_id {key} NOT NULL UNIQUE,
  pages BIGINT NOT NULL,
  pages_changed BIGINT NOT NULL,
  pages_failed BIGINT NOT NULL,
  PRIMARY KEY (order_uid, document_uid)
);
CREATE INDEX reread_documents_document ON reread_documents (document_uid);

-- Words in the text of a page that tell a kind where its title does not.
ALTER TABLE document_kinds ADD COLUMN content_patterns TEXT NOT NULL DEFAULT '';
