-- What hung together with a text that has changed is parted from it. Grain: reading. Writer: stories, after stories_sign.
CREATE OR REPLACE TEMP TABLE parted AS
SELECT other AS reading FROM store.likenesses SEMI JOIN unsigned USING (reading)
UNION
SELECT reading FROM store.likenesses WHERE other IN (SELECT reading FROM unsigned);

DELETE FROM store.likenesses WHERE reading IN (SELECT reading FROM unsigned) OR other IN (SELECT reading FROM unsigned);

DELETE FROM store.signatures AS old USING unsigned WHERE old.reading = unsigned.reading;

INSERT INTO store.signatures BY NAME SELECT * FROM signing;
