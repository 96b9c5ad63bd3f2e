"""The work that waits: list, own views, dividing it, and how each day starts."""
