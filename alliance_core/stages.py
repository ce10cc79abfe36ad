"""The computation in two steps, so that the data may come in parts: what a part adds to what all share, then everything in it.

A part holds whole cases, all of their forms. `prepared` scores it and puts both sides beside each other; `added` is what it adds to σ, to practitioners' and
the service's figures, to the newest day; `shared` draws that together; `measured` is then all there is to say of the part's cases, and `practitioners` of everybody.
With a single part that is `analysis.analyse`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from alliance_core.measures import (
    agenda,
    agreement,
    all_episodes,
    case_agreement,
    caseloads,
    days,
    episodes,
    noise,
    paired,
    readings,
    scores,
    series,
    slow_falls,
    summaries,
    sums,
)
from alliance_core.measures.at_once import both
from alliance_core.measures.caseloads import CaseloadSums
from alliance_core.measures.detectors import BASELINE, DETECTORS, Courses
from alliance_core.measures.detectors.lines import lines_of
from alliance_core.settings import Settings
from alliance_core.tables import CASE_NOTES, MARKERS, empty
from alliance_core.work_tables import READINGS

_CASE = ["practitioner", "client"]


@dataclass(frozen=True)
class Part:
    """Whole cases, before anything is known of others. Cases are numbered as they come.

    `forms` in key order, `scored` the scores of the answered ones with case, range_min and range_max, `form` the row of each in `forms`, `as_given` whether they are the forms as they were handed in, one by one, `rows` their series
    (series.rated_series) with their `groups` (noise.groups_of), `sessions` both sides beside each other (agreement.side_by_side) with the row there of each scored form (`at`), `pairs` of paired.paired.
    """

    forms: pd.DataFrame
    scored: pd.DataFrame
    form: np.ndarray
    as_given: bool
    rows: pd.DataFrame
    groups: noise.Groups
    sessions: pd.DataFrame
    at: np.ndarray
    pairs: pd.DataFrame


def prepared(forms: pd.DataFrame) -> Part:
    """In: FORMS columns, in any order. Raises ValueError when one rater has two forms for one session (reading has that settled beforehand)."""
    given = forms["range_min"].to_numpy()
    forms = series.in_key_order(forms)
    copied = not np.may_share_memory(given, forms["range_min"].to_numpy())
    forms = forms.assign(case=series.case_numbers(forms).astype(np.int32))
    scored = scores.score(forms).assign(**{name: forms[name] for name in ("case", "range_min", "range_max")})
    form = np.flatnonzero(scores.answered(scored))
    if len(form) < len(forms):
        scored = scored.take(form).reset_index(drop=True)
    ((sessions, at), pairs), rows = both(
        lambda: (agreement.side_by_side(forms, scored, form), paired.paired(scored)),
        lambda: series.rated_series(scored),
    )
    as_given = not copied and len(form) == len(forms)
    return Part(forms, scored, form, as_given, rows, noise.groups_of(rows), sessions, at, pairs)


@dataclass(frozen=True)
class Sums:
    """What a part adds: to σ (noise.sums), the σ of gaps (agreement.gap_steps), the days with sessions (days.counted), the figures of caseloads; the instruments of clients'
    forms; whether practitioners rate at all."""

    noise: pd.DataFrame
    gaps: pd.DataFrame
    days: pd.DataFrame
    caseloads: CaseloadSums
    instruments: frozenset[str]
    both_rate: bool


def added(part: Part, settings: Settings) -> Sums:
    of_caseloads, of_rows = both(
        lambda: caseloads.sums(part.sessions, part.pairs, settings.agreement),
        lambda: noise.sums(part.rows, part.groups),
    )
    return Sums(
        noise=of_rows,
        gaps=agreement.gap_steps(part.pairs),
        days=days.counted(part.sessions),
        caseloads=of_caseloads,
        instruments=paired.instruments_of_clients(part.scored),
        both_rate=readings.both_rate(part.sessions),
    )


@dataclass(frozen=True)
class Shared:
    """What is the same for all parts: σ and the other spreads (noise.noise), σ of gaps (pct points), the newest day that is not far, the sums of all caseloads, the number of
    instruments of clients' forms, whether practitioners rate at all."""

    noise: pd.DataFrame
    gap_sigma: float
    newest: pd.Timestamp
    caseloads: CaseloadSums
    instruments: int
    both_rate: bool


