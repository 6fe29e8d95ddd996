"""Speed on this machine: measured here, never asserted by a test."""
