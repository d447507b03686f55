"""The departments of the city, and what becomes of a closed one's cases."""
