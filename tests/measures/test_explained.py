"""Every measure says what it is; what it needs is a setting, so that page and computation cannot drift apart."""

import pytest

from alliance_core.measures.explained import Measure, measures, needed
from alliance_core.settings import AgreementSettings, Settings, describe


@pytest.mark.parametrize("measure", measures().values(), ids=measures())
def test_every_measure_is_told_in_full(measure):
    assert all([measure.name, measure.meaning, measure.source, measure.limits])
    assert measure.needs in ["", *(line.key for line in describe(Settings()))]
    assert not any("\n" in line for line in measure.formula)


def test_what_a_measure_needs_follows_the_settings():
    chosen = Settings(agreement=AgreementSettings(limits_from=20))
    assert needed(measures()["limits"], Settings()) == "15 paired sessions"
    assert needed(measures()["limits"], chosen) == "20 paired sessions"
    assert needed(measures()["reliability"], Settings()) == ""


def test_a_measure_without_a_source_is_refused():
    with pytest.raises(ValueError, match="source"):
        Measure.model_validate({"name": "x", "formula": [], "meaning": "x", "limits": "x"})
