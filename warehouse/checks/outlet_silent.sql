-- error: an outlet none of whose sources answered when it was asked last, in this run or, where none was due, in an earlier one. $now, $outlets.
SELECT outlet, string_agg(DISTINCT coalesce(error, 'http ' || status), '; ' ORDER BY coalesce(error, 'http ' || status)) AS detail
FROM store.sources
ANTI JOIN (FROM store.refusals WHERE reason <> 'asked to wait' OR next_ask_at > seen_at + INTERVAL 1 DAY) AS told USING (outlet) -- by outlet_refuses
WHERE outlet IN (SELECT unnest($outlets::VARCHAR[]))
  AND coalesce(next_visit_at, seen_at) > $now - INTERVAL 1 DAY -- one that is due for longer is not asked any more: it is gone from the outlet's file
GROUP BY outlet HAVING count(*) FILTER (error IS NULL) = 0
