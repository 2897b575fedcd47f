-- The trail by time, alone and of one person; of one action it has been made for the views of today.
CREATE INDEX audit_events_at ON audit_events (at, sequence);
CREATE INDEX audit_events_actor_at ON audit_events (actor, at, sequence);
