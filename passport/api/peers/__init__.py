"""The wire between nodes over HTTP."""
