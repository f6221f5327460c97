"""From mentions to frames to ranked records."""
