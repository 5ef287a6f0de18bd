"""Private machinery."""
