"""A plain seeded simulator of the merge logic alone: no database, no keys, no files."""
