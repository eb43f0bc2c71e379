-- kinds of page; $outlet
SELECT kind, count(*) AS articles, any_value(url ORDER BY last_changed_at DESC) AS newest FROM articles WHERE outlet = $outlet
GROUP BY kind ORDER BY articles DESC, kind
