-- profiles: what the pages taught of how to read them
SELECT outlet, layout, pages, [each."rule" FOR each IN "drop"] AS "drop", [left(each."rule", 40) FOR each IN furniture] AS furniture, is_promoted AS used
FROM profiles WHERE is_current ORDER BY outlet, layout
