-- The columns that 0002 added are filled now. In its own transaction: DuckDB 1.5 sets no NOT NULL on a table with outstanding updates.
ALTER TABLE store.articles ALTER COLUMN kind SET NOT NULL;
ALTER TABLE store.articles ALTER COLUMN kind_rule SET NOT NULL;
ALTER TABLE store.articles ALTER COLUMN dates_disagree SET NOT NULL;
ALTER TABLE store.date_evidence ALTER COLUMN about SET NOT NULL;
ALTER TABLE store.outlets ALTER COLUMN has_own_body SET NOT NULL;
ALTER TABLE store.captures ALTER COLUMN link_source SET NOT NULL;
ALTER TABLE store.captures ALTER COLUMN link_published_precision SET NOT NULL;
