-- words a text: the shortest, the quartiles, the longest; $outlet
SELECT min(word_count) AS shortest, quantile_disc(word_count, 0.25) AS first_quartile, quantile_disc(word_count, 0.5) AS median,
       quantile_disc(word_count, 0.75) AS third_quartile, max(word_count) AS longest
FROM articles WHERE outlet = $outlet GROUP BY outlet
