-- The macro search(): what consumers call, in plain SQL, so that it needs no extension, no network and no Python.
-- How a text becomes words, for the index and for queries alike. Marks that readers leave out go; letters that differ by keyboard only
-- become one (Arabic and Persian kaf and yeh; Sorani's heh and zero-width non-joiner, which is its vowel); a Turkish I is no i.
CREATE OR REPLACE MACRO store.search_language(language) AS
    CASE lower(split_part(coalesce(language, ''), '-', 1)) WHEN 'nb' THEN 'no' WHEN 'nn' THEN 'no' WHEN 'ku' THEN 'kmr'
    ELSE lower(split_part(coalesce(language, ''), '-', 1)) END;

CREATE OR REPLACE MACRO store.search_letters(written, language) AS
    translate(
        regexp_replace(
            replace(
                nfc_normalize(lower(CASE WHEN language IN ('tr', 'az') THEN translate(written, 'Iİ', 'ıi') ELSE written END)),
                'ه' || chr(8204), CASE WHEN language IN ('ckb', '') THEN 'ە' ELSE 'ه ' END
            ),
            '[\x{ad}\x{640}\x{64b}-\x{65f}\x{670}]', '', 'g'
        ),
        'كىي٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', CASE WHEN language = 'ar' THEN 'كىي' ELSE 'کیی' END || '01234567890123456789'
    );

-- Chinese and Japanese set no spaces: each of their letters is a word.
CREATE OR REPLACE MACRO store.search_words_of(written, language) AS
    regexp_extract_all(store.search_letters(written, language), '[\p{Han}\p{Hiragana}\p{Katakana}]|[\p{L}\p{M}\p{N}]+');

-- A word as it may be typed: without its marks, in scripts whose readers leave marks out; in those of India they are vowels.
CREATE OR REPLACE MACRO store.search_folded(word) AS
    translate(
        CASE WHEN regexp_matches(word, '[^\p{Latin}\p{Greek}\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Common}\p{Inherited}]')
        THEN word ELSE strip_accents(translate(word, 'ئؤ', 'ءء')) END, -- hamza counts, its seat does not
        'ıøłđðħŧکیىێےڕڵۆۇەھہةۀ', 'iolddhtكييييرلووههههه'
    );

-- BM25 over title and text. `most` rows; `since` is a time or a day; `language` also finds its regions (en: en-GB). A copy within an outlet
-- (duplicate_of) is not listed beside its original. The passage is the sentence with the most, and rarest, of the words.
CREATE OR REPLACE MACRO search(query, outlet := NULL, since := NULL, language := NULL, most := 10) AS TABLE
WITH asked AS ( -- a thousand letters, and words that the index has: a longer query would be tried prefix by prefix
    SELECT DISTINCT store.search_folded(word) AS word
    FROM (
        SELECT unnest(list_concat(store.search_words_of(left(query, 1000), ''), store.search_words_of(left(query, 1000), 'fa'))) AS word
    )
    WHERE length(word) <= 40
), bare AS ( -- Arabic "and" and "the" stand before a word
    SELECT word, word AS form FROM asked
    UNION
    SELECT word, regexp_replace(word, '^و?(ال|بال|كال|فال|لل)', '') FROM asked
), tried AS ( -- a form that no text has stands for the longest known word or stem that it begins with, of half its
    -- letters or more
    SELECT DISTINCT word, left(form, letters) AS folded, length(word) - letters AS cut
    FROM (
        SELECT word, form, unnest(generate_series(least(length(form), greatest(3, (length(form) + 1) // 2)), length(form))) AS letters
        FROM bare
    )
), meant AS (
    SELECT DISTINCT known.term, known.language, tried.word
    FROM tried JOIN store.search_words AS known USING (folded)
    WHERE cut = 0 OR known.is_stem OR length(folded) >= 4
    QUALIFY rank() OVER (PARTITION BY tried.word ORDER BY cut) = 1
), hits AS (
    SELECT term, reading, weight FROM store.search_postings WHERE term IN (SELECT term FROM meant)
    UNION ALL
    SELECT term, reading, weight FROM store.search_recent WHERE term IN (SELECT term FROM meant)
), seen AS (
    SELECT term, count(*) AS articles FROM hits GROUP BY term
), rare AS (
    SELECT term, min(meant.word) AS word,
           ln(1 + (greatest(any_value(held.articles) - any_value(seen.articles), 0) + 0.5) / (any_value(seen.articles) + 0.5)) AS rarity
    FROM meant JOIN seen USING (term) JOIN store.search_languages AS held USING (language)
    GROUP BY term
), scored AS ( -- rounded: threads add in any order, and the order of answers must not hang on the last bit
    SELECT reading, round(sum(weight * rarity) / 255 * count(DISTINCT word), 6) AS score FROM hits JOIN rare USING (term) GROUP BY reading
), best AS (
    SELECT article.rowid AS place, scored.score
    FROM scored JOIN store.articles AS article USING (reading)
    WHERE article.duplicate_of IS NULL
      AND (outlet IS NULL OR article.outlet = outlet)
      AND (since IS NULL OR coalesce(article.published_at, article.last_changed_at) >= since::TIMESTAMPTZ)
      AND (language IS NULL OR lower(article.language) = lower(language) OR starts_with(lower(article.language), lower(language) || '-'))
    ORDER BY scored.score DESC, reading DESC
    LIMIT most
), shown AS ( -- by rowid: by any column, DuckDB 1.5 reads the texts of all rows between the least and the greatest
    SELECT best.score, article.reading, article.article_id, article.title, article.outlet, article.url, article.published_at,
           article.language, article.story_id, store.search_language(article.language) AS tongue,
           string_split(regexp_replace(left(article.text, 200000), '([.!?؟…۔。]["”»’)\]]*)\s+', '\1' || chr(10), 'g'), chr(10)) AS sentences
    FROM best JOIN store.articles AS article ON article.rowid = best.place
), told AS (
    SELECT reading, tongue, unnest(sentences) AS sentence, generate_subscripts(sentences, 1) AS place FROM shown
), spoken AS (
    SELECT reading, tongue, place, sentence, unnest(store.search_words_of(sentence, tongue)) AS form FROM told
), marked AS (
    SELECT reading, place, any_value(sentence) AS sentence, list_sort(list(DISTINCT form)) AS words, round(sum(DISTINCT rarity), 6) AS rarity
    FROM spoken
    JOIN (SELECT known.language AS tongue, known.word AS form, rare.rarity FROM store.search_words AS known JOIN rare USING (term)
          WHERE NOT known.is_stem)
    USING (tongue, form)
    GROUP BY reading, place
), passages AS (
    SELECT reading, place, sentence, words, greatest(instr(lower(sentence), words[1]) - 120, 1) AS opening
    FROM marked
    QUALIFY row_number() OVER (PARTITION BY reading ORDER BY rarity DESC, place) = 1
)
SELECT shown.article_id,
       round(shown.score, 3) AS score,
       shown.title,
       CASE WHEN passage.sentence IS NULL THEN left(shown.sentences[1], 300)
            WHEN length(passage.sentence) <= 300 THEN passage.sentence
            ELSE CASE WHEN passage.opening > 1 THEN '… ' ELSE '' END || substring(passage.sentence, passage.opening, 300) || ' …'
       END AS passage,
       shown.outlet, shown.url, shown.published_at, shown.language, shown.story_id,
       coalesce(passage.words, []) AS words
FROM shown LEFT JOIN passages AS passage USING (reading)
ORDER BY shown.score DESC, shown.reading DESC;

COMMENT ON MACRO TABLE search IS 'Articles that have the words of the query, in any form of theirs, in headline or text; best first.';
