"""Courses from elsewhere, one module a format: each writes a course folder, as an author would."""
