"""The commands without a screen: one module each, with `run(choice, options) -> exit status`."""
