"""Partners outside the city, such as a utility: they take cases by a link and answer without an account."""
