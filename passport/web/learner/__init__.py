"""The learner's door."""
