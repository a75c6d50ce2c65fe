"""Endpoints: where one is and what goes wrong on the way, what it may cost, and answers kept on disk.

What models and painters behind an endpoint share; knows no model, no painter, and what neither is asked.
"""
