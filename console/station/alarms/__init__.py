"""Alarms: what is watched, when that is one, what people did about it, and how it is kept.

`limits` says when a value is beyond its limit, `rules` what is watched by which limit, `values`
what is worked out for them, `engine` looks at what changed, `book` holds the alarms by ISA-18.2's
states, `keeping` keeps them over a restart.
"""
