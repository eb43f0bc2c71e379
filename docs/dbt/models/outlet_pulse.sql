-- One row an outlet: how many articles a day, and when the last one came.
select
    outlet,
    round(avg(articles), 1) as articles_a_day,
    max(day) as last_day
from {{ ref('articles_per_day') }}
group by outlet
