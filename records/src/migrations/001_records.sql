-- The record in its first full form. One text for SQLite and PostgreSQL: {identity}, {blob} and {key} are
-- filled in by the dialect ({key} is text compared by bytes, that is COLLATE "C" on PostgreSQL).
-- Booleans are BIGINT 0/1, instants BIGINT microseconds UTC, JSON is TEXT.

CREATE TABLE settings (
  name {key} PRIMARY KEY,
  value TEXT NOT NULL
);

-- People and their rights ---------------------------------------------------------------------------------

CREATE TABLE users (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  name TEXT NOT NULL,
  name_folded {key} NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  password_hash TEXT,
  roles TEXT NOT NULL,
  clearance BIGINT NOT NULL CHECK (clearance BETWEEN 0 AND 3),
  department TEXT NOT NULL,
  site TEXT NOT NULL,
  language TEXT NOT NULL,
  locked BIGINT NOT NULL CHECK (locked IN (0, 1)),
  created_at BIGINT NOT NULL,
  password_set_at BIGINT,
  version BIGINT NOT NULL
);

CREATE TABLE sessions (
  token_hash {key} PRIMARY KEY,
  user_uid BIGINT NOT NULL REFERENCES users (uid),
  csrf TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_uid);

CREATE TABLE tokens (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  user_uid BIGINT NOT NULL REFERENCES users (uid),
  name TEXT NOT NULL,
  token_hash {key} NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT
);

CREATE TABLE sign_in_links (
  token_hash {key} PRIMARY KEY,
  user_uid BIGINT REFERENCES users (uid),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);

CREATE TABLE sign_in_failures (
  uid {identity},
  subject {key} NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX sign_in_failures_subject ON sign_in_failures (subject, at);

-- Customers, parties, dossiers ----------------------------------------------------------------------------

CREATE TABLE customers (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  code TEXT NOT NULL,
  code_folded {key} NOT NULL UNIQUE,
  name TEXT NOT NULL,
  name_folded {key} NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('potential', 'active', 'historic')),
  grade TEXT NOT NULL,
  region TEXT NOT NULL,
  address TEXT NOT NULL,
  attributes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX customers_name ON customers (name_folded);

-- Other codes that mean this customer: account numbers (户号), codes of other systems, former codes.
CREATE TABLE customer_aliases (
  uid {identity},
  customer_uid BIGINT NOT NULL REFERENCES customers (uid),
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  value_folded {key} NOT NULL,
  UNIQUE (kind, value_folded)
);
CREATE INDEX customer_aliases_customer ON customer_aliases (customer_uid);
CREATE INDEX customer_aliases_value ON customer_aliases (value_folded);

CREATE TABLE parties (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'organisation')),
  name TEXT NOT NULL,
  name_folded {key} NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX parties_name ON parties (name_folded);

CREATE TABLE party_identifiers (
  uid {identity},
  party_uid BIGINT NOT NULL REFERENCES parties (uid),
  kind TEXT NOT NULL CHECK (kind IN ('credit_code', 'id_number', 'phone', 'bank_account', 'other')),
  value TEXT NOT NULL,
  value_folded {key} NOT NULL,
  valid BIGINT NOT NULL CHECK (valid IN (0, 1)),
  UNIQUE (party_uid, kind, value_folded)
);
CREATE INDEX party_identifiers_value ON party_identifiers (value_folded, kind);

CREATE TABLE party_roles (
  uid {identity},
  party_uid BIGINT NOT NULL REFERENCES parties (uid),
  customer_uid BIGINT NOT NULL REFERENCES customers (uid),
  role TEXT NOT NULL,
  begins_on {key} NOT NULL,
  ends_on {key} NOT NULL,
  CHECK (ends_on = '' OR begins_on <= ends_on)
);
CREATE INDEX party_roles_customer ON party_roles (customer_uid);
CREATE INDEX party_roles_party ON party_roles (party_uid);

CREATE TABLE dossiers (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  customer_uid BIGINT NOT NULL UNIQUE REFERENCES customers (uid),
  number TEXT,
  number_folded {key} UNIQUE,
  accepted_at BIGINT,
  opened_at BIGINT NOT NULL,
  security_level BIGINT NOT NULL CHECK (security_level BETWEEN 0 AND 3),
  sealed BIGINT NOT NULL CHECK (sealed IN (0, 1)),
  version BIGINT NOT NULL
);

