"""Measures Calligram against named peers in one run, as ratios, and writes the page that shows them.

``python -m benchmarks run --out benchmarks/results.json`` measures;
``python -m benchmarks page benchmarks/results.json docs/benchmarks.md`` writes the page.
"""
