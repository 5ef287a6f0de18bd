"""Private machinery of `sync`."""
