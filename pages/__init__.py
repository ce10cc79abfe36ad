"""The pages: widgets, one call into the core, one chart, and the empty and error states."""
