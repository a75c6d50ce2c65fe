"""Forms of a catalogue: one file for each; its name is the form's name."""
