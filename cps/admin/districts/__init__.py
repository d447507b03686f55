"""The wards of the city: their names, and new boundaries from a file."""
