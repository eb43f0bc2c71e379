-- articles, and how many percent of them have each; $outlet
SELECT count(*) AS articles,
       round(100.0 * count_if(title <> '') / count(*), 1) AS title,
       round(100.0 * count_if(published_at IS NOT NULL) / count(*), 1) AS date,
       round(100.0 * count_if(published_precision IN ('second', 'minute')) / count(*), 1) AS time,
       round(100.0 * count_if(dates_disagree) / count(*), 1) AS dates_disagree,
       round(100.0 * count_if(len(authors) > 0) / count(*), 1) AS author,
       round(100.0 * count_if(language IS NOT NULL) / count(*), 1) AS language,
       -- of those whose page describes itself: the text opens with that
       round(100.0 * count(*) FILTER (length(summary) >= 20
           AND starts_with(regexp_replace(left(text, 600), '[^\p{L}\p{N}]+', '', 'g'), left(regexp_replace(summary, '[^\p{L}\p{N}]+', '', 'g'), 40)))
           / nullif(count(*) FILTER (length(summary) >= 20), 0), 1) AS lead,
       round(100.0 * count_if(profile_version IS NOT NULL) / count(*), 1) AS profile,
       max(last_seen_at) AS last_seen
FROM articles WHERE outlet = $outlet GROUP BY outlet
