"""Which cases to talk about, and why, in the reader's order of need; what has changed; what was talked about already."""

import streamlit as st

from alliance_core.agenda_sentences import CAUTION, NO_VERDICT
from alliance_core.measures.agenda_lines import in_order, picked
from pages.parts import agenda_choices, agenda_view, since_view
from pages.parts.frame import count, legend, ratings_or_stop
from pages.parts.measure import about
from pages.parts.paper_view import offer_brief
from pages.parts.pickers import pick_practitioner_or_team
from pages.parts.plain import plain
from pages.parts.ruling import chance_line, how_found, rule_link
from pages.parts.shell import AGENDA, require_shell

require_shell(AGENDA.file)
found = ratings_or_stop(AGENDA)
head, picker = st.columns([3, 1], vertical_alignment="bottom")
with picker:
    practitioner = pick_practitioner_or_team(found, head)
lines = agenda_view.lines_of(found, practitioner)
left, discussed = agenda_view.parted(found, lines)

head.title(plain(agenda_view.headline(found, left, discussed, practitioner)))
with head:
    if left.empty:
        st.text(agenda_view.nothing(found, practitioner, discussed))
    st.text(since_view.since_line(found, practitioner))
with st.container(horizontal=True, vertical_alignment="center"):
    choices = None if left.empty else agenda_choices.choose(found)
    rule_link(found)
    offer_brief(found, practitioner, len(lines))
if choices is not None:
    shown = in_order(picked(left, choices.picked), choices.order)
    shown = since_view.only_changed(found, shown) if choices.changed else shown
    if choices.words:
        agenda_view.what_is_shown(shown, left, choices.words)
    st.caption(plain(f"{CAUTION} {agenda_view.assumed(found.analysis.settings)} {legend()}"))
    by_chance = st.container()
    agenda_view.draw(found, shown, practitioner, by_reason=choices.order == "need")
    with by_chance:  # it may take a moment with very many ratings, and the cases need not wait for it
        st.caption(plain(chance_line(found, practitioner)))

agenda_view.talked_about(found, discussed)
since_view.off_the_agenda(found, practitioner)
with st.expander("How falls were found, and how many chance alone gives"):
    how_found(found, practitioner)
    about("episode", "recognition", "falling_slowly", "readings", "by_chance")
rest = agenda_view.nothing_to_raise(found, practitioner)
if len(rest):
    with st.expander(plain(f"Nothing to raise for {count(len(rest), 'other case')}")):
        st.text(NO_VERDICT)
        agenda_view.table_of_rest(rest)
