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
    code = pd.Index(STATES).get_indexer(seen["state"]).astype(np.int8)
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


def gap_by_case(sessions: pd.DataFrame, settings: AgreementSettings) -> pd.DataFrame:
    """Per case: paired_sessions, mean_gap, mean_abs_gap (from 3 pairs), sd_gap, gap_low, gap_high (t-interval, from 6).

    In: SESSIONS columns. Pct points, practitioner − client; index practitioner, client.
    """
    gap = sessions["gap_overall"]
    keys = [sessions["practitioner"], sessions["client"]]
    groups = gap.groupby(keys, sort=True)
    n = groups.count()
    enough, interval = (n >= settings.mean_from), (n >= settings.interval_from)
    mean, spread = groups.mean(), groups.std()
    half = interval_half_width(spread, n, settings.interval_level)
    return pd.DataFrame(
        {
            "paired_sessions": n,
            "mean_gap": mean.where(enough),
            "mean_abs_gap": gap.abs().groupby(keys, sort=True).mean().where(enough),
            "sd_gap": spread.where(interval),
            "gap_low": (mean - half).where(interval),
            "gap_high": (mean + half).where(interval),
        }
    )


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
    In: SESSIONS columns; `usual`, the mean gap by practitioner; `sigma` of gaps (`gap_sigma`).
    Out: practitioner, client, session (first of the last three), size (pct points, signed), error (pct points).
    """
    own, keys = settings.agreement, ["practitioner", "client"]
    pairs = sessions[sessions["gap_overall"].notna().to_numpy()]
    groups = pairs.groupby(keys, sort=True)
    late = (groups.cumcount(ascending=False) < own.widening_last).to_numpy()
    earlier = pairs[~late].groupby(keys, sort=True)["gap_overall"].agg(["mean", "size"])
    earlier = earlier[(earlier["size"] >= own.widening_earlier).to_numpy()]
    recent = (
        pairs[late].groupby(keys, sort=True).agg(mean=("gap_overall", "mean"), session=("session", "first"))
    )
    both = earlier.add_suffix("_before").join(recent.add_suffix("_now")).reset_index()
    of_practitioner = usual.reindex(both["practitioner"].astype("str")).to_numpy(float)
    before, now = both["mean_before"].to_numpy(float), both["mean_now"].to_numpy(float)
    error = (
        settings.episodes.z_open
        * sigma
        * np.sqrt(1 / own.widening_last + 1 / both["size_before"].to_numpy(float))
    )
    farther = np.abs(now - of_practitioner) > np.abs(before - of_practitioner) + TIE
    here = farther & (np.abs(now - before) >= error - TIE)
    found = both[[*keys, "session_now"]].rename(columns={"session_now": "session"})
    return found.assign(size=now - before, error=error)[here].reset_index(drop=True)
