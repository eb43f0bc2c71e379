-- How much each outlet publishes, by day (UTC).
select
    outlet,
    cast(coalesce(published_at, first_seen_at) as date) as day,
    count(*) as articles,
    sum(word_count) as words
from {{ source('newsmill', 'articles') }}
group by all
