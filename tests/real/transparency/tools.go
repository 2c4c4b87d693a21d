//go:build tools

// Package main pins what tests/real/install builds beside the program here.
package main

import (
	_ "github.com/transparency-dev/tessera/cmd/examples/posix-oneshot"
	_ "github.com/transparency-dev/tessera/cmd/fsck"
)
