-- The sources that are known, with the validators for a conditional request where one is to be made. Grain: (outlet, url).
-- Reader: discover. $outlets, $now, $grace, $probe_after, $probe_every.
-- Now and then a source is asked without: some servers say "not modified" for ever. One that was caught at it is never believed again; one that said
-- it while half of its list should have been replaced, by its habits, is asked at once, before what it hid is gone.
SELECT outlet, url,
       CASE WHEN may_ask THEN etag END AS etag,
       CASE WHEN may_ask THEN last_modified END AS last_modified,
       error IS NOT NULL AS is_failing,
       -- A look that lies ahead of the clock: the clock was wrong, and so is what follows from it
       coalesce(next_visit_at > $now + $grace::INTERVAL AND seen_at <= $now + $grace::INTERVAL, FALSE) AS is_resting
FROM (
    SELECT *,
           error IS NULL AND coalesce(lies, 0) = 0 AND coalesce(unmodified, 0) < $probe_every
           AND coalesce(full_at, seen_at) BETWEEN $now - $probe_after::INTERVAL AND $now + $grace::INTERVAL
           AND (coalesce(unmodified, 0) = 0
                OR coalesce(new_per_hour, 0) * date_diff('second', coalesce(full_at, seen_at), $now) / 3600 <= greatest(1, links / 2)) AS may_ask
    FROM store.sources WHERE outlet IN (SELECT unnest($outlets::VARCHAR[]))
)
ORDER BY ALL
