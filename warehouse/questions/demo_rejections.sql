-- rejections: pages that are no article
SELECT outlet, url, reason FROM rejections ORDER BY ALL
