"""The slow, obvious version of the rule last_three: one series at a time, plain lists, written from its description alone."""

from __future__ import annotations

from math import sqrt
from statistics import fmean as mean

from tests.measures.oracle import at_least, below


def strongest_fall(usual, x, sigma, centre, prior, most, least):
    """(z, level, level of the single rating) over windows of this rating and the latest usual ones; None where nothing can be said."""
    found, alone = None, None
    for k in range(1, most + 1):
        earlier = usual[len(usual) - (k - 1) :] if k > 1 else []
        before = usual[: len(usual) - (k - 1)]
        if len(earlier) < k - 1 or len(before) < least:
            continue
        level = (sum(before) + prior * centre) / (len(before) + prior)
        z = (level - mean([*earlier, x])) / (sigma * sqrt(1 / k + 1 / (len(before) + prior)))
        alone = level if k == 1 else alone
        if found is None or below(found[0], z):
            found = (z, level)
    return None if found is None else (*found, alone)


def detect(x, sigma, centre, prior, settings):
    """(episodes, trace) of one series: trace has (level, state, start of the episode) for every rating."""
    e, own = settings.episodes, settings.last_three
    usual, episodes, trace, inside, since = [], [], [], None, 0
    for t, value in enumerate(x):
        if inside is None:
            fall = strongest_fall(usual, value, sigma, centre, prior, own.sessions, e.min_baseline)
            state, level = "too few", None
            if fall is not None:
                z, from_level, level = fall
                large = at_least(from_level - value, e.min_drop_sigma * sigma)
                opens = large and at_least(z, own.z_open)
                strain = large and not opens and at_least(z, own.z_strain)
                state = "rupture" if opens else "strain" if strain else "rated"
                level = from_level if opens or strain else level
            if state == "rupture":
                inside = {"start": t, "low": t, "repair": None, "b": level, "outcome": "open"}
                episodes.append(inside)
                since = 0
            else:
                usual.append(value)
            trace.append((level, state, t if state == "rupture" else None))
            continue
        b, state, opened = inside["b"], "in episode", inside["start"]
        if below(value, x[inside["low"]]):
            inside["low"], since = t, 0
        else:
            since += 1
            if at_least(value, b - (1 - e.return_share) * (b - x[inside["low"]])):
                after = x[t : t + e.strengthened_sessions]
                full = len(after) == e.strengthened_sessions
                strong = full and at_least(mean(after), b + e.strengthened_sigma * sigma)
                inside["outcome"], inside["repair"] = "strengthened" if strong else "repaired", t
                state, inside = "repaired", None
                usual.append(value)
            elif since >= e.window:
                inside["outcome"], inside, usual = "unrepaired", None, []
        trace.append((b, state, opened))
    return episodes, trace
