"""What administrators type to set the city's rules."""
