-- Things are put away together: rows of the ledger that were made in one act carry its id, and the slip under which a thing
-- went. Places and containers are full by millimetres or by pieces.
ALTER TABLE placements ADD COLUMN act {key};
ALTER TABLE placements ADD COLUMN slip TEXT NOT NULL DEFAULT '';
CREATE INDEX placements_act ON placements (act) WHERE act IS NOT NULL;
ALTER TABLE locations ADD COLUMN capacity_unit TEXT NOT NULL DEFAULT 'mm' CHECK (capacity_unit IN ('mm', 'pieces'));
ALTER TABLE containers ADD COLUMN kind TEXT NOT NULL DEFAULT 'box' CHECK (kind IN ('box', 'binder', 'bag'));
ALTER TABLE containers ADD COLUMN pieces_max BIGINT;
ALTER TABLE containers ADD COLUMN retired BIGINT NOT NULL DEFAULT 0 CHECK (retired IN (0, 1));
ALTER TABLE originals ADD COLUMN thickness_mm BIGINT;
