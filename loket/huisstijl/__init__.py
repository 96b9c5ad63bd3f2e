"""Service: how a gemeente looks, on screen and on paper."""
