-- How much a takedown is about, and where else its very texts stand. Grain: one row. Reader: forget, after forget_find.
SELECT (SELECT count(*) FROM store.articles SEMI JOIN gone_articles USING (article_id)) AS articles,
       (SELECT count(*) FROM store.revisions SEMI JOIN gone_articles USING (article_id)) AS revisions,
       (SELECT count(*) FROM gone_captures) AS captures,
       (SELECT count(*) FROM gone_links) AS links,
       (SELECT coalesce(list_sort(list(DISTINCT outlet)), []) FROM (SELECT outlet FROM gone_links UNION ALL SELECT outlet FROM gone_captures
            UNION ALL SELECT outlet FROM targets WHERE outlet IS NOT NULL)) AS outlets,
       (SELECT coalesce(list(url ORDER BY url), []) FROM store.articles ANTI JOIN gone_articles USING (article_id)
        WHERE text <> '' AND text_sha256 IN (SELECT text_sha256 FROM store.articles SEMI JOIN gone_articles USING (article_id))) AS copies
