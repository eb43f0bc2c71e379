-- warning: a rule that cut something from nearly every page cuts nothing from the newest: the page changed, or the text now has it. $texts, $earlier_texts.
WITH placed AS (
    SELECT outlet, article_id, revision, seen_at, row_number() OVER (PARTITION BY outlet ORDER BY seen_at DESC, article_id) AS place FROM pages
    WHERE outlet IN (SELECT outlet FROM pages GROUP BY outlet HAVING min(seen_at) < $now - $young::INTERVAL)
), chosen AS (
    SELECT outlet, article_id, revision, place <= $texts AS is_new FROM placed
    WHERE place <= $texts AND seen_at > $now - $settled::INTERVAL
    UNION ALL
    (SELECT outlet, article_id, revision, FALSE FROM placed WHERE place > $texts AND seen_at <= $now - $settled::INTERVAL
     QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY place) <= $earlier_texts)
), sizes AS (
    SELECT outlet, count(*) FILTER (is_new) AS fresh, count(*) FILTER (NOT is_new) AS earlier FROM chosen GROUP BY outlet
), cut AS (
    SELECT chosen.outlet, block.rule, any_value(block.text) AS text,
           count(DISTINCT article_id) FILTER (is_new) AS fresh, count(DISTINCT article_id) FILTER (NOT is_new) AS earlier
    FROM chosen JOIN store.removed_blocks AS block USING (article_id, revision)
    WHERE block.reason IN ('learned', 'outlet') GROUP BY ALL
)
SELECT outlet, 'the rule ' || cut.rule || ' cut nothing from the newest ' || sizes.fresh || ' pages, where it had cut from ' || cut.earlier || ' of '
       || sizes.earlier || ': “' || left(cut.text, 60) || '”' AS detail
FROM cut JOIN sizes USING (outlet)
WHERE sizes.fresh >= $texts AND sizes.earlier >= $earlier_texts / 2 AND cut.fresh = 0 AND cut.earlier >= 0.9 * sizes.earlier
