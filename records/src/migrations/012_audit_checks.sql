-- When the trail was checked, up to which event, and what did not fit (JSON).
CREATE TABLE audit_checks (
  uid {identity},
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  events BIGINT NOT NULL,
  root {blob} NOT NULL,
  problems TEXT NOT NULL
);
