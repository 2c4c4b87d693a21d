"""The support bundle: what helps somebody else to see what is wrong here, without a secret."""
