"""One module a course: `draw()` gives that course's pictures, by file name."""
