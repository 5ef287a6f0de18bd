"""The office's screens, one a file."""
