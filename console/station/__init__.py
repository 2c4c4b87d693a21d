"""The station: one colony's adapters under supervision, its actions and its log; no screen."""
