"""Renderers: how a text picture is shown to people. One file is one ending."""
