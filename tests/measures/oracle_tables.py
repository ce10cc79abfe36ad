"""The slow, obvious version continued: what stands beside an episode, and the tables (METHODS 3, 4.4–4.6)."""

from __future__ import annotations

from math import sqrt
from statistics import fmean as mean
from statistics import linear_regression, stdev

from tests.measures.oracle import (
    FACETS,
    RATERS,
    SCALES,
    at_least,
    case_of,
    detect,
    noise,
    score,
    series_of,
)

# -- what stands beside an episode (METHODS 4.4, 4.5) -----------------------------------------------


def near(a, b, e):
    return a is not None and b is not None and abs(a - b) <= e.nearby_sessions


def during(session, first, last, e):
    """During the episode or within one session of it."""
    return first - e.nearby_sessions <= session <= last + e.nearby_sessions


def kind_of(markers, first, last, e):
    kinds = {m["kind"] for m in markers if during(m["session"], first, last, e)}
    kinds.discard(None)
    if len(kinds) == 2:
        return "both"
    return kinds.pop() if kinds else "unspecified"


def registered(episode, practitioner, sigmas, e):
    """Whether the practitioner's ratings (session → (instrument, pct)) moved; None where it cannot be said."""
    then = [practitioner[s] for s in (episode["start"], episode["start"] + 1) if s in practitioner]
    before = [practitioner[s][1] for s in episode["members"] if s in practitioner]
    if not then or not before:
        return None
    for instrument, value in then:
        line = e.registered_share * e.z_open * sigmas[instrument, "practitioner", "overall"]
        if at_least(mean(before) - value, line):
            return True
    return False


def episodes_of_case(case, all_series, sigmas, markers, over, e):
    """Rows of `episodes` for one case; `over` says whether an unfinished episode has ended."""
    found, traces = {}, {}
    for rater in RATERS:
        for scale in SCALES:
            for instrument, points in all_series.get((case, rater, scale), {}).items():
                sigma = sigmas[instrument, rater, scale]
                episodes, trace = detect(points, sigma, e)
                for episode in episodes:
                    episode["sigma"] = sigma
                found.setdefault((rater, scale), []).extend(episodes)
                for row in trace:
                    row["sigma"] = sigma
                traces.setdefault((rater, scale), []).extend(trace)
    practitioner = {
        session: (instrument, value)
        for instrument, points in all_series.get((case, "practitioner", "overall"), {}).items()
        for session, value in points
    }
    rows = []
    for (rater, scale), episodes in found.items():
        for ep in episodes:
            seen = None
            if scale == "overall":
                other = RATERS[1 - RATERS.index(rater)]
                opens = any(near(o["start"], ep["start"], e) for o in found.get((other, "overall"), []))
                if opens:
                    seen = "both"
                elif rater == "practitioner":
                    seen = "practitioner only"
                else:
                    moved = registered(ep, practitioner, sigmas, e)
                    seen = "unknown" if moved is None else "both" if moved else "client only"
            fallen = []
            for facet in FACETS:
                zs = [
                    r["z"]
                    for r in traces.get((rater, facet), [])
                    if r["session"] in (ep["start"], ep["low_session"]) and r["z"] is not None
                ]
                if any(at_least(z, e.z_strain) for z in zs):
                    fallen.append(facet)
            outcome = ep["outcome"]
            rows.append(
                {
                    "practitioner": case[0],
                    "client": case[1],
                    "rater": rater,
                    "facet": scale,
                    "start_session": ep["start"],
                    "low_session": ep["low_session"],
                    "repair_session": ep["repair"],
                    "baseline": ep["b"],
                    "low": ep["low"],
                    "depth_pct": ep["b"] - ep["low"],
                    "depth_sigma": (ep["b"] - ep["low"]) / ep["sigma"],
                    "outcome": "ended open" if outcome == "open" and over else outcome,
                    "kind": kind_of(markers, ep["start"], ep["end"], e),
                    "seen_by": seen,
                    "source": "score",
                    "facets_fallen": ";".join(fallen) or None,
                }
            )
    alone = set()
    for marker in markers:
        if marker["significance"] is None or marker["significance"] < e.marker_significance:
            continue
        overall = [ep for (_, scale), episodes in found.items() if scale == "overall" for ep in episodes]
        if not any(during(marker["session"], ep["start"], ep["end"], e) for ep in overall):
            alone.add(marker["session"])
    for session in alone:
        row = dict.fromkeys(rows[0] if rows else EPISODE_FIELDS)
        row |= {
            "practitioner": case[0],
            "client": case[1],
            "rater": "client",
            "facet": "overall",
            "start_session": session,
            "kind": kind_of(markers, session, session, e),
            "source": "marker",
        }
        rows.append(row)
    return rows, traces


EPISODE_FIELDS = [
    "practitioner",
    "client",
    "rater",
    "facet",
    "start_session",
    "low_session",
    "repair_session",
    "baseline",
    "low",
    "depth_pct",
    "depth_sigma",
    "outcome",
    "kind",
    "seen_by",
    "source",
    "facets_fallen",
]


