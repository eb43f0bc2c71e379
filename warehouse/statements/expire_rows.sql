-- Texts that are let go: the row stays with its facts, its text is empty. Grain: (article_id, revision). Writer: retention, after expire_find.
CREATE OR REPLACE TEMP TABLE emptied AS
SELECT article.* EXCLUDE (row_version) REPLACE ('' AS text, NULL AS summary, sha256('') AS text_sha256, NULL AS reading)
FROM store.articles AS article SEMI JOIN stale USING (article_id, revision);

DELETE FROM store.articles AS old USING stale WHERE old.article_id = stale.article_id AND old.revision = stale.revision;

INSERT INTO store.articles BY NAME FROM emptied;

CREATE OR REPLACE TEMP TABLE emptied AS
SELECT revision.* EXCLUDE (row_version) REPLACE ('' AS text)
FROM store.revisions AS revision SEMI JOIN stale USING (article_id, revision);

DELETE FROM store.revisions AS old USING stale WHERE old.article_id = stale.article_id AND old.revision = stale.revision;

INSERT INTO store.revisions BY NAME FROM emptied;

DELETE FROM store.removed_blocks AS old USING stale WHERE old.article_id = stale.article_id AND old.revision = stale.revision;

DELETE FROM store.captures WHERE capture_id IN (SELECT capture_id FROM gone_captures);
