"""Which cases to talk about, and why, in the reader's order of need."""

import streamlit as st

from pages.parts import agenda_view
from pages.parts.frame import count, legend, ratings_or_stop
from pages.parts.in_use import termed_markdown
from pages.parts.measure import about
from pages.parts.pickers import pick_practitioner_or_team
from pages.parts.plain import plain
from pages.parts.ruling import chance_line, how_found, rule_link
from pages.parts.shell import AGENDA, require_shell
from pages.parts.talk import to_talk_about

require_shell(AGENDA.file)
found = ratings_or_stop(AGENDA)
head, picker = st.columns([3, 1], vertical_alignment="bottom")
with picker:
    practitioner = pick_practitioner_or_team(found, head)
whose = found.analysis if practitioner is None else found.caseload(practitioner)
lines = to_talk_about(whose.agenda)
rest = agenda_view.nothing_to_raise(whose.cases, lines)

with_whom = "in the whole team" if practitioner is None else f"with {practitioner}"
head.title(plain(f"{count(len(lines), 'case')} to talk about {with_whom}"))
with head:
    rule_link(found)
if lines.empty:
    st.text(
        "Nothing in these ratings asks for a closer look. That is not proof that all is well: ratings show only what people wrote down."
    )
else:
    st.caption(
        termed_markdown(
            "In order of need; within that by practitioner and client. A flag says: look at this session. It never says that a rupture happened."
        )
    )
    st.caption(plain(legend()))
    st.caption(plain(chance_line(found, practitioner)))
    agenda_view.draw(found, lines, practitioner)

with st.expander("How falls were found, and how many chance alone gives"):
    how_found(found, practitioner)
    about("episode", "recognition", "falling_slowly", "readings", "by_chance")
if len(rest):
    with st.expander(plain(f"Nothing to raise for {count(len(rest), 'other case')}")):
        st.text("No rule has anything to say about these cases at the moment. That is not a verdict on them.")
        agenda_view.table_of_rest(rest)
