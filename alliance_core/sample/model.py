"""The simulation: cases with a level of their own, slow growth, session noise and planted ruptures.

Answers to the WAI-SR by client and practitioner are drawn for whole arrays at once, shaped
cases × sessions × raters × items. Same design, same seed, same answers (numpy PCG64).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from alliance_core.instruments import instruments
from alliance_core.sample import work
from alliance_core.sample.parameters import Parameters
from alliance_core.sample.ruptures import OUTCOMES, Ruptures, effects, plant
from alliance_core.tables import CASE_NOTES, FACETS, FORMS, MARKERS, Column, Ratings, Table, shaped

INSTRUMENT = "wai-sr"
RATERS = ("client", "practitioner")

TRUTH = Table(
    "truth",
    "one planted rupture",
    (
        Column("practitioner", "text", "identifier of the practitioner", True),
        Column("client", "text", "identifier of the client", True),
        Column("start_session", "whole", "first session with a lower level", True),
        Column("low_session", "whole", "session with the lowest level"),
        Column(
            "end_session",
            "whole",
            "session at which the level is back (repaired, strengthened) or the wait is over (unrepaired); empty while open",
        ),
        Column("kind", "text", "withdrawal or confrontation"),
        Column("outcome", "text", "repaired, strengthened, unrepaired, open"),
        Column("depth", "number", "fall of the client's overall level, pct points"),
        Column("seen_by_practitioner", "text", "yes when the practitioner's level falls too, else no"),
    ),
)

# 3RS manual (Eubanks, Muran & Safran 2015), names only.
MARKER_NAMES = {
    "withdrawal": (
        "denial",
        "minimal response",
        "abstract communication",
        "avoidant storytelling or shifting topic",
        "deferential and appeasing",
        "content/affect split",
        "self-criticism or hopelessness",
    ),
    "confrontation": (
        "complaint about the practitioner",
        "rejects intervention",
        "complaint about activities",
        "complaint about parameters",
        "complaint about progress",
        "defends self",
        "efforts to control or pressure",
    ),
}
TEAMS = ("Team A", "Team B")
APPROACHES = ("CBT", "psychodynamic", "integrative")


@dataclass(frozen=True)
class Design:
    """How much to simulate: practitioners, cases of each, sessions of each case; and the assumptions.

    Raises ValueError where a number is below 1.
    """

    practitioners: int = 4
    cases: int = 6
    sessions: int = 12
    parameters: Parameters = field(default_factory=Parameters)

    def __post_init__(self) -> None:
        for name in ("practitioners", "cases", "sessions"):
            if not getattr(self, name) >= 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be 1 or more.")


class Simulation(NamedTuple):
    """What was made. `truth` says what a perfect detector would find; nothing else knows it.

    forms: as tables.FORMS, items 1–12, no supplied scores, in key order; a missed form is a missing row.
    markers: as tables.MARKERS. cases: as tables.CASE_NOTES. truth: as TRUTH, in key order. tasks, goals: as tables.TASKS, GOALS;
    they come from a random stream of their own and know nothing of the ruptures.
    """

    forms: pd.DataFrame
    markers: pd.DataFrame
    cases: pd.DataFrame
    truth: pd.DataFrame
    tasks: pd.DataFrame
    goals: pd.DataFrame

    @property
    def ratings(self) -> Ratings:
        """The same as reading would hand it to the analysis."""
        return Ratings(self.forms, self.markers, self.cases, self.tasks, self.goals)


class _Cases(NamedTuple):
    practitioner: np.ndarray  # text, one a case
    client: np.ndarray
    dates: np.ndarray  # cases × sessions
    closed: np.ndarray  # bool


def simulate(design: Design, seed: int) -> Simulation:
    """Ratings of a service that does not exist, with every planted rupture on record.

    Deterministic in design and seed. Sessions are numbered from 1 and dated; forms are missing at
    random and, in some cases, from a session on. Sources of the assumptions: Parameters.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    p = design.parameters
    count = design.practitioners * design.cases
    cases = _draw_cases(rng, design, count)
    ceiling = rng.random(count) < p.ceiling_chance
    ruptures = plant(rng, p, count, design.sessions, allowed=~ceiling)
    answers = _draw_answers(rng, design, count, ruptures, ceiling)
    present = _draw_present(rng, p, count, design.sessions)
    truth = _truth(cases, ruptures)
    return Simulation(
        _forms(cases, answers, present),
        _markers(rng, p, cases, truth, design.sessions),
        _case_notes(rng, design, cases),
        truth,
        *work.draw(p, cases.practitioner, cases.client, present[:, :, 0] | present[:, :, 1], seed),
    )


