-- Outlets whose pages have something to teach now. Grain: outlet. Reader: learn. $outlets, $fewest, $more, $most, $few_unread.
-- Never learned: when there are enough pages. Learned: after a share of new ones, or when many of this run's fit no profile: a new layout.
WITH fresh AS (
    SELECT outlet, article_id, captured_at, profile_version FROM staged_readings WHERE outlet IN (SELECT unnest($outlets::VARCHAR[]))
), pages AS (
    SELECT outlet, article_id, captured_at, TRUE AS is_fresh FROM fresh
    UNION ALL
    SELECT outlet, article_id, captured_at, FALSE FROM store.captures SEMI JOIN store.sightings USING (article_id)
    WHERE outlet IN (SELECT outlet FROM fresh)
), counted AS (
    SELECT outlet,
           count(DISTINCT article_id) AS pages,
           count(DISTINCT article_id) FILTER (is_fresh OR captured_at > learning.learned_at) AS newer,
           any_value(learning.pages) AS learned_from
    FROM pages LEFT JOIN store.learnings AS learning USING (outlet) GROUP BY outlet
), unread AS (
    SELECT outlet, count(*) AS read, count(*) FILTER (profile_version IS NULL) AS unfit FROM fresh GROUP BY outlet
)
SELECT outlet FROM counted JOIN unread USING (outlet)
WHERE CASE
        WHEN learned_from IS NULL THEN pages >= $fewest
        WHEN newer >= greatest($more, least($most, learned_from)) THEN TRUE
        ELSE unfit >= $few_unread AND 2 * unfit >= read AND outlet IN (SELECT outlet FROM store.profiles WHERE is_promoted)
      END
ORDER BY outlet
