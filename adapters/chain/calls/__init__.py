"""`contract.call`: all that a call needs, from its form to the effect that was verified."""