# -- sessions, cases, practitioners (METHODS 3, 4.6, CONTRACT 3) ------------------------------------


def rates(row, rater):
    """Whether a row of sessions holds any score of this rater."""
    return any(row[f"{rater}_{scale}"] is not None for scale in SCALES)


def has_scale(scored):
    return any(scored[scale] is not None for scale in SCALES)


def session_rows(case, forms, by_key, trace):
    """Both sides beside each other; `trace` is the client's overall one."""
    traced = {row["session"]: row for row in trace}
    rows = []
    for session in sorted({f["session"] for f in forms}):
        dates = [f["date"] for f in forms if f["session"] == session and f["date"] is not None]
        row = {
            "practitioner": case[0],
            "client": case[1],
            "session": session,
            "date": min(dates, default=None),
        }
        for rater in RATERS:
            scored = by_key.get((*case, session, rater), {})
            for scale in SCALES:
                row[f"{rater}_{scale}"] = scored.get(f"{scale}_pct")
        for scale in SCALES:
            c, p = row[f"client_{scale}"], row[f"practitioner_{scale}"]
            row[f"gap_{scale}"] = None if c is None or p is None else p - c
        seen = traced.get(session, {"state": None, "level": None, "z": None})
        hidden = seen["state"] in ("in episode", "repaired")
        row["baseline"] = None if hidden else seen["level"]
        row["drop_z"] = None if hidden else seen["z"]
        rated = [rates(row, rater) for rater in RATERS]
        if seen["state"] in ("strain", "rupture", "in episode", "repaired"):
            row["state"] = seen["state"]
        elif any(rated) and not all(rated):
            row["state"] = "one side only"
        elif not any(rated):
            row["state"] = None
        else:  # rated by both, and a client form without an overall leaves too little to say
            row["state"] = seen["state"] or "too few"
        rows.append(row)
    return rows


def flat_at_ceiling(values, least):
    """Whether the latest rated sessions, `least` of them or more, all stand at the top mark."""
    return len(values) >= least and all(at_least(v, 100) for v in values[-least:])


def missing_run(rated):
    """How many of the latest sessions a rater left unrated."""
    return next((ago for ago, there in enumerate(reversed(rated)) if there), len(rated))


def falling_slowly(points, sigma, e, r):
    """(first session, ratings, fall, least fall that counts) of the line through the latest usual ratings; None where it is no slow fall."""
    episodes, trace = detect(points, sigma, e)
    if episodes and episodes[-1]["outcome"] == "open":
        return None
    usual = []
    for row in trace:
        if row["state"] in ("rupture", "in episode"):
            if any(ep["outcome"] == "unrepaired" and ep["end"] == row["session"] for ep in episodes):
                usual = []
        else:
            usual.append((row["session"], row["value"]))
    usual = usual[-r.falling_sessions :]
    if len(usual) < r.falling_from:
        return None
    places = list(range(len(usual)))
    slope = linear_regression(places, [x for _, x in usual]).slope
    around = mean(places)
    error = sigma / sqrt(sum((place - around) ** 2 for place in places))
    fall, least = -slope * places[-1], r.falling_z * error * places[-1]
    return (usual[0][0], len(usual), fall, least) if at_least(fall, least) else None


# two-sided 97.5 % points of t by degrees of freedom, typed from printed tables
T975 = {
    5: 2.570582,
    6: 2.446912,
    7: 2.364624,
    8: 2.306004,
    9: 2.262157,
    10: 2.228139,
    11: 2.200985,
    12: 2.178813,
    13: 2.160369,
    14: 2.144787,
    15: 2.131450,
    16: 2.119905,
    17: 2.109816,
    18: 2.100922,
    19: 2.093024,
    20: 2.085963,
    21: 2.079614,
    22: 2.073873,
    23: 2.068658,
    24: 2.063899,
    25: 2.059539,
}


def case_row(case, sessions, episodes, note, last, newest, raters, settings):
    """One row of cases; `raters` are those who rate at all in this practitioner's data."""
    gaps = [row["gap_overall"] for row in sessions if row["gap_overall"] is not None]
    client = [row["client_overall"] for row in sessions if row["client_overall"] is not None]
    a = settings.agreement
    row = {
        "practitioner": case[0],
        "client": case[1],
        "team": note.get("team"),
        "approach": note.get("approach"),
        "sessions": len(sessions),
        "paired_sessions": len(gaps),
        "client_overall": client[-1] if client else None,
        "mean_gap": None,
        "mean_abs_gap": None,
        "gap_low": None,
        "gap_high": None,
    }
    if len(gaps) >= a.mean_from:
        row["mean_gap"], row["mean_abs_gap"] = mean(gaps), mean(abs(g) for g in gaps)
    if len(gaps) >= a.interval_from:
        half = T975[len(gaps) - 1] * stdev(gaps) / sqrt(len(gaps))
        row["gap_low"], row["gap_high"] = mean(gaps) - half, mean(gaps) + half
    row["open_episode"] = (
        "yes"
        if any(
            ep["rater"] == "client" and ep["facet"] == "overall" and ep["outcome"] == "open"
            for ep in episodes
        )
        else "no"
    )
    if note.get("closed") is not None:
        row["state"] = "closed"
    elif last is None:
        row["state"] = None
    else:
        quiet = (newest - last).days > settings.episodes.ended_after_days
        row["state"] = "quiet" if quiet else "active"
    row["flat at ceiling"] = flat_at_ceiling(client, settings.readings.ceiling_sessions)
    runs = {rater: missing_run([rates(s, rater) for s in sessions]) for rater in raters}
    row["missing"] = [rater for rater in raters if runs[rater] >= settings.readings.missing_sessions]
    return row


