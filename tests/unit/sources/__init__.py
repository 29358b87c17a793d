"""Calling sources, layer by layer and all together."""
