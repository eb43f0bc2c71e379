-- Profiles of outlets, of each layout the newest, or all. Grain: (outlet, version). Reader: read, learn, reread. $outlets, $is_every.
SELECT * FROM store.profiles WHERE outlet IN (SELECT unnest($outlets::VARCHAR[]))
QUALIFY $is_every OR row_number() OVER (PARTITION BY outlet, layout ORDER BY learned_at DESC, version DESC) = 1
ORDER BY outlet, learned_at DESC, pages DESC, version
