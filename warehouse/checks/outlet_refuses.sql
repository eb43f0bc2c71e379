-- error: an outlet that refuses us, or asked us to wait: it is asked a page or two, twice a day at most, and nothing is done to get round it.
SELECT outlet, reason || ' (' || detail || ') since ' || strftime(since, '%Y-%m-%d %H:%M') || '; no page is asked for before '
       || strftime(next_ask_at, '%Y-%m-%d %H:%M') AS detail
FROM store.refusals
WHERE outlet IN (SELECT unnest($outlets::VARCHAR[])) AND (reason <> 'asked to wait' OR next_ask_at > seen_at + INTERVAL 1 DAY)
