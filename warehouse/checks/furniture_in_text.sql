-- warning: paragraphs that stand in most of the newest texts and in no earlier one: furniture that is read as story. $texts, $repeated, $earlier_texts.
WITH fresh AS (
    SELECT outlet, article_id FROM pages ANTI JOIN (FROM store.articles WHERE duplicate_of IS NOT NULL) AS copies USING (article_id)
    WHERE seen_at > $now - $settled::INTERVAL
      AND outlet IN (SELECT outlet FROM pages GROUP BY outlet HAVING min(seen_at) < $now - $young::INTERVAL)
    QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY seen_at DESC, article_id) <= $texts
), paragraphs AS (
    SELECT DISTINCT fresh.outlet, article_id, unnest(string_split(text, chr(10) || chr(10))) AS paragraph
    FROM fresh JOIN store.articles USING (article_id)
), repeated AS (
    SELECT outlet, paragraph, count(*) AS articles FROM paragraphs
    WHERE length(paragraph) >= 12 GROUP BY ALL HAVING count(*) >= $repeated
), earlier AS (
    SELECT outlet, article_id FROM pages
    WHERE outlet IN (SELECT outlet FROM repeated) AND seen_at <= $now - $settled::INTERVAL
    QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY seen_at DESC, article_id) <= $earlier_texts
), known AS (
    SELECT repeated.outlet, repeated.paragraph, any_value(repeated.articles) AS articles, count(*) AS texts,
           count(*) FILTER (contains(article.text, repeated.paragraph)) AS found
    FROM repeated JOIN earlier USING (outlet) JOIN store.articles AS article ON article.article_id = earlier.article_id
    GROUP BY ALL
)
SELECT outlet, '“' || left(paragraph, 60) || CASE WHEN length(paragraph) > 60 THEN '…' ELSE '' END || '” stands in ' || articles || ' of the newest '
       || $texts || ' texts, and in ' || found || ' of ' || texts || ' earlier ones' AS detail
FROM known WHERE texts >= $earlier_texts / 2 AND found <= texts / 20
