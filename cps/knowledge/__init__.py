"""The answer base: what the city answers most often, written once, found by everybody."""
