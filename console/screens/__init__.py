"""The screens: one file each, all of them `ConsoleScreen`s with the header and the key line."""
