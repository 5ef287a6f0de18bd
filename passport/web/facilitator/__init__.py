"""The facilitator's door: classes, learners, their cards, and what the courier carries."""
