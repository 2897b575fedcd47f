-- What SQLite says in its own way: the trail cannot be edited, a scan cannot be changed.
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END;
CREATE TRIGGER scans_no_update BEFORE UPDATE ON scans BEGIN SELECT RAISE(ABORT, 'scans are immutable'); END;
CREATE TRIGGER scans_no_delete BEFORE DELETE ON scans BEGIN SELECT RAISE(ABORT, 'scans are immutable'); END;
CREATE TRIGGER placements_chain BEFORE INSERT ON placements WHEN NEW.position > 1
BEGIN
  SELECT RAISE(ABORT, 'a placement must begin where the former one ended')
  WHERE NOT EXISTS (SELECT 1 FROM placements p WHERE p.thing_kind = NEW.thing_kind AND p.thing_uid = NEW.thing_uid
    AND p.position = NEW.position - 1 AND p.until_at = NEW.former_until_at);
END;
