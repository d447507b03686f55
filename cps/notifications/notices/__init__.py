"""What is told of notices: once to each person, whatever they have to do with it."""
