-- Outlets that refuse us, or asked us to wait, and whose time has not come. Grain: outlet. Reader: discover. $outlets, $now.
SELECT outlet FROM store.refusals
WHERE outlet IN (SELECT unnest($outlets::VARCHAR[])) AND next_ask_at > $now AND next_ask_at <= $now + INTERVAL 60 DAY -- later: a wrong clock
ORDER BY outlet
