"""What is personal."""