def _ids(prefix: str, count: int, width: int) -> np.ndarray:
    digits = max(width, len(str(count)))
    return np.array([f"{prefix}{number:0{digits}d}" for number in range(1, count + 1)], dtype=object)


def _draw_cases(rng: np.random.Generator, design: Design, count: int) -> _Cases:
    p = design.parameters
    off = np.where(
        rng.random((count, design.sessions)) < p.gap_chance, rng.integers(1, 4, (count, design.sessions)), 0
    )
    weeks = np.cumsum(1 + off, axis=1)
    closed = rng.random(count) < p.closed_chance
    weeks_ago = np.where(closed, rng.integers(3, 26, count), rng.integers(0, 2, count))
    days_ago = 7 * weeks_ago - rng.integers(0, 5, count)
    last = np.datetime64(p.newest_week, "D") - days_ago.astype("timedelta64[D]")
    return _Cases(
        np.repeat(_ids("P", design.practitioners, 2), design.cases),
        _ids("C-", count, 3),
        last[:, None] - (7 * (weeks[:, -1:] - weeks)).astype("timedelta64[D]"),
        closed,
    )


def _draw_answers(
    rng: np.random.Generator, design: Design, count: int, ruptures: Ruptures, ceiling: np.ndarray
) -> np.ndarray:
    """cases × sessions × raters × items, whole marks, NaN where an answer was left out."""
    p, n = design.parameters, design.sessions
    instrument = instruments()[INSTRUMENT]
    lowest, highest = instrument.range or (1, 5)
    facet_of = np.array(
        [
            next(f for f, name in enumerate(FACETS) if i in instrument.facets[name])
            for i in range(1, instrument.items + 1)
        ]
    )

    both = rng.normal(size=(count, 2))
    own = both[:, :1] * [1, p.agreement] + both[:, 1:] * [0, np.sqrt(1 - p.agreement**2)]
    caseload = np.repeat(rng.normal(size=(design.practitioners, 1)), design.cases, axis=0)
    own = np.sqrt(1 - p.practitioner_share) * own + np.sqrt(p.practitioner_share) * caseload
    score_sd = np.sqrt(p.client_sd**2 + p.session_sd**2)
    level = p.level + p.client_sd * own - [0, p.practitioner_lower_sd * score_sd]

    rise = rng.normal(p.growth, p.growth_sd, (count, 1)) * -np.expm1(-np.arange(n) / p.growth_sessions)
    felt = rng.normal(size=(count, n, 1))
    alone = rng.normal(size=(count, n, 2))
    noise = p.session_sd * (np.sqrt(p.session_shared) * felt + np.sqrt(1 - p.session_shared) * alone)
    fall = effects(p, ruptures, n)  # cases × sessions × raters × facets

    facets = (level[:, None, :] + rise[:, :, None] + noise)[..., None] + fall
    facets = facets + p.facet_sd * rng.normal(size=facets.shape)
    items = facets[..., facet_of] + p.item_sd * rng.normal(size=(count, n, 2, instrument.items))
    marks = np.clip(np.rint(items), lowest, highest)
    marks[:, :, 0][ceiling] = highest
    left_out = rng.random(marks.shape) < p.missed_item
    left_out[:, :, 0][ceiling] = False
    return np.where(left_out, np.nan, marks)


def _draw_present(rng: np.random.Generator, p: Parameters, count: int, sessions: int) -> np.ndarray:
    """cases × sessions × raters: was the form filled in? The practitioner's first form always is."""
    present = rng.random((count, sessions, 2)) >= [p.missed_client, p.missed_practitioner]
    stopped = np.where(
        rng.random(count) < p.stopped_chance, rng.integers(2, p.stopped_sessions + 1, count), 0
    )
    present[:, :, 0] &= np.arange(sessions) < sessions - stopped[:, None]
    present[:, 0, 1] = True  # so that every case, however short, is in the file
    return present


