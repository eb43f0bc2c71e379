-- what was learned of an outlet; $outlet
SELECT * FROM profiles WHERE outlet = $outlet ORDER BY is_current DESC, learned_at DESC, pages DESC, version
