"""What a gemeente can grant, and the grounds to refuse."""
