-- Articles that today's code would not take for any. Grain: article_id. Reader: reread. $most.
SELECT article_id, reason, detail FROM staged_rejections ORDER BY reason, article_id LIMIT $most
