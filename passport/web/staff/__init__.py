"""What the pages of facilitators and of the office share."""
