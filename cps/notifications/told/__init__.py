"""What people were told: their own list, the daily digest, and how they want to hear of what."""
