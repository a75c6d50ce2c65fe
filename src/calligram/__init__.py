"""Calligram gives language models that only know text a way to see pictures and to draw them."""

__version__ = "0.1.0"
