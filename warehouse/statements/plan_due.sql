-- What is to be fetched now: of each outlet first what is new, newest first, then what is visited again. Grain: a link. Reader: plan.
-- $slugs: outlets, with spaces between, since binding a list of 500 takes longer than all the rest; $now, $attempts; $revisits: visits of known articles, an outlet and run; $probes: pages of an outlet that refuses us; $with_news: whether what is no visit of a known article is wanted.
-- What is due is found by one column each time, which the scan can tell by itself: else all columns of all links are unpacked.
WITH ripe AS (
    SELECT rowid AS row_at, outlet, state, reason, attempts, next_visit_at, published_at, modified_at, discovered_at
    FROM store.links WHERE next_visit_at <= $now
    UNION ALL
    SELECT rowid, outlet, state, reason, attempts, next_visit_at, published_at, modified_at, discovered_at
    FROM store.links WHERE state = 'waiting' AND next_visit_at IS NULL
), due AS (
    SELECT row_at, outlet,
           -- what is due at this very moment is so by its source's word, and no visit on suspicion
           state IN ('loaded', 'unchanged') AND next_visit_at < $now AS is_revisit, next_visit_at,
           -- A date ahead of its discovery is a mistake, and would stand first for ever
           least(coalesce(published_at, modified_at, discovered_at), discovered_at) AS told_at
    FROM ripe
    WHERE outlet IN (SELECT unnest(string_split($slugs, ' ')))
      AND (state IN ('waiting', 'loaded', 'unchanged', 'rejected')
           OR (attempts < $attempts AND (state = 'failed' OR (state = 'skipped' AND reason = 'robots'))))
), ranked AS (
    SELECT *,
           row_number() OVER (PARTITION BY outlet, is_revisit ORDER BY CASE WHEN is_revisit THEN next_visit_at END, told_at DESC, row_at) AS turn
    FROM due LEFT JOIN (SELECT outlet, next_ask_at FROM store.refusals) AS refused USING (outlet)
    WHERE coalesce(refused.next_ask_at <= $now OR refused.next_ask_at > $now + INTERVAL 60 DAY, TRUE)
), chosen AS (
    SELECT row_at, is_revisit, told_at FROM ranked
    WHERE CASE WHEN next_ask_at IS NOT NULL THEN turn <= $probes AND NOT is_revisit AND $with_news WHEN is_revisit THEN turn <= $revisits ELSE $with_news END
)
SELECT outlet, url, article_id, source, title, published_at, published_raw, published_precision, modified_at
FROM store.links JOIN chosen ON links.rowid = chosen.row_at
ORDER BY outlet, is_revisit, told_at DESC, url
