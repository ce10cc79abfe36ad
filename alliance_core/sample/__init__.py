"""Synthetic ratings with known truth: for trying things out, for tests, for measuring detectors.

>>> made = simulate(Design(practitioners=2, cases=3, sessions=8), seed=1)
>>> sorted(made.forms["practitioner"].unique())
['P01', 'P02']
>>> list(made.truth.columns)[:5]
['practitioner', 'client', 'start_session', 'low_session', 'end_session']
"""

from alliance_core.sample.layouts import LAYOUTS, SampleError, arranged, write_sample
from alliance_core.sample.model import TRUTH, Design, Parameters, Simulation, simulate

__all__ = [
    "LAYOUTS",
    "TRUTH",
    "Design",
    "Parameters",
    "SampleError",
    "Simulation",
    "arranged",
    "simulate",
    "write_sample",
]
