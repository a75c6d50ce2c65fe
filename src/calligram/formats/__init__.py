"""How training examples are written to disk and read back: one file for each format."""
