"""The console: what the operator touches, and the station behind it."""
