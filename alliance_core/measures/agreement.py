"""Both sides beside each other: sessions, gaps, and what may be said of a gap from so many pairs.

A gap is practitioner − client in pct points. That clients rate about half a standard deviation higher is the
norm (Tryon, Blackwell & Hammel 2007, d = .63), so a gap is judged against the practitioner's usual gap.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from alliance_core.measures import TIE
from alliance_core.measures.detectors import STATES
from alliance_core.measures.detectors.walk import INSIDE, RATED, REPAIRED, TOO_FEW
from alliance_core.measures.series import in_words, numbered, starts
from alliance_core.measures.sums import over, spreads
from alliance_core.settings import AgreementSettings, NoiseSettings, Settings
from alliance_core.tables import SCALES

_KEYS = ["practitioner", "client", "session"]
_STATES = (*STATES, "one side only", "")
_INSIDE = (INSIDE, REPAIRED)


def side_by_side(
    forms: pd.DataFrame, scored: pd.DataFrame, form: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray]:
    """SESSIONS columns up to the gaps, and case (its number): one row for every session that any form names, answered or not, in key order; and the row there of each scored form.

    In: forms in key order with the number of their case, the scores of the answered ones with the row of each in `forms` (`form`). Where forms of a session differ in
    date the earliest is shown. A side that did not rate is missing.
    """
    session = numbered(forms["case"].to_numpy(), forms["session"].to_numpy(np.int64))
    first = starts(session)
    told: dict[str, Any] = dict(forms[[*_KEYS, "case"]].take(first).reset_index(drop=True))
    told["date"] = _earliest(forms["date"].to_numpy(), first)
    row = session[form]
    for side in ("client", "practitioner"):
        rated = np.flatnonzero((scored["rater"] == side).to_numpy())
        at = row[rated]
        for scale in SCALES:
            told[f"{side}_{scale}"] = _placed(len(first), at, scored[f"{scale}_pct"].to_numpy()[rated])
    for scale in SCALES:
        told[f"gap_{scale}"] = told[f"practitioner_{scale}"] - told[f"client_{scale}"]
    return pd.DataFrame(told, copy=False), row


def _earliest(days: np.ndarray, first: np.ndarray) -> np.ndarray:
    """The earliest day of each stretch of rows, which begins at `first`; NaT where none has one."""
    if not len(first):
        return days
    late = np.where(np.isnat(days), np.iinfo(np.int64).max, days.view(np.int64))
    found = np.minimum.reduceat(late, first).view(days.dtype)
    found[found.view(np.int64) == np.iinfo(np.int64).max] = "NaT"
    return found


def with_states(sessions: pd.DataFrame, row: np.ndarray, trace: pd.DataFrame) -> pd.DataFrame:
    """SESSIONS columns. In: what `side_by_side` gives, and the detector's trace (its column `form` is the scored form)."""
    own = np.flatnonzero(((trace["rater"] == "client") & (trace["facet"] == "overall")).to_numpy())
    at = row[trace["form"].to_numpy()[own]]
    code = trace["state"].cat.codes.to_numpy()[own]
    state = np.full(len(sessions), -1, np.int8)
    state[at] = code
    inside = np.isin(code, _INSIDE)
    told = {
        name: _placed(len(sessions), at, np.where(inside, np.nan, trace[source].to_numpy()[own]))
        for name, source in (("baseline", "level"), ("drop_z", "z"))
    }
    return pd.DataFrame({**sessions, **told, "state": _states(sessions, state)}, copy=False)


def as_seen(sessions: pd.DataFrame, trace: pd.DataFrame) -> pd.DataFrame:
    """The sessions (SESSIONS columns, any cases) with baseline, drop_z and state of the rule that a trace belongs to."""
    own = trace[((trace["rater"] == "client") & (trace["facet"] == "overall")).to_numpy()]
    own = own[[*_KEYS, "level", "z", "state"]].astype(
        {"practitioner": "str", "client": "str", "state": "str"}
    )
    seen = sessions[_KEYS].merge(own, how="left", on=_KEYS)
    code = pd.Index(STATES).get_indexer(pd.Index(seen["state"])).astype(np.int8)
    inside = np.isin(code, _INSIDE)
    told = sessions.assign(
        baseline=seen["level"].mask(inside).to_numpy(float), drop_z=seen["z"].mask(inside).to_numpy(float)
    )
    return told.assign(state=_states(sessions, code).astype("str"))


def _placed(n: int, at: np.ndarray, values: np.ndarray) -> np.ndarray:
    result = np.full(n, np.nan)
    result[at] = values
    return result


def _states(sessions: pd.DataFrame, seen: np.ndarray) -> pd.Categorical:
    """The state of each session in words: what the detector saw comes before who rated. `seen`: numbers of the detector's STATES, −1 where it saw nothing."""
    client, practitioner = (
        np.logical_or.reduce([~np.isnan(sessions[f"{side}_{scale}"].to_numpy()) for scale in SCALES])
        for side in ("client", "practitioner")
    )
    told = np.where(seen < 0, np.int8(TOO_FEW), seen)
    telling = (seen >= 0) & (seen != TOO_FEW) & (seen != RATED)
    told[~telling & (client ^ practitioner)] = _STATES.index("one side only")
    told[~telling & ~client & ~practitioner] = _STATES.index("")
    return in_words(told, _STATES)


