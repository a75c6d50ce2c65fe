"""Paints small icons with an adversarial network, whose condition is the writer's own view of the words."""
