"""Bridge: policy questions, never a person."""
