-- Captures that an outlet has already. Grain: capture_id. Reader: backfill. $outlet.
SELECT capture_id FROM store.captures WHERE outlet = $outlet
