"""The file formats of images: where each keeps what is no pixel, one file a format."""
