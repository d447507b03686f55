"""The city itself: its name, languages, colour, numbers to call and words of danger."""
