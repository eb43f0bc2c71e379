-- What has been kept for as long as its outlet's file asks. Grain: capture_id; (article_id, revision). Reader: retention.
-- $keeping, as JSON: outlet, and before which moment captures and texts are let go (null: never).
CREATE OR REPLACE TEMP TABLE keeping AS
SELECT unnest(from_json($keeping, '[{"outlet": "VARCHAR", "captures_before": "TIMESTAMPTZ", "text_before": "TIMESTAMPTZ"}]'), recursive := TRUE);

CREATE OR REPLACE TEMP TABLE gone_captures AS
SELECT capture_id, outlet, url, final_url, article_id, file
FROM store.captures JOIN keeping USING (outlet) WHERE captured_at < greatest(captures_before, text_before);

CREATE OR REPLACE TEMP TABLE stale AS
SELECT article_id, revision
FROM store.revisions JOIN keeping ON keeping.outlet = split_part(article_id, ':', 1)
WHERE captured_at < text_before AND text <> '';