def shared(parts: Sequence[Sums], settings: Settings) -> Shared:
    """What all parts, at least one, add up to; the same bits whenever they come in the same order."""
    return Shared(
        noise=noise.noise_of(sums.together([part.noise for part in parts]), settings.noise),
        gap_sigma=agreement.gap_sigma(sums.together([part.gaps for part in parts]), settings.noise),
        newest=days.newest(sums.together([part.days for part in parts]), settings.readings),
        caseloads=caseloads.merged([part.caseloads for part in parts]),
        instruments=len(frozenset().union(*(part.instruments for part in parts))),
        both_rate=any(part.both_rate for part in parts),
    )


@dataclass(frozen=True)
class Beside:
    """What optional sheets say of a part's cases: MARKERS, CASE_NOTES, READINGS of tasks and goals; and the cases that only they name (practitioner, client)."""

    markers: pd.DataFrame = field(default_factory=lambda: empty(MARKERS))
    cases: pd.DataFrame = field(default_factory=lambda: empty(CASE_NOTES))
    readings: pd.DataFrame = field(default_factory=lambda: empty(READINGS))
    unrated: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({name: pd.Series(dtype="str") for name in _CASE})
    )


@dataclass(frozen=True)
class Measured:
    """All there is to say of a part's cases: frames as of analysis.Analysis, not shaped yet; `agreed` AGREEMENT of the rated cases; `counts`, what the part adds to
    PRACTITIONERS."""

    sessions: pd.DataFrame
    episodes: pd.DataFrame
    own_episodes: pd.DataFrame
    cases: pd.DataFrame
    agreed: pd.DataFrame
    agenda: pd.DataFrame
    trace: pd.DataFrame
    courses: Courses
    counts: pd.DataFrame


def measured(
    part: Part, beside: Beside, common: Shared, settings: Settings, methods: Sequence[str]
) -> Measured:
    """`methods`: names of DETECTORS; the first is the one that everything but `episodes` stands on."""
    rows, courses = part.rows, _courses(part, common.noise, settings)
    # The columns of `sessions` are those of the rule `baseline`, whichever rules were asked for.
    rules = [DETECTORS[name] for name in {BASELINE.name, *methods}]
    agreed, seen = both(
        lambda: case_agreement.case_agreement(part.sessions, part.pairs, settings.agreement),
        lambda: {rule.name: rule.find(courses, settings) for rule in rules},
    )
    traces = {name: episodes.trace(rows, courses.sigma, seen[name]) for name in {BASELINE.name, methods[0]}}
    sessions = agreement.with_states(part.sessions, part.at, traces[BASELINE.name])
    states = readings.case_states(sessions, beside.unrated, beside.cases, common.newest, settings.episodes)
    asked = {name: seen[name] for name in methods}
    usual_gaps = common.caseloads.pairs["mean"]
    (missing, wider, slow), found = both(
        lambda: (
            readings.missing_since(sessions, common.both_rate, settings.readings),
            agreement.widening(sessions, usual_gaps, common.gap_sigma, settings),
            slow_falls.falling_slowly(rows, courses.sigma, seen[methods[0]], settings.readings),
        ),
        lambda: all_episodes.all_episodes(rows, courses, asked, states, beside.markers, settings.episodes),
    )
    own = found
    if len(methods) > 1:
        own = found[(found["method"] == methods[0]).to_numpy()].reset_index(drop=True)
    talk = agenda.agenda(sessions, states, own, missing, wider, slow, beside.readings, settings)
    lines = summaries.cases(sessions, states, beside.cases, own, agenda.flags(talk), agreed)
    counts = summaries.counts(lines, own)
    found, own, talk = (frame.drop(columns="case") for frame in (found, own, talk))
    return Measured(sessions, found, own, lines, agreed, talk, traces[methods[0]], courses, counts)


def _courses(part: Part, sigmas: pd.DataFrame, settings: Settings) -> Courses:
    """What the rules read of the rows."""
    rows = part.rows
    usual = noise.by_group(part.groups, sigmas, "sigma", "within", "spread", "centre", "prior")
    sizes = np.bincount(rows["series"].to_numpy(), minlength=len(part.groups.code))
    sigma = np.repeat(usual.pop("sigma")[part.groups.code], sizes)
    lines = lines_of(rows, part.scored, settings.threshold)
    groups = part.groups.code, usual
    return Courses(rows["series"].to_numpy(), rows["value"].to_numpy(), sigma, lines=lines, groups=groups)


def practitioners(
    counts: Sequence[pd.DataFrame], common: Shared, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """PRACTITIONERS, CASELOADS of those with a rated case, and SERVICE columns, from the `counts` of all parts."""
    loads, service = caseloads.figures(common.caseloads, common.instruments, settings)
    people = summaries.practitioners(sums.together(counts), common.caseloads.pairs, loads)
    return people, loads, service
