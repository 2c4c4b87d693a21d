"""The feed: how the station and a console speak over a Unix socket."""
