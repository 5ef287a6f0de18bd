"""How learning goes: enrolments, assignments, progress, completion."""
