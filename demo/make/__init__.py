"""Programs that draw, narrate, film and print the media of the demo library."""
