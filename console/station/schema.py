"""The log's tables. Nothing in them is ever changed or taken away: rows are only added.

Every row that says what happened carries the index of the leaf that says the same, and both are
written in one transaction. `head` alone is rewritten, with the size and root of the tree.

`signed` is rewritten likewise, and the content of a retired segment goes; its hashes stay.
"""

from __future__ import annotations

from typing import Final

VERSION: Final = 3
"""The schema's version, kept as SQLite's user_version."""

APPLICATION: Final = 0x434C4E59
"""SQLite's application_id of a colony's log: CLNY."""

RECORDS: Final = """
-- What is to be written down elsewhere of an action that was verified. Its last row says: due
-- (neither), begun as the action `recorder`, or why there is none (`detail`).
CREATE TABLE records (
  intent TEXT NOT NULL REFERENCES intents (id),
  seq INTEGER NOT NULL,
  recorder TEXT REFERENCES intents (id),
  detail TEXT NOT NULL,
  at REAL NOT NULL,
  leaf INTEGER NOT NULL REFERENCES leaves (idx),
  PRIMARY KEY (intent, seq)
) WITHOUT ROWID;
"""
"""What version 2 brought."""

LEDGER: Final = """
-- What people wrote into the log; about names an action or a target, '' for neither.
CREATE TABLE notes (
  leaf INTEGER PRIMARY KEY REFERENCES leaves (idx),
  actor TEXT NOT NULL,
  uid INTEGER,
  about TEXT NOT NULL,
  text TEXT NOT NULL,
  at REAL NOT NULL
);

-- Broken glasses: the last row of a uid counts, until its time; one that was mended ends at once.
CREATE TABLE glass (
  leaf INTEGER PRIMARY KEY REFERENCES leaves (idx),
  actor TEXT NOT NULL,
  uid INTEGER NOT NULL,
  reason TEXT NOT NULL,
  until REAL NOT NULL,
  at REAL NOT NULL
);

-- The signed checkpoint over the whole log, rewritten with each commit.
CREATE TABLE signed (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL,
  root BLOB NOT NULL CHECK (length(root) = 32),
  note BLOB NOT NULL,
  at REAL NOT NULL
);

-- Segments whose entries were retired: count leaves from first on keep their hashes alone.
CREATE TABLE segments (
  first INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  root BLOB NOT NULL CHECK (length(root) = 32),
  at REAL NOT NULL,
  leaf INTEGER NOT NULL REFERENCES leaves (idx)
);

-- What pages of the log are chosen by: what each entry says, taken out of its content. Of one
-- that was retired there is none.
CREATE TABLE said (
  idx INTEGER PRIMARY KEY REFERENCES leaves (idx),
  event TEXT NOT NULL,
  intent TEXT NOT NULL,
  actor TEXT NOT NULL
);
CREATE INDEX said_by_event ON said (event);
CREATE INDEX said_by_intent ON said (intent);
CREATE INDEX said_by_actor ON said (actor);
CREATE INDEX leaves_by_time ON leaves (at);
INSERT INTO said SELECT idx, coalesce(json_extract(text, '$.event'), ''),
  coalesce(json_extract(text, '$.intent'), ''), coalesce(json_extract(text, '$.actor'), '')
  FROM (SELECT idx, CAST(data AS TEXT) AS text FROM leaves WHERE data IS NOT NULL);
"""
"""What version 3 brought."""

UPGRADES: Final = {2: RECORDS, 3: LEDGER}
"""What a log of an earlier version lacks, by the version that brought it."""

