-- pages that are no article; $outlet
SELECT reason, count(*) AS pages, any_value(url ORDER BY captured_at DESC) AS newest FROM rejections WHERE outlet = $outlet
GROUP BY reason ORDER BY pages DESC, reason
