"""Tasks for other people's harnesses, whose scores are those of ``calligram evaluate``."""
