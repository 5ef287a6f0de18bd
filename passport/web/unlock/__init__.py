"""The door of a node that started locked: one page, until somebody who works here unlocks it."""
