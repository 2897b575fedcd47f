-- The second factor of an account: the secret of its authenticator, and codes for the day on which that is lost.
CREATE TABLE second_factors (
  user_uid BIGINT PRIMARY KEY REFERENCES users (uid),
  secret TEXT NOT NULL,
  begun_at BIGINT NOT NULL,
  -- Empty until a first code has shown that the authenticator has it.
  confirmed_at BIGINT,
  -- The newest step of 30 seconds whose code was used; none is used twice.
  last_step BIGINT NOT NULL
);
CREATE TABLE recovery_codes (
  uid {identity},
  user_uid BIGINT NOT NULL REFERENCES users (uid),
  code_hash {key} NOT NULL,
  used_at BIGINT,
  UNIQUE (user_uid, code_hash)
);
-- What a session still waits for before it is one: '' nothing, 'code', 'setup'.
ALTER TABLE sessions ADD COLUMN awaits TEXT NOT NULL DEFAULT '';
