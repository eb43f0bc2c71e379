-- Articles whose page is no longer there; the text stays. Grain: article_id. Writer: load, after settle_links in the same transaction.
CREATE OR REPLACE TEMP TABLE gone_now AS
SELECT old_id AS article_id, min(happened_at) AS gone_at, any_value(why) AS reason FROM settled
WHERE was IN ('loaded', 'unchanged') AND came = 'failed' AND why IN ('http 404', 'http 410')
GROUP BY old_id;

INSERT INTO store.absences BY NAME SELECT * FROM gone_now ANTI JOIN store.absences USING (article_id);

-- It is back.
DELETE FROM store.absences AS old USING settled WHERE old.article_id = settled.article_id AND settled.came IN ('loaded', 'unchanged');