TABLES: Final = (
    """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL,
  root BLOB NOT NULL CHECK (length(root) = 32)
);

-- data is canonical JSON; NULL only where its segment was retired, and the hash stays.
CREATE TABLE leaves (
  idx INTEGER PRIMARY KEY,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  data BLOB,
  at REAL NOT NULL
);

-- Complete nodes above the leaves: node idx of level n covers leaves idx*2^n to (idx+1)*2^n - 1.
CREATE TABLE nodes (
  level INTEGER NOT NULL CHECK (level > 0),
  idx INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (level, idx)
) WITHOUT ROWID;

CREATE TABLE intents (
  id TEXT PRIMARY KEY,
  action TEXT NOT NULL,
  title TEXT NOT NULL,
  colony TEXT NOT NULL,
  source TEXT NOT NULL,
  arguments TEXT NOT NULL,
  target TEXT NOT NULL,
  target_key TEXT NOT NULL,
  target_uid TEXT NOT NULL,
  actor TEXT NOT NULL,
  uid INTEGER,
  reason TEXT NOT NULL,
  undoes TEXT NOT NULL,
  at REAL NOT NULL,
  leaf INTEGER NOT NULL REFERENCES leaves (idx)
);
CREATE INDEX intents_in_order ON intents (leaf);

CREATE TABLE stages (
  intent TEXT NOT NULL REFERENCES intents (id),
  seq INTEGER NOT NULL,
  state TEXT NOT NULL,
  at REAL NOT NULL,
  detail TEXT NOT NULL,
  actor TEXT NOT NULL,
  leaf INTEGER NOT NULL REFERENCES leaves (idx),
  PRIMARY KEY (intent, seq)
) WITHOUT ROWID;

-- body is the preview in JSON; its leaf holds the SHA-256 of these bytes.
CREATE TABLE previews (
  intent TEXT PRIMARY KEY REFERENCES intents (id),
  body BLOB NOT NULL,
  digest TEXT NOT NULL,
  significance TEXT NOT NULL,
  at REAL NOT NULL,
  leaf INTEGER NOT NULL REFERENCES leaves (idx)
);

CREATE TABLE approvals (
  intent TEXT NOT NULL REFERENCES intents (id),
  seq INTEGER NOT NULL,
  actor TEXT NOT NULL,
  uid INTEGER,
  decision TEXT NOT NULL,
  digest TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  break_glass INTEGER NOT NULL DEFAULT 0,
  expires REAL,
  at REAL NOT NULL,
  leaf INTEGER NOT NULL REFERENCES leaves (idx),
  PRIMARY KEY (intent, seq)
) WITHOUT ROWID;

-- body is what is sent, to the byte; its leaf holds the send digest.
CREATE TABLE envelopes (
  intent TEXT PRIMARY KEY REFERENCES intents (id),
  target TEXT NOT NULL,
  body BLOB NOT NULL,
  digest TEXT NOT NULL,
  notes TEXT NOT NULL,
  at REAL NOT NULL,
  leaf INTEGER NOT NULL REFERENCES leaves (idx)
);

CREATE TABLE receipts (
  intent TEXT PRIMARY KEY REFERENCES intents (id),
  detail TEXT NOT NULL,
  notes TEXT NOT NULL,
  window_ends REAL NOT NULL,
  at REAL NOT NULL,
  leaf INTEGER NOT NULL REFERENCES leaves (idx)
);

CREATE TABLE checkpoints (
  size INTEGER PRIMARY KEY,
  root BLOB NOT NULL CHECK (length(root) = 32),
  note BLOB NOT NULL,
  at REAL NOT NULL
);

CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  public BLOB NOT NULL,
  since REAL NOT NULL,
  until REAL
) WITHOUT ROWID;

CREATE TABLE witnesses (
  name TEXT PRIMARY KEY,
  key TEXT NOT NULL,
  since REAL NOT NULL,
  until REAL
) WITHOUT ROWID;

CREATE TABLE cosignatures (
  size INTEGER NOT NULL REFERENCES checkpoints (size),
  witness TEXT NOT NULL REFERENCES witnesses (name),
  line TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY (size, witness)
) WITHOUT ROWID;

CREATE TABLE anchors (
  size INTEGER NOT NULL,
  chain TEXT NOT NULL,
  tx TEXT NOT NULL,
  block TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY (size, chain, tx)
) WITHOUT ROWID;
"""
    + RECORDS
    + LEDGER
)
