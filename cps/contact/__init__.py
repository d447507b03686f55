"""The contact centre: whoever calls or comes is answered, or their case is filed by the same rules."""
