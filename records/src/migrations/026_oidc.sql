-- Who an account is at a provider of the organisation. People are known there by issuer and subject, and by nothing else.
CREATE TABLE oidc_identities (
  uid {identity},
  issuer {key} NOT NULL,
  subject {key} NOT NULL,
  user_uid BIGINT NOT NULL REFERENCES users (uid),
  since BIGINT NOT NULL,
  UNIQUE (issuer, subject)
);
