"""How often sources, articles and outlets are asked: the numbers that the statements of plan and load are given."""

from __future__ import annotations

from datetime import timedelta

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# New articles that a look at a source should bring. Over ninety days of fifty invented papers 5, 6, 7, 8 cost 0.27, 0.25, 0.24, 0.235 looks
# an article, and news waited 0.8, 0.9, 1.0, 1.0 hours: with 8, an article costs 1.3 requests, its page and the day's robots.txt included.
# Media Cloud aims at a third to two thirds of known links a look, which for a feed of 20 is 7 to 13 new ones, and lets news wait for long.
WANTED = 8.0
# Of what a source lists, so much may be new when it is as busy as it was at its busiest of late. At 0.7 twice as many
# articles are gone from short feeds before a look: 195 of 149,250, and 93.
BUSIEST = 0.5
# … and of a short list that nobody knows yet, in an hour, until a week or two have told.
AT_FIRST = 0.25
SHORT = 100  # articles: what a longer list holds stays there for long, however busy the outlet
AT_LEAST, AT_MOST = 15 * _MINUTE, 6 * _HOUR
ASLEEP = _DAY  # between looks at a source that has brought nothing for 31 days
GRACE = 2 * _MINUTE  # a source that is due so soon is due: runs do not begin on the second

# Without validators after so long, or so many times "not modified": Media Cloud turned them off, since servers lie.
PROBE_AFTER, PROBE_EVERY = _DAY, 24

ATTEMPTS = 5  # tries of a page before its link rests as failed
REVISITED_AT = (_HOUR, _DAY, 7 * _DAY, 30 * _DAY)  # ages of an article
SOONEST = 30 * _MINUTE  # from one visit of an article to the next
REVISITS = 50  # an outlet and run
REVISITS_ALONE = 200  # an outlet and run that does nothing else: there is one an hour, where there are four of the others

# An outlet that refuses most of what it is asked is asked two pages, twice a day: to see whether it still does. A feed that it answers for
# is asked as ever: what it lists would be gone when the refusal is over.
REFUSALS = 5
REST = timedelta(hours=12)
REST_ROBOTS = timedelta(hours=4)  # where robots.txt forbids all: robots.txt itself is asked for, no page
PROBES = 2

PLAN = {
    "wanted": WANTED,
    "at_least": AT_LEAST,
    "at_most": AT_MOST,
    "asleep": ASLEEP,
    "busiest": BUSIEST,
    "at_first": AT_FIRST,
    "short": SHORT,
    "rest": REST,
    "rest_robots": REST_ROBOTS,
}
LOAD = {"attempts": ATTEMPTS, "ages": list(REVISITED_AT), "soonest": SOONEST, "least": REFUSALS, "rest": REST, "rest_robots": REST_ROBOTS}
