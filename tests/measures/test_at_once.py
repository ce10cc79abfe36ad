import threading

import pytest

from alliance_core.measures.at_once import both, one_thread


def where() -> int:
    return threading.get_ident()


def test_the_first_is_done_beside_the_second() -> None:
    first, second = both(where, where)
    assert second == where() != first


def test_in_one_thread_both_are_done_here_in_turn() -> None:
    seen: list[str] = []
    with one_thread():
        assert both(where, where) == (where(), where())
        both(lambda: seen.append("first"), lambda: seen.append("second"))
    assert seen == ["first", "second"]
    assert both(where, where)[0] != where()


def test_one_thread_is_asked_for_in_its_own_thread_only() -> None:
    others: list[int] = []
    with one_thread():
        beside = threading.Thread(target=lambda: others.extend((*both(where, where), where())))
        beside.start()
        beside.join()
    first, second, own = others
    assert second == own != first


def test_what_goes_wrong_in_the_second_is_told_when_the_first_is_done() -> None:
    done: list[bool] = []
    with pytest.raises(ZeroDivisionError):
        both(lambda: done.append(True), lambda: 1 // 0)
    assert done == [True]
