"""Mail as it comes in: read, told apart from machines' mail, freed of what is quoted; pure functions."""
