-- warning: most of an outlet's new articles fit none of the profiles that were learned of it.
WITH fresh AS (
    SELECT article.outlet, article.profile_version, article.last_changed_at
    FROM store.articles AS article JOIN staged_captures USING (capture_id)
    WHERE article.outlet IN (SELECT outlet FROM store.profiles WHERE is_promoted)
      AND article.outlet NOT IN (SELECT outlet FROM store.outlets WHERE has_own_body)
)
SELECT outlet,
       count(*) FILTER (profile_version IS NULL) || ' of ' || count(*) || ' new articles fit no profile: the layout may have changed by '
       || strftime(min(last_changed_at) FILTER (profile_version IS NULL), '%Y-%m-%d') AS detail
FROM fresh GROUP BY outlet
HAVING count(*) FILTER (profile_version IS NULL) >= 3 AND 2 * count(*) FILTER (profile_version IS NULL) > count(*)
