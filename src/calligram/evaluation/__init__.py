"""Measures a model, and what bounds it: how it reads, what it abstains from, how it draws."""
