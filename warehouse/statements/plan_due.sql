-- What is to be fetched now, newest first. Grain: a link. Reader: plan. $outlets, $now, $attempts.
SELECT outlet, url, article_id, source, title, published_at, published_raw, published_precision, modified_at
FROM store.links
WHERE outlet IN (SELECT unnest($outlets::VARCHAR[]))
  AND CASE state
        WHEN 'waiting' THEN next_visit_at IS NULL OR next_visit_at <= $now
        WHEN 'failed' THEN next_visit_at <= $now AND attempts < $attempts
        WHEN 'loaded' THEN next_visit_at <= $now
        WHEN 'unchanged' THEN next_visit_at <= $now
        WHEN 'rejected' THEN next_visit_at <= $now
        ELSE FALSE
      END
ORDER BY outlet, coalesce(published_at, modified_at, discovered_at) DESC, url
