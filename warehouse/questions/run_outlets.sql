-- what a run did, outlet by outlet; $run_id
WITH run AS (SELECT run_id, unnest(outlets) AS outlet, started_at, coalesce(finished_at, 'infinity'::TIMESTAMPTZ) AS finished_at FROM runs WHERE run_id = $run_id),
asked AS (
    SELECT outlet, count(*) AS requests, count_if(kind = 'article' AND status = 200) AS pages, count_if(error IS NOT NULL OR status >= 400) AS failed
    FROM requests WHERE run_id = $run_id GROUP BY outlet
), found AS (
    SELECT outlet, count(*) AS links FROM links SEMI JOIN run ON links.outlet = run.outlet AND discovered_at BETWEEN started_at AND finished_at GROUP BY outlet
), loaded AS (
    SELECT article.outlet, count_if(read.revision = 1) AS articles, count_if(read.revision > 1) AS revisions
    FROM revisions AS read JOIN articles AS article USING (article_id) JOIN run ON run.outlet = article.outlet
    WHERE read.captured_at BETWEEN run.started_at AND run.finished_at GROUP BY article.outlet
), refused AS (
    SELECT outlet, count(*) AS rejected FROM rejections SEMI JOIN run ON rejections.outlet = run.outlet AND captured_at BETWEEN started_at AND finished_at
    GROUP BY outlet
)
SELECT outlet, coalesce(requests, 0) AS requests, coalesce(links, 0) AS new_links, coalesce(pages, 0) AS pages, coalesce(articles, 0) AS articles,
       coalesce(revisions, 0) AS revisions, coalesce(rejected, 0) AS rejected, coalesce(failed, 0) AS failed
FROM run LEFT JOIN asked USING (outlet) LEFT JOIN found USING (outlet) LEFT JOIN loaded USING (outlet) LEFT JOIN refused USING (outlet)
ORDER BY outlet
