"""The slow, obvious version of METHODS 4.3: one series at a time, one session at a time, plain lists.

Written from the description of the rules alone; it shares no line with the code under test. A rule is a function of the ratings
(a list), the session's position and the fixed numbers; it answers (level, opens), level None where nothing can be said.
"""

from __future__ import annotations

from math import sqrt
from statistics import fmean as mean
from statistics import stdev

from tests.measures.oracle import at_least, below

# two-sided 95 % points of t, typed from printed tables, by degrees of freedom
T975 = {2: 4.302652730, 3: 3.182446305, 4: 2.776445105, 5: 2.570581836, 6: 2.446911851}


def step(x, t, numbers, k, highest_of, own_from, floor):
    """A fall of k·s_i, k·s_p and `floor`·σ, whichever is largest, from the rating before or the highest of the last few."""
    sigma, pooled, _ = numbers
    if t == 0:
        return None, False
    level = max(x[max(t - highest_of, 0) : t])
    limits = [floor * sigma]
    if pooled is not None:
        limits.append(k * pooled)
    if t >= own_from:
        limits.append(k * stdev(x[:t]))
    return level, at_least(level - x[t], max(limits))


def reliable_change(x, t, numbers, z, reliability):
    if t == 0:
        return None, False
    return x[t - 1], at_least(x[t - 1] - x[t], z * sqrt(2) * numbers[2] * sqrt(1 - reliability))


def control_chart(x, t, numbers, limit, first):
    """Below the limit now and not at the session before, limits from the first so many."""
    if t < first:
        return None, False
    centre = mean(x[:first])
    ranges = [abs(x[i] - x[i - 1]) for i in range(1, first)]
    low = centre - limit * mean(ranges) / 1.128

    def signals(position):
        return position >= first and below(x[position], low)

    return centre, signals(t) and not signals(t - 1)


def sudden_loss(x, t, numbers, z, reliability, around, share):
    if t == 0:
        return None, False
    fall = x[t - 1] - x[t]
    if not (
        at_least(fall, z * sqrt(2) * numbers[2] * sqrt(1 - reliability)) and at_least(fall, share * x[t - 1])
    ):
        return x[t - 1], False
    earlier, later = x[max(t - around, 0) : t], x[t : t + around]
    if len(earlier) < 2 or len(later) < 2:
        return None, False
    freedom = len(earlier) + len(later) - 2
    squares = (len(earlier) - 1) * stdev(earlier) ** 2 + (len(later) - 1) * stdev(later) ** 2
    apart = mean(earlier) - mean(later)
    return x[t - 1], below(T975[freedom] * sqrt(squares / freedom), apart)


def at_or_under(x, t, numbers, line):
    """At or below a line now, and not at the session before."""
    under = at_least(line, x[t])
    return line, under and not (t > 0 and at_least(line, x[t - 1]))


def detect(x, numbers, rule, e):
    """(episodes, trace) of one series by a rule; `e` holds what follows an opening, whichever rule opened it."""
    episodes, trace, inside = [], [], None
    usual, since = [], 0
    for t, value in enumerate(x):
        if inside is None:
            level, opens = rule(x, t, numbers)
            if opens:
                inside = {"start": t, "low": t, "end": t, "b": level, "outcome": "open", "usual": list(usual)}
                inside["repair"] = None
                episodes.append(inside)
                since = 0
            else:
                usual.append(t)
            state = "too few" if level is None else "rupture" if opens else "rated"
            trace.append((level, state, t if opens else None))
            continue
        inside["end"] = t
        b, state, opened = inside["b"], "in episode", inside["start"]
        if below(value, x[inside["low"]]):
            inside["low"], since = t, 0
        else:
            since += 1
            if at_least(value, b - (1 - e.return_share) * (b - x[inside["low"]])):
                after = x[t : t + e.strengthened_sessions]
                strong = len(after) == e.strengthened_sessions and at_least(
                    mean(after), b + e.strengthened_sigma * numbers[0]
                )
                inside["outcome"], inside["repair"] = "strengthened" if strong else "repaired", t
                state, inside = "repaired", None
                usual.append(t)
            elif since >= e.window:
                inside["outcome"], inside, usual = "unrepaired", None, []
        trace.append((b, state, opened))
    return episodes, trace
