-- What an export holds, for its card. Grain: one row. Reader: export, after select_articles.
SELECT count(*),
       coalesce(list_sort(list(DISTINCT outlet)), []),
       coalesce(list_sort(list(DISTINCT split_part(language, '-', 1)) FILTER (language IS NOT NULL)), []),
       min(coalesce(published_at, first_seen_at))::DATE,
       max(coalesce(published_at, first_seen_at))::DATE
FROM selected
