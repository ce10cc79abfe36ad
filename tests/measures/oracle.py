"""The slow, obvious version of METHODS 2–4: plain loops over plain lists, one case at a time.

It was written from the description of the methods alone and shares no line with the code under
test. Forms, markers and notes are dicts; what is unknown is None. A score that lies on a line counts
as having reached it: comparisons allow 1e-9 in favour of ≥, and a strict < needs more than that.
"""

from __future__ import annotations

from itertools import pairwise
from math import sqrt
from statistics import fmean as mean
from statistics import stdev

FACETS = ["goal", "task", "bond"]
SCALES = [*FACETS, "overall"]
RATERS = ["client", "practitioner"]
TIE = 1e-9

# METHODS 2, typed again: items, range, task, bond, goal, reversed, minimum per facet, minimum overall
KEYS = {
    "wai-sr": (12, 1, 5, [1, 2, 10, 12], [3, 5, 7, 9], [4, 6, 8, 11], [], 3, 10),
    "wai-s": (12, 1, 7, [1, 2, 8, 12], [3, 5, 7, 9], [4, 6, 10, 11], [4, 10], 3, 10),
    "wai-36": (
        36,
        1,
        7,
        [2, 4, 7, 11, 13, 15, 16, 18, 24, 31, 33, 35],
        [1, 5, 8, 17, 19, 20, 21, 23, 26, 28, 29, 36],
        [3, 6, 9, 10, 12, 14, 22, 25, 27, 30, 32, 34],
        [1, 3, 7, 9, 10, 11, 12, 15, 20, 27, 29, 31, 33, 34],
        9,
        30,
    ),
    "wai-srt": (10, 1, 5, [1, 4, 10], [2, 5, 7, 9], [3, 6, 8], [], 3, 9),
    "sai": (6, 0, 5, [], [], [], [], 0, 5),
    "four-lines": (4, 0, 10, [3], [1], [2], [], 1, 4),
}


def at_least(a, b):
    return a >= b - TIE


def below(a, b):
    return a < b - TIE


def case_of(row):
    return row["practitioner"], row["client"]


# -- scoring (METHODS 2) ----------------------------------------------------------------------------


def score(form):
    """The scores of one form, or None when nobody answered anything."""
    row = {k: form[k] for k in ("practitioner", "client", "session", "rater", "date", "instrument")}
    low, high = form["low"], form["high"]
    if form["instrument"] in KEYS:
        count, low, high, task, bond, goal, backwards, least, least_overall = KEYS[form["instrument"]]
        answers = {}
        for number in range(1, count + 1):
            answer = form["items"][number - 1]
            if answer is not None:
                answers[number] = low + high - answer if number in backwards else answer
        if not answers:
            return None
        for facet, items in (("goal", goal), ("task", task), ("bond", bond)):
            there = [answers[i] for i in items if i in answers]
            row[facet] = mean(there) if items and len(there) >= least else None
        every_facet = all(row[f] is not None for f in FACETS) or not (goal or task or bond)
        row["overall"] = mean(answers.values()) if len(answers) >= least_overall and every_facet else None
        row["items_answered"], row["items_expected"] = len(answers), count
    else:
        given = form["given"]
        wanted = SCALES if form["instrument"] == "facets" else ["overall"]
        for scale in SCALES:
            row[scale] = given.get(scale) if scale in wanted else None
        if all(row[scale] is None for scale in wanted):
            return None
        if form["instrument"] == "facets" and all(row[f] is not None for f in FACETS):
            row["overall"] = mean(row[f] for f in FACETS)
        row["items_answered"] = row["items_expected"] = None
    for scale in SCALES:
        value = row[scale]
        row[f"{scale}_pct"] = None if value is None else 100 * (value - low) / (high - low)
    return row


# -- the series of one rater's scale in one case ----------------------------------------------------


