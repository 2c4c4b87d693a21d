"""The ledger's formats and proofs: all that an auditor needs, without station or network."""
