"""How alike two texts are, and signatures by which texts that may be alike find each other. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from itertools import islice

from rensa import RMinHash

# Words in a row that must be the same. Letters of Chinese and Japanese, which set no spaces, count as words.
SHINGLE = 3
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
FEWEST = 10  # shingles of a text that can be like another: one sentence

# 42 bands of 3: a pair with a Jaccard index of 0.3 is found with a probability of 0.69, of 0.4 with 0.94, of 0.5 with 0.996; of unrelated
# news (under 0.01) one pair in 30,000 is compared in vain.
BANDS, ROWS = 42, 3
SEED = 1

# Of signatures made by another scheme nothing follows. rensa numbers its algorithm and refuses sketches of another one.
SCHEME = f"rensa {RMinHash.ALGORITHM_VERSION}, seed {SEED}, {BANDS} × {ROWS}, {SHINGLE} words"

# Between outlets: an agency's text that lost its last half has a Jaccard index of 0.5, and all of it stands in the original; 0.31 of the
# shorter text is the most that own reports of one event share in the corpus, by quotes.
ALIKE, CONTAINED = 0.45, 0.7
# Within an outlet: it tells each day's figures in the same sentences (0.6, and 0.8 of the shorter), and the background again.
ALIKE_WITHIN, CONTAINED_WITHIN = 0.75, 0.9
CONTAINED_FEWEST = 30  # shingles of the shorter text: a quote or a standing notice is not a story

LONGEST = 1 << 20  # characters that are looked at: more is no news story, and would fill the memory


def shingles(text: str) -> frozenset[str]:
    """All runs of ``SHINGLE`` words in ``text``."""
    words = _WORD.findall(text[:LONGEST].lower())
    return frozenset(" ".join(run) for run in zip(*(islice(words, start, None) for start in range(SHINGLE)), strict=False))


def bands(text: str) -> list[int]:
    """The bands of ``text``, 32 bits each; texts that share one may be alike. None of a text that is too short to be like another."""
    found = shingles(text)
    if len(found) < FEWEST:
        return []
    sketch = RMinHash(num_perm=BANDS * ROWS, seed=SEED)
    sketch.update(sorted(found))
    digest: Sequence[int] = sketch.digest()
    rows = b"".join(value.to_bytes(4, "little") for value in digest)
    return [zlib.crc32(rows[4 * ROWS * band : 4 * ROWS * (band + 1)], band) for band in range(BANDS)]


def compare(one: frozenset[str], other: frozenset[str]) -> tuple[float, float]:
    """Jaccard index of two texts' shingles, and the share of the shorter text that stands in the longer one."""
    common, shorter = len(one & other), min(len(one), len(other))
    return common / (len(one) + len(other) - common or 1), common / (shorter or 1)


def are_alike(jaccard: float, contained: float, shorter: int, is_within: bool) -> bool:
    """Whether two texts tell the same story in the same words: a copy, edited or cut, and not only the same event or the same quotes.

    ``shorter`` counts the shingles of the shorter text; ``is_within`` says that both are of one outlet.
    """
    if jaccard >= (ALIKE_WITHIN if is_within else ALIKE):
        return True
    return shorter >= CONTAINED_FEWEST and contained >= (CONTAINED_WITHIN if is_within else CONTAINED)
