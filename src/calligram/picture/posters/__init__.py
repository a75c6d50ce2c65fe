"""Posters: any image or text picture as finished art, set in the characters of a font."""
