-- An index of the call folders. Every row can be read again from the files; nothing is kept only here.
CREATE TABLE calls (
    id        TEXT PRIMARY KEY,
    stamp     INTEGER NOT NULL, -- modification time of the folder (ns) when it was read; 0: read it again
    started   TEXT NOT NULL,
    company   TEXT NOT NULL,
    role      TEXT NOT NULL,
    round     TEXT NOT NULL,
    state     TEXT NOT NULL,
    seconds   REAL NOT NULL,
    questions INTEGER NOT NULL,
    answered  INTEGER NOT NULL,
    score     REAL,
    band      TEXT NOT NULL,
    demo      INTEGER NOT NULL,
    checksum  INTEGER NOT NULL  -- CRC-32 of the row and its takes: SQLite does not notice most flipped bytes
) STRICT;

CREATE TABLE takes (
    call      TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    id        TEXT NOT NULL,
    question  TEXT NOT NULL,
    kind      TEXT NOT NULL,
    turn      INTEGER NOT NULL,
    seconds   REAL NOT NULL,
    score     REAL,
    PRIMARY KEY (call, id)
) STRICT;

CREATE INDEX takes_by_question ON takes (question);
