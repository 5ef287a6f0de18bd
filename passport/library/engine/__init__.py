"""Private machinery of the library: course folders, articles, quizzes, blobs, search."""
