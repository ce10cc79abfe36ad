"""How often each rule is wrong, and what it finds, on simulated cases whose ruptures are known.

python -m benchmarks.detectors (or make detectors) runs it all with a fixed seed and writes benchmarks/results/. One idea a file: `grids` (what is
varied), `simulated` (cases), `rules` (what is compared), `counting` (flags against the truth), `results` (tables and a chart).
"""
