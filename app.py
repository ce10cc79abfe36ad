"""The door: page configuration, navigation, then the page that was asked for."""

import streamlit as st

from alliance_core.notation import written
from pages.parts import tour
from pages.parts.frame import title_of
from pages.parts.in_use import notation
from pages.parts.keeping import unsaved_line
from pages.parts.let_go import let_go_of_the_departed
from pages.parts.look import look
from pages.parts.shell import HOME, PAGES, open_shell, page_to_return_to

st.set_page_config(page_title="Alliance supervision", page_icon="🤝", layout="wide")

page = st.navigation(
    [
        st.Page(HOME.file, title=title_of(HOME), default=True, visibility="hidden"),
        *(st.Page(entry.file, title=title_of(entry)) for entry in PAGES),
    ],
    position="top",
)

asked_for = page_to_return_to()
if asked_for is not None:
    file, query_params = asked_for
    st.switch_page(file, query_params=query_params)

let_go_of_the_departed()
look()
with written(notation()):
    unsaved_line()
    tour.box(page.title)
    open_shell()
    page.run()
