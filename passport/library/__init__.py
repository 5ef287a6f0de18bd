"""The library: courses, their versions, lessons and files, and the search over them."""
