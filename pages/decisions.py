"""What was decided, what is still to be done, what has changed since, and what two people see differently."""

import streamlit as st

from pages.parts import decisions_view, keeping, meeting_names
from pages.parts.decided import matched_decisions, unsettled_decisions
from pages.parts.frame import count, ratings_or_stop
from pages.parts.pickers import pick_practitioner_or_team
from pages.parts.plain import plain
from pages.parts.shell import DECISIONS, require_shell

require_shell(DECISIONS.file)
found = ratings_or_stop(DECISIONS)
head, picker = st.columns([3, 1], vertical_alignment="bottom")
with picker:
    practitioner = pick_practitioner_or_team(found, head, "Decisions of")
rows, unsettled = matched_decisions(found), unsettled_decisions(found)
if practitioner is not None:
    rows, unsettled = (
        all_[(all_["practitioner"] == practitioner).to_numpy(bool)] for all_ in (rows, unsettled)
    )

head.title(plain(decisions_view.headline(rows)))
if rows.empty:
    st.text(
        "Decisions are made on the page of a case, beside each episode. They are kept in the supervision workbook, which can be brought in again."
    )
decisions_view.conflicts(unsettled)
decisions_view.to_look_at(rows, found)
decisions_view.actions(rows, found)
if len(rows):
    with st.expander(plain(f"All decisions · {count(len(rows), 'decision')}")):
        decisions_view.every_decision(rows)
meeting_names.who_is_who_here(found)
keeping.download_workbook("page")
st.caption(plain(keeping.what_it_holds()))
