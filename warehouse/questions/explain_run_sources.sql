-- sources, whether the run asked them, and if not, why
SELECT source.outlet, source.url,
       CASE WHEN count(request.url) > 0 THEN 'asked: ' || coalesce(any_value(request.error), 'http ' || max(request.status))
            WHEN any_value(refused.next_ask_at) > any_value(run.started_at) THEN 'not asked: the outlet refuses us, ' || any_value(refused.reason)
            WHEN any_value(source.seen_at) >= any_value(run.started_at) THEN 'not asked: not due then'
            WHEN any_value(source.next_visit_at) > any_value(run.started_at) THEN 'not asked: not due before ' || any_value(source.next_visit_at)
            ELSE 'not asked' END AS what
FROM runs AS run JOIN sources AS source ON list_contains(run.outlets, source.outlet)
LEFT JOIN requests AS request ON request.run_id = run.run_id AND request.outlet = source.outlet AND request.url = source.url
LEFT JOIN refusals AS refused ON refused.outlet = source.outlet
WHERE run.run_id = $run_id AND run.verb = 'ingest'
GROUP BY source.outlet, source.url ORDER BY source.outlet, source.url LIMIT 200
