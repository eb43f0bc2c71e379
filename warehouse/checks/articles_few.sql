-- warning: an outlet of which far fewer articles came in a day than on such days of earlier weeks. $few_share, $few_deviations, $few_spreads.
SELECT outlet, articles || ' article' || CASE WHEN articles = 1 THEN '' ELSE 's' END || ' in 24 h where ' || round(usual)::BIGINT || ' are usual (at least '
       || least || ')' AS detail
FROM days JOIN asked USING (outlet) ANTI JOIN store.refusals USING (outlet) ANTI JOIN (FROM silences WHERE source_url IS NULL) USING (outlet)
WHERE weeks >= 3 AND third_last > $now - INTERVAL 36 HOUR AND articles <= usual * $few_share AND articles < usual - $few_deviations * sqrt(usual)
  AND articles < least / 2 AND ln(1 + articles) < ln(1 + usual) - $few_spreads * spread * sqrt(1 + 1.6 / weeks) -- a median of few is far off itself
