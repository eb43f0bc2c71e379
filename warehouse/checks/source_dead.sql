-- warning: a source that has not answered for a week, though it was asked again and again. It is still asked, seldom.
SELECT outlet, url || ': ' || error || ', ' || failures || ' times, last well ' || coalesce(strftime(answered_at, '%Y-%m-%d'), 'never') || ', next asked '
       || strftime(next_visit_at, '%Y-%m-%d %H:%M') AS detail
FROM store.sources
WHERE outlet IN (SELECT unnest($outlets::VARCHAR[])) AND error IS NOT NULL AND failures >= 5
  AND coalesce(answered_at, '-infinity'::TIMESTAMPTZ) < $now - INTERVAL 7 DAY
