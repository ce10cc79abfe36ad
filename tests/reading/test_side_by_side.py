"""Files are read two at a time; their order, what is told and giving up are as if they were read one after the other."""

import threading

import pytest

from alliance_core.reading import limited, read_workbooks
from alliance_core.reading.side_by_side import read_each

HEADER = "Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond\n"


def export(number):
    return f"{number}.csv", f"{HEADER}P01,C-00{number},1,client,wai-sr,4,3,{number}\n".encode()


def test_two_are_read_at_the_same_time():
    both = threading.Barrier(2)

    def read(file, waiting):
        return both.wait(30) >= 0 and file

    assert list(read_each("abcd", read, lambda number, waits: None)) == list("abcd")


def test_results_come_in_the_order_of_the_files():
    later = threading.Event()

    def read(file, waiting):
        if file == "a":
            assert later.wait(30)
        else:
            later.set()
        return file.upper()

    assert list(read_each("abc", read, lambda number, waits: None)) == ["A", "B", "C"]


@pytest.mark.parametrize("files", ["a", "abc"])
def test_a_file_that_waits_says_so_in_the_thread_of_whoever_asked(files):
    heard, told = threading.Event(), []

    def read(file, waiting):
        while not heard.is_set():
            waiting()
            heard.wait(0.01)
        return file

    def tell(number, waits):
        assert threading.current_thread() is threading.main_thread()
        told.append((number, waits))
        if waits:
            heard.set()

    assert list(read_each(files, read, tell)) == list(files)
    assert told[:2] == [(0, False), (0, True)]


def test_whoever_gives_up_leaves_no_file_waiting():
    ended = []

    class GoneError(Exception):
        """The user has gone."""

    def read(file, waiting):
        try:
            while True:
                waiting()
        finally:
            ended.append(file)

    def tell(number, waits):
        if waits:
            raise GoneError

    with pytest.raises(GoneError):
        list(read_each("abcdef", read, tell))
    assert sorted(ended) == ["a", "b"]


def test_an_error_in_one_file_is_raised_where_it_is_asked_for():
    def read(file, waiting):
        return 1 / (file != "b")

    found = read_each("abc", read, lambda number, waits: None)
    assert next(found) == 1
    with pytest.raises(ZeroDivisionError):
        next(found)


def test_many_files_give_what_each_gives(monkeypatch):
    files = [export(number) for number in range(1, 6)]
    ratings, problems = read_workbooks(files)
    assert ratings.forms["bond"].tolist() == [1, 2, 3, 4, 5]
    assert ratings.forms["file"].tolist() == [f"{number}.csv" for number in range(1, 6)]
    told = []
    again, same = read_workbooks(files[::-1], progress=lambda fraction, words: told.append((fraction, words)))
    assert again.forms.equals(ratings.forms)
    assert same.equals(problems)
    assert [words for _, words in told][:5] == [f"Reading file {number} of 5" for number in range(1, 6)]
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)
    assert limited.QUEUE._places._value == limited.LIMITS.at_once
