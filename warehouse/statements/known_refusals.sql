-- Outlets of which no source is to be asked: those that refuse us, or asked us to wait, and whose time has not come. Grain: outlet. Reader:
-- discover. $outlets, $now. One that refuses its pages and still answers for a feed is asked for that, at the feed's own pace: what it lists
-- is gone when the refusal is over.
SELECT outlet FROM store.refusals AS refused
WHERE outlet IN (SELECT unnest($outlets::VARCHAR[])) AND next_ask_at > $now AND next_ask_at <= $now + INTERVAL 60 DAY -- later: a wrong clock
  AND (reason IN ('asked to wait', 'robots')
       OR NOT EXISTS (FROM store.sources AS source WHERE source.outlet = refused.outlet AND source.error IS NULL AND source.seen_at >= refused.since - INTERVAL 1 DAY))
ORDER BY outlet
