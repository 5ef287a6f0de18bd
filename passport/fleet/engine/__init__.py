"""Private machinery of this room."""
