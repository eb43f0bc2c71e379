-- error: an outlet of which nothing new has come for far longer than its habit, though it was asked. $missed.
SELECT outlet, 'nothing new in ' || CASE WHEN lasting < INTERVAL 72 HOUR THEN (epoch(lasting) // 3600)::BIGINT || ' h' ELSE (epoch(lasting) // 86400)::BIGINT || ' days' END
       || ', since ' || strftime(last_at, '%Y-%m-%d %H:%M') || ', where ' || round(usual)::BIGINT || ' articles are usual; its sources '
       || coalesce((SELECT CASE WHEN count(*) FILTER (error IS NULL) = 0 THEN 'do not answer' ELSE 'answer' END FROM store.sources AS source
                    WHERE source.outlet = silences.outlet HAVING count(*) > 0), 'are not known') AS detail
FROM silences ANTI JOIN store.refusals USING (outlet)
WHERE source_url IS NULL AND missed >= $missed AND little >= $missed / 3
