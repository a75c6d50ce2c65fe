"""Markups: how a grid is spelled for a model. One file is one markup."""
