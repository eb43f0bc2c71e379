-- Since when an alarm has stood: one that held yesterday is no new one.
ALTER TABLE store.checks ADD COLUMN since TIMESTAMPTZ;
