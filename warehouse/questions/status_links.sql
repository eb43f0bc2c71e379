-- links: every one ever discovered, by what became of it
SELECT outlet, count(*) AS links, count_if(state = 'waiting') AS waiting, count_if(state = 'loaded') AS loaded,
       count_if(state = 'unchanged') AS unchanged, count_if(state = 'rejected') AS rejected, count_if(state = 'failed') AS failed,
       count_if(state = 'skipped') AS skipped, count_if(state = 'forgotten') AS forgotten
FROM links GROUP BY outlet ORDER BY outlet
