-- The articles of which a reading anew would change most. Grain: article_id. Reader: reread, after compare_readings. $examples.
SELECT article_id, gained, lost, old_title || ' ' || old_text, title || ' ' || text
FROM compared JOIN reworded USING (article_id) WHERE gained + lost > 0 ORDER BY gained + lost DESC, article_id LIMIT $examples
