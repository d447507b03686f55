"""Messages that did not arrive, as those who look after the city see them."""
