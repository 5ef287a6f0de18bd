"""This machine: its identity, its peers, its journal."""
