-- Which document came in the file of which: a portfolio, or a paper with others attached.
CREATE TABLE enclosures (
  document_uid BIGINT NOT NULL REFERENCES documents (uid),
  came_in_uid BIGINT NOT NULL REFERENCES documents (uid),
  PRIMARY KEY (document_uid, came_in_uid)
);
CREATE INDEX enclosures_came_in ON enclosures (came_in_uid);
