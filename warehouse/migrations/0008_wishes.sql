-- What each page asks of those who keep or mine it. NULL: fetched by a release that did not look; an empty list: it asks for nothing.
ALTER TABLE store.captures ADD COLUMN wishes VARCHAR[];
