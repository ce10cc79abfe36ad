"""Scores of a form as formulas of a spreadsheet: over the answers in its own row, so that sorting and filtering leave them right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alliance_core.instruments import Instrument
from alliance_core.tables import FACETS

# Numbers in braces are put in for each row; the rest of a formula is the same for all forms of one instrument.
ROW = "{row}"


def from_items(instrument: Instrument, at: Mapping[str, str]) -> dict[str, str]:
    """By the score's name its formula, with {row} where the row's number belongs. `at`: from a column's name to its letters.

    As measures.scores has it: reversed answers count as lowest + highest mark − answer, and a score with too few answers is empty text.
    """
    found: dict[str, str] = {}
    for facet in FACETS:
        keyed = instrument.facets.get(facet, ())
        if keyed:
            needed = instrument.minimum_answered.get(facet, len(keyed))
            found[facet] = f'=IF({_count(keyed, at)}>={needed},{_mean(keyed, instrument, at)},"")'
    every = range(1, instrument.items + 1)
    needed = instrument.minimum_answered.get("overall", instrument.items)
    enough = f"{_count(every, at)}>={needed}"
    if found:
        facets = ",".join(f"{at[facet]}{ROW}" for facet in found)
        enough = f"AND(COUNT({facets})={len(found)},{enough})"
    found["overall"] = f'=IF({enough},{_mean(every, instrument, at)},"")'
    found["items_answered"] = f"={_count(every, at)}"
    return found


def mean_of_facets(at: Mapping[str, str]) -> str:
    """The mean of goal, task and bond."""
    return f"=AVERAGE({','.join(f'{at[facet]}{ROW}' for facet in FACETS)})"


def pct(score: str, at: Mapping[str, str]) -> str:
    """Percent of the maximum possible of a score in response units; empty text where there is none."""
    low, high, own = (f"{at[name]}{ROW}" for name in ("range_min", "range_max", score))
    return f'=IF({own}="","",100*({own}-{low})/({high}-{low}))'


def gap(scale: str, at: Mapping[str, str]) -> str:
    """Practitioner − client."""
    return f"={at[f'practitioner_{scale}']}{ROW}-{at[f'client_{scale}']}{ROW}"


def _count(items: Sequence[int], at: Mapping[str, str]) -> str:
    return f"COUNT({_cells(items, at)})"


def _mean(items: Sequence[int], instrument: Instrument, at: Mapping[str, str]) -> str:
    """The mean of the answers that are there, after reversal."""
    turned = [item for item in items if item in instrument.reversed]
    if not turned or instrument.range is None:
        return f"AVERAGE({_cells(items, at)})"
    straight = [item for item in items if item not in turned]
    added = f"SUM({_cells(straight, at)})+" if straight else ""
    both = sum(instrument.range)
    return f"({added}{both:g}*{_count(turned, at)}-SUM({_cells(turned, at)}))/{_count(items, at)}"


def _cells(items: Sequence[int], at: Mapping[str, str]) -> str:
    """The cells of some items in this row: items that follow each other as an area."""
    parts: list[list[int]] = []
    for item in items:
        if parts and item == parts[-1][-1] + 1:
            parts[-1].append(item)
        else:
            parts.append([item])
    ends = [(at[f"item_{part[0]}"], at[f"item_{part[-1]}"]) for part in parts]
    return ",".join(f"{first}{ROW}" if first == last else f"{first}{ROW}:{last}{ROW}" for first, last in ends)
