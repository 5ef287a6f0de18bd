"""The country office's door: figures, places, people, hubs, courses, parcels."""
