-- Browsers in which an account has signed in: guesses made elsewhere never make their owner wait.
CREATE TABLE known_devices (
  token_hash {key} PRIMARY KEY,
  user_uid BIGINT NOT NULL REFERENCES users (uid),
  seen_at BIGINT NOT NULL
);
CREATE INDEX known_devices_user ON known_devices (user_uid, seen_at);