def series_of(scores):
    """(case, rater, scale) → {instrument: [(session, pct), …]}: a change of instrument is another series."""
    found = {}
    for row in sorted(scores, key=lambda r: r["session"]):
        if row["rater"] not in RATERS:
            continue
        for scale in SCALES:
            value = row[f"{scale}_pct"]
            if value is not None:
                series = found.setdefault((case_of(row), row["rater"], scale), {})
                series.setdefault(row["instrument"], []).append((row["session"], value))
    return found


def step(instrument, scale):
    if instrument not in KEYS:
        return 0.0
    count, low, high, task, bond, goal, *_ = KEYS[instrument]
    items = {"goal": len(goal), "task": len(task), "bond": len(bond), "overall": count}[scale]
    return 100 / (items * (high - low)) if items else 0.0


def noise(scores, settings):
    """(instrument, rater, scale) → σ of METHODS 4.1."""
    s = settings.noise
    squares, values = {}, {}
    for (_, rater, scale), parts in series_of(scores).items():
        for instrument, points in parts.items():
            key = instrument, rater, scale
            values.setdefault(key, []).extend(x for _, x in points)
            squares.setdefault(key, []).extend(
                (after[1] - before[1]) ** 2 for before, after in pairwise(points)
            )
    sigmas = {}
    for key, found in values.items():
        if len(squares[key]) >= s.min_differences:
            sigma = sqrt(mean(d / 2 for d in squares[key]))
        else:  # no shipped instrument has a published SD
            sd = stdev(found) if len(found) >= s.min_scores else s.fallback_sd
            sigma = sd * sqrt(1 - s.dependability)
        sigmas[key] = max(sigma, s.floor, step(key[0], key[2]))
    return sigmas


# -- the detector (METHODS 4.2) ---------------------------------------------------------------------


def detect(points, sigma, e):
    """(episodes, trace) of one series; `e` holds the settings of episodes.

    An episode: start, low_session, end (last session so far), repair, b, low, m, members (sessions of B), outcome (open while unfinished).
    A trace row: session, value, level, m, z, state, episode.
    """
    members, episodes, trace = [], [], []
    inside = None
    for position, (session, x) in enumerate(points):
        row = {"session": session, "value": x, "level": None, "m": len(members), "z": None, "episode": None}
        trace.append(row)
        if inside is None:
            m = len(members)
            row["state"] = "too few" if m < e.min_baseline else "rated"
            if m >= e.min_baseline:
                b = mean(value for _, value in members)
                drop = b - x
                z = drop / (sigma * sqrt(1 + 1 / m))
                row["level"], row["z"] = b, z
                if at_least(drop, e.min_drop_sigma * sigma):
                    if at_least(z, e.z_open):
                        inside = {
                            "start": session,
                            "low_session": session,
                            "end": session,
                            "repair": None,
                            "b": b,
                            "low": x,
                            "m": m,
                            "members": [s for s, _ in members],
                            "outcome": "open",
                        }
                        episodes.append(inside)
                        since_low = 0
                        row["state"], row["episode"] = "rupture", session
                        continue
                    if at_least(z, e.z_strain):
                        row["state"] = "strain"
            members.append((session, x))
            continue
        b, m = inside["b"], inside["m"]
        inside["end"] = session
        row["level"], row["m"], row["episode"] = b, m, inside["start"]
        row["z"] = (b - x) / (sigma * sqrt(1 + 1 / m))
        row["state"] = "in episode"
        if below(x, inside["low"]):
            inside["low"], inside["low_session"] = x, session
            since_low = 0
            continue
        since_low += 1
        if at_least(x, b - (1 - e.return_share) * (b - inside["low"])):
            inside["repair"], row["state"] = session, "repaired"
            after = [value for _, value in points[position : position + e.strengthened_sessions]]
            strong = len(after) == e.strengthened_sessions and at_least(
                mean(after), b + e.strengthened_sigma * sigma
            )
            inside["outcome"] = "strengthened" if strong else "repaired"
            members.append((session, x))
            inside = None
        elif since_low >= e.window:
            inside["outcome"] = "unrepaired"
            members, inside = [], None
    return episodes, trace
