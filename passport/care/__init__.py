"""Room: the care of a node's disk."""
