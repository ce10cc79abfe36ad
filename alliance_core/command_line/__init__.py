"""The command line behind python -m alliance_core: what commands share, and the longer ones."""
