"""From words to images: each module is one way to paint."""
