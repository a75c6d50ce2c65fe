"""Forms: how a poster becomes a file. One module is one ending."""
