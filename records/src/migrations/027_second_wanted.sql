-- What an act that waits is to bring about, as columns and no longer as a text that is read again.
ALTER TABLE second_acts ADD COLUMN level BIGINT;
ALTER TABLE second_acts ADD COLUMN sealed BIGINT;
UPDATE second_acts SET level = CAST(substr(wanted, 16, 1) AS BIGINT) WHERE wanted LIKE 'security_level=%';
UPDATE second_acts SET level = CAST(substr(wanted, 11, 1) AS BIGINT) WHERE wanted LIKE 'clearance=%';
UPDATE second_acts SET sealed = CASE WHEN wanted LIKE '% sealed=true' THEN 1 ELSE 0 END WHERE wanted LIKE '% sealed=%';
ALTER TABLE second_acts DROP COLUMN wanted;