CREATE TABLE number_series (
  series {key} PRIMARY KEY,
  next_value BIGINT NOT NULL
);

-- Numbers that were issued and then given up. They are never issued again.
CREATE TABLE number_voids (
  uid {identity},
  series TEXT NOT NULL,
  number TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE volumes (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  dossier_uid BIGINT REFERENCES dossiers (uid),
  series TEXT NOT NULL,
  number TEXT NOT NULL,
  title TEXT NOT NULL,
  bound BIGINT NOT NULL CHECK (bound IN (0, 1)),
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

-- Batches and scans ---------------------------------------------------------------------------------------

CREATE TABLE batches (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'accepted', 'held')),
  roots TEXT NOT NULL,
  roots_digest {key} NOT NULL,
  actor TEXT NOT NULL,
  announced BIGINT,
  missing TEXT NOT NULL,
  pages BIGINT NOT NULL,
  busy_us BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE INDEX batches_roots ON batches (roots_digest, state);

-- Scan files as they came. The bytes lie in the vault under their digest and never change.
CREATE TABLE scans (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  sha256 {key} NOT NULL UNIQUE,
  bytes BIGINT NOT NULL,
  media_type TEXT NOT NULL,
  batch_uid BIGINT REFERENCES batches (uid),
  path TEXT NOT NULL,
  path_raw {blob} NOT NULL,
  created_at BIGINT NOT NULL
);

-- Documents -----------------------------------------------------------------------------------------------

CREATE TABLE document_kinds (
  code {key} PRIMARY KEY,
  group_code TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  title_patterns TEXT NOT NULL,
  flags TEXT NOT NULL,
  security_level BIGINT NOT NULL,
  retention_class TEXT NOT NULL,
  position BIGINT NOT NULL,
  active BIGINT NOT NULL CHECK (active IN (0, 1))
);

CREATE TABLE checklists (
  uid {identity},
  code TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  customer_kind TEXT NOT NULL,
  position BIGINT NOT NULL,
  kind_code TEXT NOT NULL REFERENCES document_kinds (code),
  UNIQUE (code, kind_code)
);

CREATE TABLE documents (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  dossier_uid BIGINT REFERENCES dossiers (uid),
  state TEXT NOT NULL CHECK (state IN ('filed', 'in_review', 'withdrawn')),
  state_before TEXT NOT NULL,
  review_reason TEXT NOT NULL,
  link_basis TEXT NOT NULL,
  link_detail TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  title_folded {key} NOT NULL,
  number TEXT NOT NULL,
  number_folded {key} NOT NULL,
  date_text TEXT NOT NULL,
  date_key {key} NOT NULL,
  pages_declared BIGINT,
  pages_scanned BIGINT NOT NULL,
  medium TEXT NOT NULL,
  copy_state TEXT NOT NULL CHECK (copy_state IN ('original', 'copy', 'verified_copy', 'unknown')),
  verified_by TEXT NOT NULL,
  verified_on TEXT NOT NULL,
  counterpart TEXT NOT NULL,
  copies BIGINT NOT NULL,
  seals TEXT NOT NULL,
  security_level BIGINT NOT NULL CHECK (security_level BETWEEN 0 AND 3),
  department TEXT NOT NULL,
  site TEXT NOT NULL,
  sealed BIGINT NOT NULL CHECK (sealed IN (0, 1)),
  retention_class TEXT NOT NULL,
  valid_from {key} NOT NULL,
  valid_until {key} NOT NULL,
  attributes TEXT NOT NULL,
  volume_uid BIGINT REFERENCES volumes (uid),
  batch_uid BIGINT REFERENCES batches (uid),
  withdrawn_reason TEXT NOT NULL,
  withdrawn_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CHECK (state <> 'filed' OR dossier_uid IS NOT NULL)
);
CREATE INDEX documents_dossier ON documents (dossier_uid);
CREATE INDEX documents_state ON documents (state, uid);
CREATE INDEX documents_number ON documents (number_folded);
CREATE INDEX documents_batch ON documents (batch_uid);
CREATE INDEX documents_kind ON documents (kind);

-- Further customers that a document names, besides the one whose dossier it lies in.
CREATE TABLE document_customers (
  document_uid BIGINT NOT NULL REFERENCES documents (uid),
  customer_uid BIGINT NOT NULL REFERENCES customers (uid),
  role TEXT NOT NULL,
  PRIMARY KEY (document_uid, customer_uid, role)
);
CREATE INDEX document_customers_customer ON document_customers (customer_uid);

CREATE TABLE pages (
  uid {identity},
  document_uid BIGINT NOT NULL REFERENCES documents (uid),
  number BIGINT NOT NULL CHECK (number >= 1),
  scan_uid BIGINT NOT NULL REFERENCES scans (uid),
  scan_index BIGINT NOT NULL CHECK (scan_index >= 0),
  turn BIGINT NOT NULL CHECK (turn IN (0, 90, 180, 270)),
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('read', 'blank', 'failed')),
  failure TEXT NOT NULL,
  unread_regions TEXT NOT NULL,
  withdrawn BIGINT NOT NULL CHECK (withdrawn IN (0, 1)),
  UNIQUE (document_uid, number)
);
CREATE INDEX pages_scan ON pages (scan_uid);

