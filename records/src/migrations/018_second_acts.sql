-- Acts that take two people: what one has asked for and another confirms, refuses or does likewise.
CREATE TABLE second_acts (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  act {key} NOT NULL,
  object {key} NOT NULL,
  wanted TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_uid BIGINT NOT NULL REFERENCES users (uid),
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (act, object, by_uid)
);
-- Who handed out a link; 0 is the owner of the data folder.
ALTER TABLE sign_in_links ADD COLUMN by_uid BIGINT NOT NULL DEFAULT 0;
