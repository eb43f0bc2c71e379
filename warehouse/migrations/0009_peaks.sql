-- How fast a source's list is replaced when it is at its busiest: a look must not come too late for a short one.
ALTER TABLE store.sources ADD COLUMN peak_per_hour DOUBLE;
