-- Pairs that are alike, and all that hangs together with what has changed: the members of every story that gained, lost or changed one,
-- and copies to the letter within an outlet, of whatever age. Grain: reading. Writer: stories. $alike: JSON.
INSERT INTO store.likenesses BY NAME
SELECT unnest(from_json($alike, '[{"reading":"INTEGER","other":"INTEGER","jaccard":"FLOAT","contained":"FLOAT"}]'), recursive := true);

CREATE OR REPLACE TEMP TABLE stirred AS
SELECT reading FROM signing
UNION
SELECT reading FROM parted SEMI JOIN store.signatures USING (reading)
UNION
SELECT reading FROM store.signatures
SEMI JOIN (SELECT outlet, copy_key FROM signing UNION SELECT outlet, copy_key FROM unsigned) USING (outlet, copy_key)
UNION
SELECT other FROM store.likenesses SEMI JOIN signing USING (reading)
UNION
SELECT reading FROM store.likenesses WHERE other IN (SELECT reading FROM signing);

CREATE OR REPLACE TEMP TABLE stirred_stories AS
SELECT DISTINCT story_id FROM store.articles SEMI JOIN stirred USING (reading) WHERE story_id IS NOT NULL
UNION
SELECT article_id FROM unsigned;

-- In the order that decides: who was seen first gives the story its key.
CREATE OR REPLACE TEMP TABLE members AS
SELECT signed.reading, signed.article_id, signed.outlet, signed.seen_at, signed.copy_key,
       row_number() OVER (ORDER BY signed.seen_at, signed.article_id) AS place
FROM store.signatures AS signed
SEMI JOIN (
    SELECT reading FROM store.articles WHERE story_id IN (SELECT story_id FROM stirred_stories)
    UNION
    SELECT reading FROM stirred
) USING (reading);

-- Who hangs together with whom, by places.
SELECT member.place, other.place AS other
FROM store.likenesses AS alike
JOIN members AS member ON member.reading = alike.reading
JOIN members AS other ON other.reading = alike.other
UNION ALL
SELECT place, min(place) OVER (PARTITION BY outlet, copy_key) FROM members
ORDER BY ALL
