"""Who runs the jobs of a build: one file for each engine."""
