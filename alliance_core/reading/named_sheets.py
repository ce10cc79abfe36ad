"""Sheets whose names say what no column does: the practitioner or the case, or which score they hold.

`plan_of` plans the rest of such a sheet, by its headers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from alliance_core.reading import sheet_names, wordings
from alliance_core.reading.headers import WHO, Meaning, meaning_of, split_rater
from alliance_core.reading.plans import Found, Plan, found_headers, is_rating
from alliance_core.tables import SCALES

PlanOf = Callable[[Found], Plan | None]


def one_each(found: Found, plan_of: PlanOf) -> Plan | None:
    """A sheet (or file) for each practitioner or case: what no column says is its name."""
    names, told = _by_name(found)
    if not names or not all(names.values()):
        return None
    # a name that is an id says nothing else: C-017 does not make the ratings the client's
    nameless = replace(found, sheet=replace(found.sheet, name="-"), names={**found.names, **names})
    inner = plan_of(nameless)
    if inner is None:
        return None
    about = "case" if "client" in names else "practitioner"
    reason = "; ".join([inner.reason, *told])
    return replace(inner, layout=f"sheet per {about}", reason=reason, fixed=names)


def _by_name(found: Found) -> tuple[dict[str, str], list[str]]:
    """The ids that no column holds: as the user said, else the sheet's name, else the file's; and the words for it."""
    missing = [name for name in WHO if not found.has(name)]
    names = {name: found.names[name] for name in WHO if name in found.names}
    told = [f"the {name} is {names[name]}, as you said" for name in names]
    places = {} if names else {"sheet": found.sheet.label}  # a name that the user spoke of is nothing else
    for name in reversed(missing):
        if name == "practitioner" and found.sheet.name:  # perhaps a practitioner's own file
            places["file"] = Path(found.sheet.file).stem
        ids = {place: sheet_names.id_in(text, name) for place, text in places.items()}
        place = next((place for place, id_ in ids.items() if id_), "")
        names[name] = ids.get(place, "")
        told.append(f"the {place}'s name is the {name}, {names[name]}")
        places.pop(place, None)
    return names, told


def about(name: str, stated: Mapping[tuple[str, ...], Meaning]) -> Meaning | None:
    """The score that a sheet's name says, and perhaps whose; None where it says none."""
    beside = wordings.single_words("raters", "beside")
    bare = " ".join(word for word in wordings.words(name) if word not in beside)
    meaning = stated.get(wordings.key(name)) or meaning_of(name) or meaning_of(bare)
    return meaning if meaning and is_rating(meaning) and not meaning.item else None


def one_score(found: Found, plan_of: PlanOf) -> Plan | None:
    """A sheet for each score: its name says which one its only column of scores holds."""
    score = found.about
    ratings = {at for m, at in found.fields.items() if is_rating(m)}
    general = {at: rater for at in range(len(found.headers)) if (rater := _general(found, at)) is not None}
    if score is None or score.field == "overall" or not general or not ratings <= general.keys():
        return None
    meanings = [
        Meaning(score.field, general[at]) if at in general else meaning
        for at, meaning in enumerate(found.meanings)
    ]
    same = found_headers(found.sheet, found.row, list(found.headers), meanings, found.below)
    named = replace(same, said=found.said, names=found.names)
    inner = one_each(named, plan_of) or plan_of(named)
    return score_named(inner, score, "the sheet's name says so") if inner else None


def _general(found: Found, at: int) -> str | None:
    """Whose score a column holds that is headed only by a word such as Score or Value; None for other columns."""
    rater, rest = split_rater(wordings.words(found.headers[at]))
    known = wordings.known("one_score", "general")
    return rater if at not in found.said and tuple(sorted(rest)) in known else None


def score_named(plan: Plan, score: Meaning, why: str) -> Plan:
    """A plan for one score only, which is this one, and its rater's where nothing else says whose it is."""
    whose = "" if "rater" in plan.shared else score.rater
    sides = tuple(
        replace(
            side,
            rater=side.rater or whose,
            fields={score.field if name in SCALES else name: at for name, at in side.fields.items()},
        )
        for side in plan.sides
    )
    told = {at: f"{side.rater} {score.field}".strip() for side in sides for at in side.scales.values()}
    reason = f"{plan.reason}; it holds the {score.field} scores: {why}"
    return replace(plan, layout="sheet per score", reason=reason, sides=sides, told={**told, **plan.told})
