-- links that are no article, as far as the run met them, by what became of them since
SELECT outlet, links.state, regexp_replace(reason, 'https?://\S+', 'URL') AS reason, count(*) AS links, min(next_visit_at) AS next_visit_at, min(url) AS example
FROM links JOIN runs AS run ON list_contains(run.outlets, links.outlet)
WHERE run.run_id = $run_id AND (links.state NOT IN ('loaded', 'unchanged') OR reason IS NOT NULL)
  AND (discovered_at BETWEEN run.started_at AND coalesce(run.finished_at, 'infinity') OR visited_at BETWEEN run.started_at AND coalesce(run.finished_at, 'infinity')
       OR next_visit_at BETWEEN run.started_at AND coalesce(run.finished_at, 'infinity'))
GROUP BY ALL ORDER BY outlet, links DESC LIMIT 200
