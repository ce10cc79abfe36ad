"""What a file on the page may hold goes by the memory that is free."""

from types import SimpleNamespace

import pytest

from alliance_core.reading import room
from alliance_core.reading.child.limits import LIMITS, TO_SPARE, UPLOAD

FREE = 8_000_000_000


@pytest.fixture
def container(tmp_path, monkeypatch):
    """What the system says of a container's memory, on a machine with FREE bytes of it."""
    monkeypatch.setattr(room.psutil, "virtual_memory", lambda: SimpleNamespace(available=FREE))

    def write(most=None, used=None):
        for name, text in (("memory.max", most), ("memory.current", used)):
            if text is not None:
                (tmp_path / name).write_text(text)
        return room.free_memory(tmp_path)

    return write


def test_what_the_machine_has_free(container):
    assert container() == FREE


@pytest.mark.parametrize(
    ("most", "used", "free"),
    [
        ("3000000000\n", "1000000000\n", 2_000_000_000),
        ("1000\n", "2000\n", 0),
        (str(1 << 50), "0", FREE),
        ("max\n", "1000\n", FREE),
        ("3000", None, FREE),
        ("3000", "ü", FREE),
    ],
)
def test_a_container_may_have_less_than_its_machine_and_never_more(container, most, used, free):
    assert container(most, used) == free


def test_this_machine_has_some_memory():
    assert room.free_memory() > 0


@pytest.mark.parametrize(("free", "limits"), [(TO_SPARE, LIMITS), (TO_SPARE - 1, UPLOAD), (0, UPLOAD)])
def test_larger_files_where_there_is_memory_to_spare(monkeypatch, free, limits):
    monkeypatch.setattr(room, "free_memory", lambda: free)
    assert room.upload_limits() == limits


def test_the_limits_where_memory_is_short_are_the_lower_ones():
    assert all(few <= many for few, many in zip(UPLOAD, LIMITS, strict=True))
    assert UPLOAD.cells < LIMITS.cells
