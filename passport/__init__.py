"""Learning Passport: a learning platform for places where the network comes and goes."""

__version__ = "0.1.0"
