-- profiles, and the articles that were read by each; $outlet
SELECT version, layout, pages AS learned_from, is_promoted AS used, is_current AS current, count(article_id) AS articles
FROM profiles LEFT JOIN articles ON articles.outlet = profiles.outlet AND profile_version = version
WHERE profiles.outlet = $outlet
GROUP BY ALL HAVING current OR articles > 0 ORDER BY current DESC, articles DESC, version DESC LIMIT 12
