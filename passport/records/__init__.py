"""The learning record: append-only, and it knows people only as opaque ids."""
