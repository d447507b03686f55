"""How reporters are reminded of what the city asked them."""
