"""Bridge: pages of the functional administrator and the privacy officer."""
