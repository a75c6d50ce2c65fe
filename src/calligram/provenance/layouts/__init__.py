"""The layouts in which art tools write how an image was made, one file a layout."""
