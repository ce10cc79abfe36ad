"""What has changed since the ratings that were here before, on the agenda."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alliance_core.review import Since, since_words
from alliance_core.review.talk import reason_titles
from pages.parts.frame import count
from pages.parts.in_use import pair
from pages.parts.loaded import Loaded
from pages.parts.plain import plain
from pages.parts.shell import CASE

MOST_CASES = 15
NOTHING_YET = (
    "Nothing to compare with yet. Once you bring in a newer export in this sitting, or a new export together with the supervision "
    "workbook of last time, this line says what has changed."
)


def _of(found: Loaded, practitioner: str | None) -> Since | None:
    return found.since if found.since is None or practitioner is None else found.since.of(practitioner)


def since_line(found: Loaded, practitioner: str | None) -> str:
    """What has changed, for the team or one practitioner, and since when."""
    changes, earlier = _of(found, practitioner), found.earlier
    if changes is None or earlier is None:
        return NOTHING_YET
    return since_words.overview(changes, earlier.name)


def of_case(found: Loaded, practitioner: str, client: str) -> str:
    """What has changed in one case; empty where nothing has, or where nothing is known of before."""
    changes = found.since
    if changes is None or not changes.comparable:
        return ""
    return since_words.of_case(changes.case(practitioner, client))


def only_changed(found: Loaded, lines: pd.DataFrame) -> pd.DataFrame:
    """The lines of cases in which anything has changed."""
    if found.since is None:
        return lines
    keys = ["practitioner", "client"]
    cases = found.since.cases
    return lines.merge(cases.loc[cases["changed"].to_numpy(bool), keys], on=keys)


def off_the_agenda(found: Loaded, practitioner: str | None) -> None:
    """Cases that were on the agenda then and are not now, folded: why they were, and what has changed."""
    changes = _of(found, practitioner)
    gone = [] if changes is None else since_words.off_the_agenda(changes)
    if not gone:
        return
    with st.expander(plain(f"Not on the agenda any more · {count(len(gone), 'case')}")):
        for who, client, why in gone[:MOST_CASES]:
            st.page_link(
                CASE.file,
                label=plain(f"{client} · {who} →"),
                query_params={"practitioner": who, "client": client},
            )
            now = of_case(found, who, client)
            st.text(f"Was here for: {reason_titles(pair())[why]}." + (f" Since then: {now}." if now else ""))
        if len(gone) > MOST_CASES:
            st.text(f"… and {count(len(gone) - MOST_CASES, 'more case')}.")
