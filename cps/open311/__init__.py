"""Open311 GeoReport v2 over the services that pages use: other programs file complaints and read them."""
