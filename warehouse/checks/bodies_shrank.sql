-- error: the newest articles are less than half as long as the outlet's are. $deviations, $half.
SELECT outlet, 'the newest ' || size || ' articles have ' || round(exp(figure) - 1)::BIGINT || ' words in the middle, where '
       || round(exp(usual) - 1)::BIGINT || ' are usual (at least ' || round(exp(lowest) - 1)::BIGINT || ')' AS detail
FROM habits
WHERE measure = 'length' AND figure < usual + ln($half) AND figure < lowest AND figure < usual - $deviations * spread
QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY size) = 1
