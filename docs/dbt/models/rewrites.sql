-- Articles whose text was changed after publication, with how much of it.
select
    article_id,
    max(revision) as revisions,
    sum(words_added) filter (revision > 1) as words_added,
    sum(words_removed) as words_removed,
    max(captured_at) as last_change_at
from {{ source('newsmill', 'revisions') }}
group by article_id
having max(revision) > 1
