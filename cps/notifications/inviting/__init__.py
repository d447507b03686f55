"""What people are told whom the city invites to work for it."""
