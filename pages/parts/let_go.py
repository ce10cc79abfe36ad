"""What Streamlit itself keeps of a visitor for as long as the tab is open, and how to have it let go of earlier."""

from __future__ import annotations

from collections.abc import Iterable

from streamlit import runtime
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx


def let_go_of_files(ids: Iterable[str]) -> None:
    """Of uploads, by the ids that Streamlit gave them: they would stay in memory when others have taken their place."""
    here = get_script_run_ctx()
    if here is not None and isinstance(here.uploaded_file_mgr, MemoryUploadedFileManager):
        for one in ids:
            here.uploaded_file_mgr.remove_file(here.session_id, one)


def let_go_of_widgets() -> None:
    """Of what every widget was made with: ids in keys and lists, and what a button hands on. Clearing the session's state leaves all that, so it is taken
    from where it lies; the widgets that are on the page are made anew with the next run.
    """
    here = get_script_run_ctx()
    if here is not None:
        here.session_state._state._new_widget_state.widget_metadata.clear()


def let_go_of_the_departed() -> None:
    """Of everything of visitors who closed their page a while ago (server.disconnectedSessionTTL). Streamlit itself does so only when the next visitor leaves, and
    where nobody does, never. It is done where sessions come and go, on the server's own loop, so that nothing is taken from under anybody's feet.
    """
    if runtime.exists():
        here = runtime.get_instance()
        sessions, serving = (getattr(here, name, None) for name in ("_session_mgr", "_async_objs"))
        departed = getattr(sessions, "_session_storage", None)
        if serving and isinstance(departed, MemorySessionStorage) and isinstance(departed._cache, TTLCache):
            serving.eventloop.call_soon_threadsafe(departed._cache.expire)
