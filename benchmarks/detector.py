"""How often the default rule flags stable cases, and how many planted ruptures it finds, beside simpler rules.

python benchmarks/detector.py (or make bench). Nothing has happened in a stable case of 12 sessions: every flag is a
false alarm. Sensitivities are compared at the same share of false alarms, as they mean nothing otherwise.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
import pandas as pd

from alliance_core import Ratings, analyse
from alliance_core.sample import Design, Parameters, Simulation, simulate
from alliance_core.tables import FORMS, shaped

CASES, SESSIONS, LEVEL, SIGMA = 4000, 12, 70.0, 7.5  # pct points
COMPLETE = {
    "missed_client": 0,
    "missed_practitioner": 0,
    "missed_item": 0,
    "stopped_chance": 0,
    "ceiling_chance": 0,
}


def stable(rng: np.random.Generator, unequal: bool, tails: bool, ceiling: bool) -> np.ndarray:
    """Scores of stable cases, cases × sessions, pct."""
    noise = rng.standard_t(4, (CASES, SESSIONS)) / np.sqrt(2) if tails else rng.normal(size=(CASES, SESSIONS))
    spread = SIGMA * (np.exp(rng.normal(0, 0.35, (CASES, 1))) if unequal else 1)
    return np.clip((92 if ceiling else LEVEL) + spread * noise, 0, 100)


def flagged(scores: np.ndarray) -> float:
    """Share of the cases in which the default rule opens an episode of the client's overall."""
    case, session = np.indices(scores.shape).reshape(2, -1)
    marks = {scale: scores.ravel() for scale in ("goal", "task", "bond")}
    keys = {
        "practitioner": "P01",
        "client": np.char.mod("C-%04d", case),
        "session": session + 1,
        "rater": "client",
    }
    forms = pd.DataFrame({**keys, "instrument": "facets", "range_min": 0.0, "range_max": 100.0, **marks})
    found = analyse(Ratings(shaped(forms, FORMS))).episodes
    return found.loc[found["facet"].eq("overall"), "client"].nunique() / len(scores)


def simple_rules(scores: np.ndarray) -> dict[str, np.ndarray]:
    """By rule, how strongly it speaks at each session from the second on: cases × (sessions − 1)."""
    fall = scores[:, :-1] - scores[:, 1:]
    never_zero = 1e-9  # a flat case has no fall to divide
    own_sd = np.maximum(scores.std(axis=1, ddof=1, keepdims=True), never_zero)
    moving_range = np.maximum(np.abs(fall).mean(axis=1, keepdims=True), never_zero)
    return {
        "fall from the session before, in the case's own SD": fall / own_sd,
        "reliable change from the session before": fall / (np.sqrt(2) * SIGMA),
        "individuals chart over all sessions": (scores.mean(axis=1, keepdims=True) - scores)[:, 1:]
        / moving_range,
    }


def client_scores(made: Simulation) -> np.ndarray:
    table = analyse(made.ratings).sessions
    return table.pivot_table(index="client", columns="session", values="client_overall").to_numpy()


def planted_found(made: Simulation, spoke: np.ndarray) -> float:
    """Share of the planted ruptures at whose start or low the rule spoke. `spoke`: cases × (sessions − 1)."""
    truth = made.truth
    case = truth["client"].str.removeprefix("C-").astype(int).to_numpy() - 1
    at = [spoke[case, truth[name].to_numpy(int) - 2] for name in ("start_session", "low_session")]
    return float(np.mean(at[0] | at[1]))


def main() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    print(f"False alarms in stable cases of {SESSIONS} sessions (share of the cases)")
    kinds = {
        "normal": (0, 0, 0),
        "unequal spread (log SD .35)": (1, 0, 0),
        "long tails (t, 4 df)": (0, 1, 0),
        "ceiling (level 92 of 100)": (0, 0, 1),
        "all three": (1, 1, 1),
    }
    for name, kind in kinds.items():
        print(f"  baseline, {name:28} {flagged(stable(rng, *map(bool, kind))):6.1%}")
    own, change, chart = simple_rules(stable(rng, False, False, False)).values()
    for name, spoke in (
        ("fall of 1 own SD", own >= 1),
        ("fall of 2 own SD", own >= 2),
        ("reliable change", change >= 1.96),
        ("individuals chart", chart > 2.66),
    ):
        print(f"  {name:38} {spoke.any(axis=1).mean():6.1%}")

    quiet = simulate(
        Design(40, 50, SESSIONS, Parameters(rupture_chance=0, growth=0, growth_sd=0, **COMPLETE)), seed=1
    )
    made = simulate(Design(40, 50, SESSIONS, Parameters(**COMPLETE)), seed=2)
    episodes = analyse(quiet.ratings).episodes
    alarms = (
        episodes.loc[episodes["rater"].eq("client") & episodes["facet"].eq("overall"), "client"].nunique()
        / 2000
    )
    print(f"Planted ruptures found at {alarms:.1%} false alarms, of {len(made.truth):,}")
    found = analyse(made.ratings).episodes
    ours = found[found["rater"].eq("client") & found["facet"].eq("overall") & found["source"].eq("score")]
    spoke = np.zeros((2000, SESSIONS - 1), bool)
    spoke[ours["client"].str.removeprefix("C-").astype(int) - 1, ours["start_session"].astype(int) - 2] = True
    print(f"  baseline{'':46} {planted_found(made, spoke):6.1%}")
    with_ruptures = simple_rules(client_scores(made))
    for name, strength in simple_rules(client_scores(quiet)).items():
        limit = np.quantile(strength.max(axis=1), 1 - alarms)
        print(f"  {name:54} {planted_found(made, with_ruptures[name] > limit):6.1%}")


if __name__ == "__main__":
    main()
