-- How far stories have come. Grain: one row. Writer: stories. $until, $scheme.
DELETE FROM store.passed WHERE reader = 'stories';

INSERT INTO store.passed VALUES ('stories', $until, $scheme);