def gap_by_case(cases: pd.DataFrame, pairs: pd.DataFrame, settings: AgreementSettings) -> pd.DataFrame:
    """Per case: paired_sessions, mean_gap, mean_abs_gap (from 3 pairs), sd_gap, gap_low, gap_high (t-interval, from 6).

    In: `paired.paired` with cases numbered as they come in `cases` (practitioner, client). Pct points, practitioner − client; one row a case.
    """
    case, gap = pairs["case"].to_numpy(), pairs["gap"].to_numpy()
    found = spreads(case, gap, len(cases))
    n, mean = found["n"].astype("int64"), found["mean"]
    spread = pd.Series(np.sqrt(over(found["squares"].to_numpy(), n.to_numpy() - 1)))
    far = pd.Series(over(np.bincount(case, weights=np.abs(gap), minlength=len(cases)), n.to_numpy()))
    enough, interval = (n >= settings.mean_from), (n >= settings.interval_from)
    half = interval_half_width(spread, n, settings.interval_level)
    told = {
        "paired_sessions": n,
        "mean_gap": mean.where(enough),
        "mean_abs_gap": far.where(enough),
        "sd_gap": spread.where(interval),
        "gap_low": (mean - half).where(interval),
        "gap_high": (mean + half).where(interval),
    }
    return cases.reset_index(drop=True).assign(**told)


def interval_half_width(spread: pd.Series, n: pd.Series, level: float) -> pd.Series:
    """Half width of the t-interval of a mean: t·SD/√n with n − 1 degrees of freedom; missing below n = 2.

    >>> spread, n = pd.Series([38.765130]), pd.Series([17])
    >>> float(interval_half_width(spread, n, 0.95).round(3).iloc[0])
    19.931
    """
    freedom = (n - 1).where(n >= 2)
    return spread * stdtrit(freedom.astype(float), (1 + level) / 2) / np.sqrt(n)


def gap_steps(pairs: pd.DataFrame) -> pd.DataFrame:
    """What a part of the data adds to σ of gaps: n differences between a case's successive gaps, and the total of their squares. One row.

    In: `paired.paired`.
    """
    step = np.diff(pairs["gap"].to_numpy())[np.diff(pairs["case"].to_numpy()) == 0]
    return pd.DataFrame({"n": [float(len(step))], "total": [float(np.sum(step**2))]})


def gap_sigma(steps: pd.DataFrame, settings: NoiseSettings) -> float:
    """σ of gaps, pct points, from the `gap_steps` of all the data: √(Σ(difference)²/2n), never below the floor of σ."""
    return max(float(np.sqrt(steps["total"].iloc[0] / max(steps["n"].iloc[0], 1) / 2)), settings.floor)


def widening(sessions: pd.DataFrame, usual: pd.Series, sigma: float, settings: Settings) -> pd.DataFrame:
    """Cases whose latest gaps lie farther from the usual gap than before, beyond what gaps vary by. Our choice.

    Compares the mean of the last three gaps with the mean of the case's earlier ones (at least three). Widening when they
    differ by at least z_open·σ_gap·√(1/3 + 1/earlier) and the later one is farther from the practitioner's mean gap.
    In: SESSIONS columns in key order, with the number of their case; `usual`, the mean gap by practitioner; `sigma` of gaps (`gap_sigma`).
    Out: case (number), session (first of the last three), size (pct points, signed), error (pct points).
    """
    own = settings.agreement
    rows = np.flatnonzero(sessions["gap_overall"].notna().to_numpy())
    gap, place = sessions["gap_overall"].to_numpy()[rows], numbered(sessions["case"].to_numpy()[rows])
    first = starts(place)
    size = np.diff(first, append=len(rows))
    late = np.arange(len(rows)) >= (first + size - own.widening_last)[place]
    earlier = np.maximum(size - own.widening_last, 0)
    before, now = (
        over(np.bincount(place[kept], weights=gap[kept], minlength=len(first)), n)
        for kept, n in ((~late, earlier), (late, size - earlier))
    )
    begin = rows[first + earlier]
    whose = sessions["practitioner"].cat
    usual_gap = usual.reindex(whose.categories).to_numpy(float)[whose.codes.to_numpy()[begin]]
    error = settings.episodes.z_open * sigma * np.sqrt(1 / own.widening_last + 1 / np.maximum(earlier, 1))
    farther = np.abs(now - usual_gap) > np.abs(before - usual_gap) + TIE
    here = (earlier >= own.widening_earlier) & farther & (np.abs(now - before) >= error - TIE)
    lines = sessions[["case", "session"]].take(begin[here]).reset_index(drop=True)
    return lines.assign(size=(now - before)[here], error=error[here])
