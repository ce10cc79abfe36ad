"""The time of a meeting: no clock is read, every moment is handed in."""

from hypothesis import given
from hypothesis import strategies as st

from alliance_core.review import Timer
from tests.measures.made import repeatable


def test_the_card_and_the_meeting_are_counted():
    timer = Timer(since=100.0)
    assert (timer.on_card(130.0), timer.total(130.0)) == (30.0, 30.0)
    timer = timer.turned_to(1, 130.0)
    assert (timer.on_card(135.0), timer.total(135.0), timer.on_card(135.0, 0)) == (5.0, 35.0, 30.0)
    timer = timer.turned_to(0, 140.0)
    assert (timer.on_card(141.0), timer.total(141.0), timer.on_card(141.0, 1)) == (31.0, 41.0, 10.0)


def test_while_it_stands_still_nothing_is_counted_whatever_card_is_shown():
    timer = Timer(since=0.0).stopped(10.0).turned_to(1, 500.0)
    assert not timer.running
    assert (timer.on_card(900.0), timer.total(900.0), timer.on_card(900.0, 0)) == (0.0, 10.0, 10.0)
    assert timer.started(900.0).started(1000.0).total(903.0) == 13.0


STEPS = st.lists(
    st.tuples(st.sampled_from(["turn", "stop", "start"]), st.integers(0, 3), st.integers(0, 50).map(float)),
    max_size=20,
)


@repeatable(100)
@given(STEPS)
def test_against_a_clock_that_ticks_once_a_second(steps):
    timer, running, card, spent, now = Timer(since=0.0), True, 0, [0.0] * 4, 0.0
    for what, to, wait in steps:
        for _ in range(int(wait)):
            spent[card] += running
        now += wait
        if what == "turn":
            timer, card = timer.turned_to(to, now), to
        else:
            timer = timer.stopped(now) if what == "stop" else timer.started(now)
            running = what == "start"
    assert [timer.on_card(now, place) for place in range(4)] == spent
    assert timer.total(now) == sum(spent)
