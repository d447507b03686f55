"""Letters of alerts: each person gets one about all that is due, each thing once."""
