-- The texts of the readings after $after, up to $until. Grain: reading. Reader: stories.
SELECT reading, text FROM store.articles WHERE reading > $after AND reading <= $until ORDER BY reading
