-- What was learned of outlets. Grain: (outlet, version); outlet. Writer: load, learn.
DELETE FROM store.profiles AS old USING staged_profiles AS fresh WHERE old.outlet = fresh.outlet AND old.version = fresh.version;

INSERT INTO store.profiles BY NAME SELECT DISTINCT ON (outlet, version) * FROM staged_profiles;

CREATE OR REPLACE TEMP TABLE learned_now AS
SELECT * FROM staged_learnings QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY learned_at DESC, pages DESC) = 1;

DELETE FROM store.learnings AS old USING learned_now WHERE old.outlet = learned_now.outlet;

INSERT INTO store.learnings BY NAME SELECT * FROM learned_now;
