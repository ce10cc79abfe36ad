"""What was found, in words and tables for people, and as a picture."""

from __future__ import annotations

import json

import pandas as pd
import vl_convert

from alliance_core.charts import rules_compared
from benchmarks.detectors.grids import CHOICE, HELD_OUT, Grid

BEST = "last_three"
_STEPS = ("step", "step, from the highest of three", "reliable_change")


def text(compared: pd.DataFrame, stable: pd.DataFrame) -> str:
    """The results as Markdown: how the better rule fares against the others, then the tables."""
    held = compared[compared["grid"] == HELD_OUT.name]
    at_one = held[held["at"] == "1"].set_index("rule")["found"]
    own = held[held["at"] == "own"].drop_duplicates("rule").set_index("rule")
    step = max(at_one[list(_STEPS)])
    lines = [
        "# What the rules find, and how often they are wrong",
        "",
        "Written by `python -m benchmarks.detectors` (`make detectors`): simulated cases with known ruptures, a fixed seed. What is varied stands in",
        "`benchmarks/detectors/grids.py`: a grid on which `last_three` was chosen, and one at other levels, held out, on which it is judged here.",
        "",
        f"- At 1 false alarm per 100 sessions `{BEST}` finds {at_one[BEST]:.1%} of the planted ruptures: {at_one[BEST] / at_one['control_chart']:.2f} times what the "
        f"individuals chart finds, {at_one[BEST] / step:.2f} times the best of the step and reliable-change rules, {at_one[BEST] / at_one['baseline']:.2f} times `baseline`.",
        f"- At its own threshold it finds {own.found[BEST]:.1%} with {own.false_alarms[BEST]:.2f} false alarms per 100 sessions (`baseline`: {own.found['baseline']:.1%} with "
        f"{own.false_alarms['baseline']:.2f}).",
        f"- Of perfectly stable cases of 12 sessions, `{BEST}` at its own threshold flags {_normal(stable, BEST):.1%} under equal normal noise, {_worst(stable, BEST, HELD_OUT):.1%} in the "
        f"worst kind of noise of the held-out grid and {_worst(stable, BEST, CHOICE):.1%} in the worst of the other (`baseline`: {_normal(stable, 'baseline'):.1%}, "
        f"{_worst(stable, 'baseline', HELD_OUT):.1%}, {_worst(stable, 'baseline', CHOICE):.1%}).",
        "",
        "![Ruptures found over false alarms](detectors.svg)",
        "",
        "## On the held-out grid",
        "",
        "False alarms are per 100 rated sessions of cases in which nothing happened; `stable` is the share of those cases with any flag; `found` the share of planted ruptures during which an episode opens;",
        "`delay` the median number of rated sessions from the rupture's start to that; `outcome` the share of those found that are rightly told as repaired or not. Empty: no threshold gives that rate.",
        "",
        _table(held),
        "",
        "## What each change brings, on the grid of choice at equal false alarms",
        "",
        _table(_variants(compared)),
        "",
        "## Perfectly stable cases of 12 sessions with any flag, each rule at its own threshold",
        "",
        "Mean and worst over all kinds of noise, and under equal normal noise without growth, ceiling or carry-over. The last four are rules as published, without a floor of measurement error.",
        "",
        _stable_table(stable),
        "",
    ]  # fmt: skip
    return "\n".join(lines)


def _worst(stable: pd.DataFrame, rule: str, grid: Grid) -> float:
    return float(stable.loc[(stable["rule"] == rule) & (stable["grid"] == grid.name), "flagged"].max())


def _is_normal(stable: pd.DataFrame) -> pd.Series:
    low = {
        name: stable[name] == getattr(CHOICE, name)[0] for name in ("unequal", "carried", "growth", "level")
    }
    return (stable["grid"] == CHOICE.name) & (stable["tails"] == "normal") & pd.DataFrame(low).all(axis=1)


def _normal(stable: pd.DataFrame, rule: str) -> float:
    return float(stable.loc[_is_normal(stable) & (stable["rule"] == rule), "flagged"].iloc[0])


def _variants(compared: pd.DataFrame) -> pd.DataFrame:
    ours = compared["rule"].str.startswith(BEST) | (compared["rule"] == "baseline")
    return compared[(compared["grid"] == CHOICE.name) & ours & (compared["at"] == "1")]


def _table(compared: pd.DataFrame) -> str:
    rows = [
        "| rule | at | threshold | false alarms | stable | found | delay | outcome |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for line in compared.itertuples():
        known = pd.notna(line.threshold)
        told = (
            f"{line.threshold:.2f} | {line.false_alarms:.2f} | {line.stable_flagged:.1%} | {line.found:.1%} | {line.delay:.0f} | {line.outcome_right:.0%}"
            if known
            else " | | | | |"
        )
        rows.append(f"| {line.rule} | {line.at} | {told} |")
    return "\n".join(rows)


def _stable_table(stable: pd.DataFrame) -> str:
    keys = ["rule", "threshold"]
    groups = stable.groupby(keys, sort=False, dropna=False)["flagged"].agg(["mean", "max"]).reset_index()
    normal = stable[_is_normal(stable)].set_index(["rule", "threshold"])["flagged"]
    rows = ["| rule | threshold | mean | worst | equal normal noise |", "|---|---|---|---|---|"]
    for line in groups.itertuples():
        threshold = f"{line.threshold:g}" if pd.notna(line.threshold) else ""
        equal = float(normal[normal.index.isin([(line.rule, line.threshold)])].iloc[0])
        rows.append(f"| {line.rule} | {threshold} | {line.mean:.1%} | {line.max:.1%} | {equal:.1%} |")
    return "\n".join(rows)


def picture(tried: pd.DataFrame) -> str:
    """The chart of the page "How it works", as SVG on white paper."""
    ladder = tried[tried["grid"] == HELD_OUT.name]
    chart = rules_compared(ladder, BEST) | {"width": 760, "background": "white"}
    return vl_convert.vegalite_to_svg(json.loads(json.dumps(chart, default=float)))
