"""How the colony's systems are reached: usable alone, without the console."""
