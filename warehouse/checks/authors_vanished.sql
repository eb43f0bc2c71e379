-- warning: the newest articles have no authors any more, where the outlet's have. $deviations, $half.
SELECT outlet, round(figure * size)::BIGINT || ' of the newest ' || size || ' articles have an author, where ' || round(100 * usual)::BIGINT
       || ' % are usual' AS detail
FROM habits
WHERE measure = 'signed' AND figure < usual * $half AND figure < lowest AND figure < usual - $deviations * spread
QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY size) = 1
