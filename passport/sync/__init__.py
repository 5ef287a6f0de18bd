"""What travels between nodes, and how. Owns no tables."""
