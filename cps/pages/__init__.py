"""Home, about, privacy, accessibility statement, language, health."""