CREATE TABLE text_layers (
  uid {identity},
  page_uid BIGINT NOT NULL REFERENCES pages (uid),
  engine TEXT NOT NULL,
  engine_version TEXT NOT NULL,
  parameters TEXT NOT NULL,
  chosen BIGINT NOT NULL CHECK (chosen IN (0, 1)),
  confidence DOUBLE PRECISION NOT NULL,
  characters BIGINT NOT NULL,
  content {blob} NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX text_layers_page ON text_layers (page_uid);
CREATE UNIQUE INDEX text_layers_chosen ON text_layers (page_uid) WHERE chosen = 1;

-- What a person typed over a line of a text layer. It lies beside the layer, which is never overwritten.
CREATE TABLE text_corrections (
  uid {identity},
  page_uid BIGINT NOT NULL REFERENCES pages (uid),
  layer_uid BIGINT NOT NULL REFERENCES text_layers (uid),
  line BIGINT NOT NULL,
  text TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX text_corrections_page ON text_corrections (page_uid);

-- What was read out of the text: identifiers, numbers, names, each with its place and rule.
CREATE TABLE facts (
  uid {identity},
  document_uid BIGINT NOT NULL REFERENCES documents (uid),
  page_number BIGINT NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  value TEXT NOT NULL,
  value_folded {key} NOT NULL,
  x BIGINT NOT NULL,
  y BIGINT NOT NULL,
  w BIGINT NOT NULL,
  h BIGINT NOT NULL,
  char_start BIGINT NOT NULL,
  char_end BIGINT NOT NULL,
  rule TEXT NOT NULL,
  confidence DOUBLE PRECISION NOT NULL
);
CREATE INDEX facts_document ON facts (document_uid);
CREATE INDEX facts_value ON facts (value_folded, kind);

-- A customer that a document in review may belong to, and why.
CREATE TABLE proposals (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  document_uid BIGINT NOT NULL REFERENCES documents (uid),
  customer_uid BIGINT NOT NULL REFERENCES customers (uid),
  state TEXT NOT NULL CHECK (state IN ('open', 'confirmed', 'refused')),
  basis TEXT NOT NULL,
  confidence DOUBLE PRECISION NOT NULL,
  created_at BIGINT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at BIGINT,
  UNIQUE (document_uid, customer_uid)
);
CREATE INDEX proposals_customer ON proposals (customer_uid);

CREATE TABLE proposal_evidence (
  proposal_uid BIGINT NOT NULL REFERENCES proposals (uid),
  fact_uid BIGINT NOT NULL REFERENCES facts (uid),
  PRIMARY KEY (proposal_uid, fact_uid)
);

-- One line for each file that a batch walked; `outcome` is empty only while the batch runs.
CREATE TABLE batch_lines (
  uid {identity},
  batch_uid BIGINT NOT NULL REFERENCES batches (uid),
  path TEXT NOT NULL,
  path_raw {blob} NOT NULL,
  path_digest {key} NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('filed', 'needs_review', 'duplicate', 'rejected', 'ignored')),
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  document_ids TEXT NOT NULL,
  customer_code TEXT NOT NULL,
  location_code TEXT NOT NULL,
  kind TEXT NOT NULL,
  pages BIGINT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (batch_uid, path_digest)
);
CREATE INDEX batch_lines_outcome ON batch_lines (batch_uid, outcome, uid);

-- Places and paper ----------------------------------------------------------------------------------------

CREATE TABLE locations (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  code TEXT NOT NULL,
  code_folded {key} NOT NULL UNIQUE,
  code_dashless {key} NOT NULL,
  sort_key {key} NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  parent_uid BIGINT REFERENCES locations (uid),
  capacity BIGINT,
  keeper TEXT NOT NULL,
  owner TEXT NOT NULL,
  security_level_max BIGINT NOT NULL CHECK (security_level_max BETWEEN 0 AND 3),
  retired BIGINT NOT NULL CHECK (retired IN (0, 1)),
  attributes TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX locations_parent ON locations (parent_uid);
CREATE INDEX locations_sort ON locations (sort_key);
CREATE INDEX locations_dashless ON locations (code_dashless);

CREATE TABLE containers (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  serial TEXT NOT NULL,
  serial_folded {key} NOT NULL UNIQUE,
  title TEXT NOT NULL,
  size_mm BIGINT,
  security_level_max BIGINT NOT NULL CHECK (security_level_max BETWEEN 0 AND 3),
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE originals (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  document_uid BIGINT NOT NULL UNIQUE REFERENCES documents (uid),
  volume_uid BIGINT REFERENCES volumes (uid),
  state TEXT NOT NULL CHECK (state IN ('to_be_shelved', 'in_place', 'on_loan', 'on_reading_table', 'out_for_scanning',
    'in_transit', 'in_safe', 'missing', 'lost', 'held_for_destruction', 'destroyed')),
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE INDEX originals_volume ON originals (volume_uid);

-- The ledger of places. The rows of one thing form a chain: each names the end of the one before as its own
-- beginning, so that gaps and overlaps are refused by the database and not only by the program.
CREATE TABLE placements (
  uid {identity},
  thing_kind TEXT NOT NULL CHECK (thing_kind IN ('original', 'volume', 'container')),
  thing_uid BIGINT NOT NULL,
  position BIGINT NOT NULL,
  place_kind TEXT NOT NULL CHECK (place_kind IN ('location', 'container', 'none')),
  place_uid BIGINT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT,
  former_until_at BIGINT,
  by_name TEXT NOT NULL,
  label TEXT NOT NULL,
  CHECK (until_at IS NULL OR until_at >= from_at),
  CHECK (former_until_at IS NULL OR former_until_at = from_at),
  CHECK (position = 1 OR former_until_at IS NOT NULL),
  UNIQUE (thing_kind, thing_uid, position),
  UNIQUE (thing_kind, thing_uid, until_at)
);
CREATE UNIQUE INDEX placements_current ON placements (thing_kind, thing_uid) WHERE until_at IS NULL;
CREATE INDEX placements_place ON placements (place_kind, place_uid) WHERE until_at IS NULL;

-- The trail ----------------------------------------------------------------------------------------------

CREATE TABLE audit_events (
  sequence BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  salt {blob} NOT NULL,
  leaf {blob} NOT NULL
);
CREATE INDEX audit_events_object ON audit_events (object_kind, object_id, sequence);
CREATE INDEX audit_events_actor ON audit_events (actor, sequence);

-- One row: the size of the tree, its root, and the roots of its full subtrees from left to right (RFC 9162).
CREATE TABLE audit_head (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  size BIGINT NOT NULL,
  root {blob} NOT NULL,
  peaks {blob} NOT NULL
);

CREATE TABLE change_log (
  seq {identity},
  xid BIGINT NOT NULL,
  object_kind TEXT NOT NULL,
  object_uid BIGINT NOT NULL
);
CREATE INDEX change_log_position ON change_log (xid, seq);

CREATE TABLE followers (
  name {key} PRIMARY KEY,
  xid BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE jobs (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'leased', 'done', 'failed')),
  attempts BIGINT NOT NULL,
  attempts_max BIGINT NOT NULL,
  run_after BIGINT NOT NULL,
  lease_token TEXT NOT NULL,
  lease_until BIGINT,
  result TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE INDEX jobs_waiting ON jobs (state, run_after, uid);

CREATE TABLE grants (
  uid {identity},
  id {key} NOT NULL UNIQUE,
  user_uid BIGINT NOT NULL REFERENCES users (uid),
  document_uid BIGINT REFERENCES documents (uid),
  dossier_uid BIGINT REFERENCES dossiers (uid),
  purpose TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  granted_by TEXT NOT NULL,
  revoked_at BIGINT,
  CHECK (document_uid IS NOT NULL OR dossier_uid IS NOT NULL)
);
CREATE INDEX grants_user ON grants (user_uid, until_at);
