"""Room: aanbieders, their contracts and their work."""
