-- outlets that refuse us
SELECT outlet, reason, detail, since, seen_at, next_ask_at FROM refusals ORDER BY outlet
