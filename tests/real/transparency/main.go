// Command interop reads and checks what colony writes, and makes what colony is to read and check,
// by the libraries of transparency-dev and golang.org/x/mod alone. It exits 0 where all is well.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/transparency-dev/formats/log"
	f_note "github.com/transparency-dev/formats/note"
	tlogproof "github.com/transparency-dev/formats/proof"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/client"
	client_http "github.com/transparency-dev/witness/client/http"
	"github.com/transparency-dev/witness/persistence/inmemory"
	"github.com/transparency-dev/witness/witness"
	"golang.org/x/mod/sumdb/note"
)

const usage = `interop COMMAND …
  checkpoint FILE VKEY…            every VKEY signed the checkpoint; prints origin, size, root
  proof FILE VKEY…                 the .tlog-proof's extra data is in the log that every VKEY signed
  included FILE INDEX PROOF ENTRY VKEY  the lines of hashes in PROOF show that ENTRY is in the log
  consistent OLD NEW PROOF VKEY    the lines of hashes in PROOF lead from one checkpoint to the other
  prove-entry DIR INDEX SIZE       prints the lines of an inclusion proof, from a log's tiles
  prove-growth DIR OLD NEW         prints the lines of a consistency proof, from a log's tiles
  keygen NAME                      prints a log's Ed25519 key and a cosigner's ML-DSA-44 key, with vkeys
  submit URL OLD FILE PROOF        asks a witness for cosignatures; prints the lines, or why not
  witness HOST:PORT VKEY SKEYFILE… cosigns the log of VKEY, until it is ended`

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(64)
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintf(os.Stderr, "interop: %v\n", err)
		os.Exit(1)
	}
}

var wanted = map[string]int{
	"checkpoint": -2, "proof": -2, "included": 5, "consistent": 4, "prove-entry": 3,
	"prove-growth": 3, "keygen": 1, "submit": 4, "witness": -3,
}

func run(command string, given []string) error {
	count, known := wanted[command]
	if !known || (count >= 0 && len(given) != count) || len(given) < -count {
		return fmt.Errorf("usage:\n%s", usage)
	}
	switch command {
	case "checkpoint":
		found, err := opened(given[0], given[1:])
		if err == nil {
			fmt.Printf("%s %d %s\n", found.Origin, found.Size, base64.StdEncoding.EncodeToString(found.Hash))
		}
		return err
	case "proof":
		return proofFile(given[0], given[1:])
	case "included":
		return included(given[0], given[1], given[2], given[3], given[4:])
	case "consistent":
		return consistent(given[0], given[1], given[2], given[3:])
	case "prove-entry", "prove-growth":
		return prove(command, given[0], given[1], given[2])
	case "keygen":
		return keygen(given[0])
	case "submit":
		return submit(given[0], given[1], given[2], given[3])
	}
	return serve(given[0], given[1], given[2:])
}

// opened returns the checkpoint in a file, which every one of the keys has to have signed.
func opened(path string, vkeys []string) (*log.Checkpoint, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parsed(raw, vkeys)
}

func parsed(raw []byte, vkeys []string) (*log.Checkpoint, error) {
	var verifiers []note.Verifier
	for _, vkey := range vkeys {
		verifier, err := f_note.NewVerifier(vkey)
		if err != nil {
			return nil, err
		}
		verifiers = append(verifiers, verifier)
	}
	signed, err := note.Open(raw, note.VerifierList(verifiers...))
	if err != nil {
		return nil, err
	}
	if len(signed.Sigs) != len(verifiers) {
		return nil, fmt.Errorf("%d of %d keys signed it", len(signed.Sigs), len(verifiers))
	}
	found := &log.Checkpoint{}
	rest, err := found.Unmarshal([]byte(signed.Text))
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("it has extension lines: %q", rest)
	}
	return found, err
}

func proofFile(path string, vkeys []string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var found tlogproof.TLogProof
	if err := found.Unmarshal(raw); err != nil {
		return err
	}
	checkpoint, err := parsed(found.Checkpoint, vkeys)
	if err != nil {
		return err
	}
	var hashes [][]byte
	for _, hash := range found.Hashes {
		hashes = append(hashes, hash[:])
	}
	leaf := rfc6962.DefaultHasher.HashLeaf(found.ExtraData)
	return proof.VerifyInclusion(rfc6962.DefaultHasher, found.Index, checkpoint.Size, leaf, hashes, checkpoint.Hash)
}