def _forms(cases: _Cases, answers: np.ndarray, present: np.ndarray) -> pd.DataFrame:
    case, session, rater = np.nonzero(present)
    chosen = answers[case, session, rater]
    lowest, highest = instruments()[INSTRUMENT].range or (1, 5)
    columns = {
        "practitioner": cases.practitioner[case],
        "client": cases.client[case],
        "session": session + 1,
        "rater": np.array(RATERS, dtype=object)[rater],
        "date": cases.dates[case, session].astype("datetime64[us]"),
        "instrument": INSTRUMENT,
        "range_min": float(lowest),
        "range_max": float(highest),
        **{f"item_{i + 1}": chosen[:, i] for i in range(chosen.shape[1])},
    }
    return shaped(pd.DataFrame(columns), FORMS)


def _truth(cases: _Cases, ruptures: Ruptures) -> pd.DataFrame:
    case, slot = np.nonzero(ruptures.planted)
    lowest, highest = instruments()[INSTRUMENT].range or (1, 5)
    end = ruptures.end[case, slot]
    frame = pd.DataFrame(
        {
            "practitioner": cases.practitioner[case],
            "client": cases.client[case],
            "start_session": ruptures.start[case, slot] + 1,
            "low_session": ruptures.low[case, slot] + 1,
            "end_session": pd.array(np.where(end < 0, 0, end + 1), dtype="Int64"),
            "kind": np.where(ruptures.confrontation[case, slot], "confrontation", "withdrawal"),
            "outcome": OUTCOMES[ruptures.outcome[case, slot]],
            "depth": 100 * ruptures.depth[case, slot] / (highest - lowest),
            "seen_by_practitioner": np.where(ruptures.noticed[case, slot], "yes", "no"),
        }
    )
    frame["end_session"] = frame["end_session"].mask(frame["outcome"].eq("open"))
    return shaped(frame, TRUTH)


def _markers(
    rng: np.random.Generator, p: Parameters, cases: _Cases, truth: pd.DataFrame, sessions: int
) -> pd.DataFrame:
    """Some planted ruptures were recorded, at their lowest session; some cases have a marker besides."""
    recorded = truth.loc[rng.random(len(truth)) < p.marker_chance]
    repaired = recorded["outcome"].isin(["repaired", "strengthened"]).to_numpy()
    planted = pd.DataFrame(
        {
            "practitioner": recorded["practitioner"],
            "client": recorded["client"],
            "session": recorded["low_session"],
            "kind": recorded["kind"],
            "significance": rng.integers(3, 6, len(recorded)),
            "resolution": np.where(
                repaired, rng.integers(3, 6, len(recorded)), rng.integers(1, 3, len(recorded))
            ),
        }
    )
    at = np.nonzero(rng.random(len(cases.client)) < p.stray_marker_chance)[0]
    stray = pd.DataFrame(
        {
            "practitioner": cases.practitioner[at],
            "client": cases.client[at],
            "session": rng.integers(1, sessions + 1, len(at)),
            "kind": np.where(rng.random(len(at)) < p.confrontation_chance, "confrontation", "withdrawal"),
            "significance": rng.integers(1, 4, len(at)),
            "resolution": rng.integers(2, 6, len(at)),
        }
    )
    both = pd.concat([shaped(planted, MARKERS), shaped(stray, MARKERS)], ignore_index=True)
    which = rng.integers(0, len(MARKER_NAMES["withdrawal"]), len(both))
    names = np.array([MARKER_NAMES["withdrawal"], MARKER_NAMES["confrontation"]], dtype=object)
    both["marker"] = pd.Series(
        names[both["kind"].eq("confrontation").to_numpy().astype(int), which], dtype="str"
    )
    both["noted_by"] = both["practitioner"]
    return shaped(both.sort_values(MARKERS.keys, kind="stable"), MARKERS)


def _case_notes(rng: np.random.Generator, design: Design, cases: _Cases) -> pd.DataFrame:
    team = np.arange(design.practitioners) * len(TEAMS) // design.practitioners
    approach = rng.integers(0, len(APPROACHES), len(cases.client))
    last = pd.Series(cases.dates[:, -1].astype("datetime64[us]"))
    return shaped(
        pd.DataFrame(
            {
                "practitioner": cases.practitioner,
                "client": cases.client,
                "team": np.array(TEAMS, dtype=object)[np.repeat(team, design.cases)],
                "approach": np.array(APPROACHES, dtype=object)[approach],
                "started": cases.dates[:, 0].astype("datetime64[us]"),
                "closed": last.where(cases.closed),
            }
        ),
        CASE_NOTES,
    )
