-- A call that its owner keeps for ever. Rows from before no longer fit their checksum and are read again.
ALTER TABLE calls ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
