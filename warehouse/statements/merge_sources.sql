-- The last look at each feed, sitemap and listing, with the validators for a conditional request. Grain: (outlet, url). Writer: plan.
CREATE OR REPLACE TEMP TABLE looked AS
SELECT staged.* REPLACE (
    -- "not modified" confirms the validators that we have
    CASE WHEN staged.status = 304 THEN coalesce(staged.etag, known.etag) ELSE staged.etag END AS etag,
    CASE WHEN staged.status = 304 THEN coalesce(staged.last_modified, known.last_modified) ELSE staged.last_modified END AS last_modified
)
FROM staged_sources AS staged LEFT JOIN store.sources AS known USING (outlet, url)
QUALIFY row_number() OVER (PARTITION BY staged.outlet, staged.url ORDER BY staged.seen_at DESC) = 1;

DELETE FROM store.sources AS known USING looked WHERE known.outlet = looked.outlet AND known.url = looked.url;

INSERT INTO store.sources BY NAME SELECT * FROM looked;
