"""Past one process: an analysis of many parts, each by a worker, with the very same measures. Plain pandas in one process stays the default."""
