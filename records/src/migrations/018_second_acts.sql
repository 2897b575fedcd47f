-- Acts that take two people: what one has asked for and another may do likewise.
CREATE TABLE second_acts (
  uid {identity},
  act {key} NOT NULL,
  object {key} NOT NULL,
  wanted TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_uid BIGINT NOT NULL REFERENCES users (uid),
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (act, object, by_uid)
);
