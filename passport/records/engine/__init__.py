"""Private machinery of the learning record."""
