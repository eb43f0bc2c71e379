-- sources of the outlet, and what they said last
SELECT url, kind, seen_at, status, error, links, last_new_at, failures, next_visit_at FROM sources WHERE outlet = $outlet ORDER BY url LIMIT 100