func included(path, index, hashes, entry string, vkeys []string) error {
	checkpoint, err := opened(path, vkeys)
	if err != nil {
		return err
	}
	place, err := strconv.ParseUint(index, 10, 64)
	if err != nil {
		return err
	}
	lines, err := readLines(hashes)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(entry)
	if err != nil {
		return err
	}
	leaf := rfc6962.DefaultHasher.HashLeaf(data)
	return proof.VerifyInclusion(rfc6962.DefaultHasher, place, checkpoint.Size, leaf, lines, checkpoint.Hash)
}

func consistent(older, newer, hashes string, vkeys []string) error {
	before, err := opened(older, vkeys)
	if err != nil {
		return err
	}
	after, err := opened(newer, vkeys)
	if err != nil {
		return err
	}
	lines, err := readLines(hashes)
	if err != nil {
		return err
	}
	return proof.VerifyConsistency(rfc6962.DefaultHasher, before.Size, after.Size, lines, before.Hash, after.Hash)
}

func prove(command, directory, first, second string) error {
	one, err := strconv.ParseUint(first, 10, 64)
	if err != nil {
		return err
	}
	size, err := strconv.ParseUint(second, 10, 64)
	if err != nil {
		return err
	}
	ctx := context.Background()
	files := client.FileFetcher{Root: directory}
	builder, err := client.NewProofBuilder(ctx, size, files.ReadTile)
	if err != nil {
		return err
	}
	var hashes [][]byte
	if command == "prove-entry" {
		hashes, err = builder.InclusionProof(ctx, one)
	} else {
		hashes, err = builder.ConsistencyProof(ctx, one, size)
	}
	for _, hash := range hashes {
		fmt.Println(base64.StdEncoding.EncodeToString(hash))
	}
	return err
}

func keygen(name string) error {
	skey, vkey, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return err
	}
	cosigner, cosigned, err := f_note.GenerateMLDSAKey(name)
	if err != nil {
		return err
	}
	fmt.Printf("%s\n%s\n%s\n%s\n", skey, vkey, cosigner, cosigned)
	return nil
}

func submit(prefix, old, path, hashes string) error {
	where, err := url.Parse(prefix)
	if err != nil {
		return err
	}
	size, err := strconv.ParseUint(old, 10, 64)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines, err := readLines(hashes)
	if err != nil {
		return err
	}
	asked := client_http.NewWitness(where, http.DefaultClient)
	said, known, err := asked.Update(context.Background(), size, raw, lines)
	if errors.Is(err, witness.ErrCheckpointStale) {
		return fmt.Errorf("the witness has seen %d: %w", known, err)
	}
	if err == nil {
		fmt.Print(string(said))
	}
	return err
}

func serve(address, vkey string, paths []string) error {
	verifier, err := f_note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	var signers []note.Signer
	for _, path := range paths {
		skey, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		signer, err := f_note.NewSignerForCosignatureV1(strings.TrimSpace(string(skey)))
		if err != nil {
			return err
		}
		signers = append(signers, signer)
	}
	cosigner, err := witness.New(context.Background(), witness.Opts{
		Persistence: inmemory.New(),
		Signers:     signers,
		VerifierForLog: func(_ context.Context, origin string) (note.Verifier, bool, error) {
			return verifier, origin == verifier.Name(), nil
		},
	})
	if err != nil {
		return err
	}
	listening, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	handler := http.NewServeMux()
	handler.HandleFunc("POST /add-checkpoint", witness.NewHTTPHandler(cosigner).AddCheckpoint)
	return http.Serve(listening, handler)
}

// readLines returns the hashes of a file, one in base64 a line.
func readLines(path string) ([][]byte, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var found [][]byte
	for lines := bufio.NewScanner(bytes.NewReader(raw)); lines.Scan(); {
		hash, err := base64.StdEncoding.DecodeString(lines.Text())
		if err != nil {
			return nil, err
		}
		found = append(found, hash)
	}
	return found, nil
}
