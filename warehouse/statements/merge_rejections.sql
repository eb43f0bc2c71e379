-- Pages that are no article. Grain: capture_id. Writer: load.
INSERT INTO store.rejections BY NAME
SELECT DISTINCT ON (capture_id) url, outlet, article_id, captured_at, reason, detail, capture_id
FROM staged_rejections AS fresh ANTI JOIN store.rejections USING (capture_id);
