-- History: what every field of every record was before and after, by whom, when, why and under which authority.
-- Written by the one way to change the record, never changed afterwards.
CREATE TABLE history (
  uid {identity},
  -- One for all rows that became true together: an import or an undo is one entry.
  change_id {key} NOT NULL,
  at BIGINT NOT NULL,
  by_name {key} NOT NULL,
  object_kind {key} NOT NULL,
  object_id {key} NOT NULL,
  -- 0 for records that have no number of their own (kinds, checklists, settings).
  object_uid BIGINT NOT NULL,
  field {key} NOT NULL,
  -- Empty when there was nothing, or when a secret changed, whose values are not kept.
  before TEXT,
  after TEXT,
  -- 1 when the values are personal numbers, which lists mask.
  personal BIGINT NOT NULL CHECK (personal IN (0, 1)),
  why TEXT NOT NULL,
  authority TEXT NOT NULL
);
CREATE INDEX history_at ON history (at, uid);
CREATE INDEX history_object ON history (object_kind, object_uid, at, uid);
CREATE INDEX history_person ON history (by_name, at, uid);
CREATE INDEX history_field ON history (field, at, uid);
CREATE INDEX history_person_field ON history (by_name, field, at, uid);
CREATE INDEX history_change ON history (change_id);
