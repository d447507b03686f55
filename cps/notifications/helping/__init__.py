"""What people hear of who helps whom."""
