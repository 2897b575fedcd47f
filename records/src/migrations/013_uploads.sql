-- Papers added over the network: what was announced, and the batch that it became. How much of a file has come is its
-- length in staging.
CREATE TABLE uploads (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  state TEXT NOT NULL,
  name TEXT NOT NULL,
  by_uid BIGINT NOT NULL,
  by_name {key} NOT NULL,
  created_at BIGINT NOT NULL,
  customer_code TEXT NOT NULL,
  location_code TEXT NOT NULL,
  kind TEXT NOT NULL,
  security_level BIGINT,
  batch_id TEXT NOT NULL,
  problem TEXT NOT NULL
);
CREATE INDEX uploads_open ON uploads (by_name, state);

CREATE TABLE upload_files (
  uid {identity},
  upload_uid BIGINT NOT NULL REFERENCES uploads (uid),
  number BIGINT NOT NULL,
  path TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  document TEXT NOT NULL,
  UNIQUE (upload_uid, number)
);
