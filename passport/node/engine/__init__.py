"""Private machinery of the room `node`."""
