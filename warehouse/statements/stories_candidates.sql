-- Pairs of a fresh text and another that share a band and were told within $window of each other. Grain: (reading, other). Reader:
-- stories, after stories_sign. Of each text the $most likeliest: by bands shared, nearness in time, key. Texts that are the same to the
-- letter within an outlet need no looking at.
WITH near AS (
    SELECT reading, article_id, outlet, told_at, copy_key, bands FROM store.signatures
    WHERE told_at BETWEEN (SELECT min(told_at) FROM signing) - $window AND (SELECT max(told_at) FROM signing) + $window
), pairs AS (
    SELECT fresh.reading, old.reading AS other, count(*) AS shared
    FROM (SELECT reading, unnest(bands) AS band FROM signing) AS fresh
    JOIN (SELECT reading, unnest(bands) AS band FROM near) AS old USING (band)
    WHERE old.reading <> fresh.reading
    GROUP BY ALL
)
SELECT DISTINCT greatest(reading, other) AS reading, least(reading, other) AS other, is_within
FROM (
    SELECT pairs.reading, pairs.other, old.outlet = fresh.outlet AS is_within FROM pairs
    JOIN signing AS fresh ON fresh.reading = pairs.reading
    JOIN near AS old ON old.reading = pairs.other
    WHERE old.told_at BETWEEN fresh.told_at - $window AND fresh.told_at + $window
      AND NOT (old.outlet = fresh.outlet AND old.copy_key = fresh.copy_key)
    QUALIFY row_number() OVER (
        PARTITION BY pairs.reading ORDER BY shared DESC, abs(epoch(old.told_at) - epoch(fresh.told_at)), old.article_id
    ) <= $most
)
ORDER BY ALL
