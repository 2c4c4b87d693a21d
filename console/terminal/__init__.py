"""The terminal as a thing of its own: what it can, what is on it, and how it is left."""
