-- What PostgreSQL says in its own way: the trail cannot be edited, a scan cannot be changed.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% rows are immutable', TG_TABLE_NAME; END $$;
CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER scans_no_change BEFORE UPDATE OR DELETE ON scans FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION placements_chain() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.position > 1 AND NOT EXISTS (SELECT 1 FROM placements p WHERE p.thing_kind = NEW.thing_kind AND p.thing_uid = NEW.thing_uid
    AND p.position = NEW.position - 1 AND p.until_at = NEW.former_until_at) THEN
    RAISE EXCEPTION 'a placement must begin where the former one ended';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER placements_chain BEFORE INSERT ON placements FOR EACH ROW EXECUTE FUNCTION placements_chain();
