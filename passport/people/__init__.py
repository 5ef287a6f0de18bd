"""Who is who: persons, sites, groups, roles, and how people sign in."""