def newest_day(forms, r):
    """The latest day of a session that is not far from all others; None where there is none."""
    days = {}
    for f in forms:
        if f["date"] is not None:
            key = (*case_of(f), f["session"])
            days[key] = min(f["date"], days.get(key, f["date"]))
    groups = []
    for day in sorted(days.values()):
        near_to = [g for g in groups if any(abs((day - other).days) <= r.far_days for other in g)]
        groups = [g for g in groups if g not in near_to] + [[day, *(one for g in near_to for one in g)]]
    small = [g for g in groups if len(g) == 1 or len(g) <= r.far_share * len(days) + 1e-9]
    believed = [day for g in groups if g not in small for day in g]
    if not len(believed) > len(days) / 2:
        believed = list(days.values())
    return max(believed, default=None)


def practitioner_row(name, cases, sessions, episodes):
    sessions = [s for s in sessions if s["practitioner"] == name]
    own = [
        ep
        for ep in episodes
        if ep["practitioner"] == name
        and (ep["rater"], ep["facet"], ep["source"]) == ("client", "overall", "score")
    ]
    gaps = [s["gap_overall"] for s in sessions if s["gap_overall"] is not None]
    clients = {}
    for s in sessions:
        if s["client_overall"] is not None:
            clients.setdefault(s["client"], []).append(s["client_overall"])
    outcomes = [ep["outcome"] for ep in own]
    seen = [ep["seen_by"] for ep in own]
    return {
        "practitioner": name,
        "cases": len(cases),
        "sessions": len(sessions),
        "paired_sessions": len(gaps),
        "mean_client_overall": mean(mean(v) for v in clients.values()) if clients else None,
        "mean_gap": mean(gaps) if gaps else None,
        "episodes": len(own),
        "repaired": outcomes.count("repaired"),
        "strengthened": outcomes.count("strengthened"),
        "unrepaired": outcomes.count("unrepaired"),
        "open": outcomes.count("open") + outcomes.count("ended open"),
        "recognised": seen.count("both"),
        "recognisable": seen.count("both") + seen.count("client only"),
    }


def analyse(forms, markers, notes, settings):
    """Everything, as lists of dicts: scores, sessions, episodes, cases, practitioners, noise, traces."""
    e = settings.episodes
    scores = [row for row in map(score, forms) if row is not None]
    by_key = {(*case_of(r), r["session"], r["rater"]): r for r in scores}
    sigmas, all_series = noise(scores, settings), series_of(scores)
    newest = newest_day(forms, settings.readings)
    out = {"scores": scores, "sessions": [], "episodes": [], "cases": [], "traces": {}, "noise": sigmas}
    every = sorted({case_of(line) for line in (*forms, *markers, *notes)})
    for case in every:
        own = [f for f in forms if case_of(f) == case]
        note = next((n for n in notes if case_of(n) == case), {})
        last = max((f["date"] for f in own if f["date"] is not None and f["date"] <= newest), default=None)
        over = note.get("closed") is not None or (
            last is not None and (newest - last).days > e.ended_after_days
        )
        episodes, traces = episodes_of_case(
            case, all_series, sigmas, [m for m in markers if case_of(m) == case], over, e
        )
        sessions = session_rows(case, own, by_key, traces.get(("client", "overall"), []))
        out["episodes"] += episodes
        out["sessions"] += sessions
        raters = [r for r in RATERS if r == "client" or any(s["rater"] == r and has_scale(s) for s in scores)]
        out["cases"].append(case_row(case, sessions, episodes, note, last, newest, raters, settings))
        parts = all_series.get((case, "client", "overall"), {})
        latest = max(parts, key=lambda instrument: parts[instrument][-1][0], default=None)
        out["cases"][-1]["falling slowly"] = latest is not None and (
            falling_slowly(parts[latest], sigmas[latest, "client", "overall"], e, settings.readings)
            is not None
        )
        for key, trace in traces.items():
            out["traces"][case, *key] = trace
    out["practitioners"] = [
        practitioner_row(name, [case for case in every if case[0] == name], out["sessions"], out["episodes"])
        for name in sorted({practitioner for practitioner, _ in every})
    ]
    return out
