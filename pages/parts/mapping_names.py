"""Of the mapping screen: what names say, of the sheet, its file and its sisters, and whose the ratings are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from alliance_core.reading.choices import ReadingChoices, SheetChoices
from alliance_core.reading.guessing import unknown_raters
from alliance_core.reading.headers import WHO
from alliance_core.reading.named_sheets import about
from alliance_core.reading.sheets import Sheet
from alliance_core.reading.whose import by_name
from alliance_core.tables import RATERS
from pages.parts.frame import count
from pages.parts.in_use import pair, termed, termed_markdown
from pages.parts.plain import plain

_MOST_NAMED = 8
_NAMED = {
    "": "nobody, or as recognised",
    "practitioner": "its practitioner",
    "client": "its client",
    "rater": "whose ratings it holds",
}


def names(sheet: Sheet, before: SheetChoices | None, name: str) -> dict[str, str | None]:
    """Whom the sheet and its file are named after."""
    options, shown = list(_NAMED), {name: termed(words) for name, words in _NAMED.items()}
    places = {"named_after": ("sheet", sheet.label)}
    if sheet.name:
        places["file_named_after"] = ("file", Path(sheet.file).stem)
    found: dict[str, str | None] = {}
    for (field, (thing, text)), place in zip(places.items(), st.columns(2), strict=False):
        picked = place.selectbox(
            plain(f"Whom is the {thing} {text} named after?"),
            options,
            index=options.index(getattr(before, field, None) or ""),
            format_func=shown.__getitem__,
            key=f"{name} {field}",
        )
        found[field] = picked or None
    return found


def codes(
    columns: dict[str, str], named: dict[str, str | None], before: SheetChoices | None, name: str
) -> dict[str, str | None]:
    """The only practitioner or client of all rows, where neither a column nor a name holds them."""
    found: dict[str, str | None] = {}
    for who in WHO:
        if who not in columns.values() and who not in named.values():
            said = getattr(before, who, None) or ""
            given = st.text_input(
                termed_markdown(plain(f"Code of the {who}, where all rows are of one")),
                value=said,
                key=f"{name} {who}",
            )
            found[who] = given.strip() or None
    return found


def whose(
    sheets: list[Sheet],
    row: int,
    rows: int,
    columns: dict[str, str],
    named: dict[str, str | None],
    before: SheetChoices | None,
    choices: ReadingChoices,
    name: str,
) -> tuple[dict[str, str], str | None]:
    """Whose ratings they are: by a column, by names, or as the user says of the sheet as a whole."""
    meanings = list(columns.values())
    unknown = _unknown_names(sheets, named, choices)
    if "rater" in meanings:
        unknown += unknown_raters(sheets[0], row + rows - 1, meanings.index("rater"), choices)
    sided = any(rater in meaning.split()[:-1] for meaning in meanings for rater in RATERS)
    by_names = any(rater for rater, _ in by_name(sheets[0], choices))
    told = "rater" in meanings or sided or "rater" in named.values() or by_names
    return _asked(unknown, told, before, name)


def _asked(
    unknown: Sequence[str], told: bool, before: SheetChoices | None, name: str
) -> tuple[dict[str, str], str | None]:
    """For each word that does not say it, or for the sheet as a whole where nothing tells it."""
    words: dict[str, str] = {}
    for word in unknown:
        picked = st.selectbox(
            f"Whose rating is {plain(word)}?",
            RATERS,
            index=None,
            placeholder="choose",
            format_func=pair().of,
            key=f"{name} who {word}",
        )
        words |= {word: picked} if picked else {}
    if told:
        return words, None
    rater = before.rater if before else None
    index = RATERS.index(rater) if rater else None
    return words, st.selectbox(
        "Whose ratings does this sheet hold?",
        RATERS,
        index=index,
        placeholder="choose",
        format_func=pair().of,
        key=f"{name} rater",
    )


def only_here(
    sheet: Sheet, same: list[Sheet], before: SheetChoices | None, choices: ReadingChoices, name: str
) -> bool:
    """Whether the mapping holds for this sheet only, where others have the same headers."""
    if not same:
        return bool(before and before.sheet)
    labels = ", ".join(one.label for one in same[:_MOST_NAMED]) + (" …" if len(same) > _MOST_NAMED else "")
    st.text(f"{count(len(same), 'other sheet')} with the same headers: {labels}")
    own_score = about(sheet.label, choices.stated_meanings()) is not None
    return st.toggle(
        "What is said here holds for this sheet only",
        value=bool(before and before.sheet) or own_score,
        key=f"{name} alone",
    )


def _unknown_names(
    sheets: Sequence[Sheet], said: dict[str, str | None], choices: ReadingChoices
) -> list[str]:
    """Names that are said to tell whose ratings a sheet holds, and do not yet."""
    texts = [one.label for one in sheets if said.get("named_after") == "rater"]
    texts += [Path(one.file).stem for one in sheets if said.get("file_named_after") == "rater"]
    return [text for text in dict.fromkeys(texts) if choices.rater_of(text) is None]
