"""What counts as out of habit: the numbers that the checks of an outlet's health are given, each stated once."""

from __future__ import annotations

from datetime import timedelta

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

HISTORY = 56 * _DAY  # that a habit is learned from: eight weeks, so that each hour of the week has been seen eight times
HORIZON = 140 * _DAY  # beyond which nothing is looked at: an outlet may be silent for twelve weeks, and still its history is known
SETTLED = 7 * _DAY  # after so long what is new has become habit, and no earlier: an alarm stands a week at least
YOUNG = 14 * _DAY  # an outlet, or a source, that has been asked for less has no habits yet
GAP = 36 * _HOUR  # the same alarm within so long is the same alarm: an outlet may be asked once a day

# Silence. In so many hours nothing came where the same hours of earlier weeks brought so many. That ten are missing by chance is as likely
# as e^-10 where an outlet's days are alike; where it has moods it takes more, as its days tell. Until they do, days differ by a third.
QUIET_AFTER, MISSED, MOODS = 12 * _HOUR, 10.0, 0.1
# A day on which less than a third came, less than half of the poorest such day, more than four standard deviations of a Poisson count below
# the usual, and more than its days differ: outlets have moods, and by chance alone a hundred of them were alarmed about four times a month.
FEW_SHARE, FEW_DEVIATIONS, FEW_SPREADS = 1 / 3, 4.0, 3.5

# The newest pages against earlier ones, in blocks of equal size: small ones tell of a break at once, large ones of what is less plain.
SIZES = [5, 12, 40]
BLOCKS = 8  # earlier blocks of a size that must be known
DEVIATIONS = 4.5  # robust ones (1.4826 × the median distance from the median) from the usual
HALF = 0.5
LEAST_SPREAD = 0.15  # of the logarithm of a length: an outlet whose texts are all of a length may still write a shorter one
TRUSTED = 8  # pages: so much counts that a profile was promoted
PURE = 0.1  # a share is never surer than this: three of five pages that do what none did are no break yet, four are

# Furniture: paragraphs that stand in so many of the newest texts, and in hardly any earlier one.
TEXTS, REPEATED, EARLIER_TEXTS = 10, 6, 40

HABITS = {
    **{"history": HISTORY, "horizon": HORIZON, "settled": SETTLED, "young": YOUNG, "gap": GAP},
    **{"quiet_after": QUIET_AFTER, "missed": MISSED, "moods": MOODS},
    **{"few_share": FEW_SHARE, "few_deviations": FEW_DEVIATIONS, "few_spreads": FEW_SPREADS},
    **{
        "sizes": SIZES,
        "blocks": BLOCKS,
        "deviations": DEVIATIONS,
        "half": HALF,
        "least_spread": LEAST_SPREAD,
        "pure": PURE,
        "trusted": TRUSTED,
    },
    **{"texts": TEXTS, "repeated": REPEATED, "earlier_texts": EARLIER_TEXTS},
}
