"""One file per measure: how well pictures were read, and how good drawings are."""
