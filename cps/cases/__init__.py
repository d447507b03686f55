"""Cases: what complaints and proposals share, their story, people around them and their moves."""
