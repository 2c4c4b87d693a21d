"""Others read what colony writes, and colony reads what others write: tiles, proofs, cosignatures.

The others are tools and libraries of transparency-dev, and golang.org/x/mod, which know nothing of
colony.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from console.headless.witness_files import make_keys
from console.ledger import checkpoint, keys, note, proofs, tiles
from console.ledger.checkpoint import Checkpoint
from console.ledger.export import write
from console.ledger.keys import Kind, SigningKey
from console.ledger.merkle import Tree, leaf_hash
from console.ledger.note import Note
from console.ledger.proof_file import ProofFile
from console.ledger.proofs import ProofError
from console.ledger.strict import decode
from console.ledger.tiles import ENTRIES, Tiles
from console.ledger.verifying import State, verify
from console.station.cosigning import Far, Http, OtherHistory
from console.station.log import Leaf, Log
from console.station.witnessing import Witnessing
from tests.clocks import StandingClock
from tests.real.transparency.running import OurWitness, Tools, hashes_of

pytestmark = pytest.mark.real

ORIGIN = "colony/tycho/0123456789abcdef"
AT = 1_800_000_000.0
SIZES = (1, 2, 3, 255, 256, 257, 600)
LARGE = 66_000
"""Entries that need tiles of three levels."""
KEYS = [SigningKey.generate(ORIGIN, kind) for kind in (Kind.ED25519, Kind.MLDSA44)]
VKEYS = [key.verifier.text for key in KEYS]


def entry(number: int) -> bytes:
    return f'{{"event":"note","text":"entry {number}"}}'.encode()


def log(directory: Path, size: int, changed: int = -1) -> Path:
    """Export a log of *size* entries, of which one may be another one; return where."""
    data = [entry(number) for number in range(size)]
    if changed >= 0:
        data[changed] = b'{"event":"note","text":"another"}'
    tree = Tree()
    for each in data:
        tree.append(leaf_hash(each))
    signed = checkpoint.sign(Checkpoint(ORIGIN, size, tree.root()), KEYS, AT)
    write(
        directory, ((leaf_hash(each), each) for each in data), signed.encode(),
        [key.verifier for key in KEYS], prove={0, size // 2, size - 1},
    )  # fmt: skip
    return directory


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    return Tools(tmp_path_factory.mktemp("tools"))


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Our logs, by their size."""
    folder = tmp_path_factory.mktemp("logs")
    return {size: log(folder / str(size), size) for size in (*SIZES, LARGE)}


def test_their_fsck_finds_our_logs_whole(tools: Tools, logs: dict[int, Path]) -> None:
    for size, directory in logs.items():
        for key in VKEYS:
            assert tools.fsck(directory, key), size


def _flip(path: Path, at: int = -1) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: _flip(d / tiles.path(ENTRIES, 1)),
        lambda d: _flip(d / tiles.path(0, 0)),
        lambda d: _flip(d / tiles.path(0, 2, 88), 5),
        lambda d: _flip(d / tiles.path(1, 0, 2)),
        lambda d: (d / tiles.path(ENTRIES, 0)).unlink(),
        lambda d: _flip(d / "checkpoint", 60),
        lambda d: _flip(d / "checkpoint", -9),
    ],
    ids=["entry", "tile", "partial tile", "tile above", "no bundle", "root", "signature"],
)
def test_what_was_changed_both_find(
    tools: Tools, logs: dict[int, Path], tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    directory = tmp_path / "log"
    shutil.copytree(logs[600], directory)
    assert verify(directory).state is State.NOT_COMPARED
    spoil(directory)
    assert not all(tools.fsck(directory, key) for key in VKEYS)
    assert verify(directory).state is State.FAILED


def test_they_check_both_signatures_of_our_checkpoints(tools: Tools, logs: dict[int, Path]) -> None:
    path = logs[257] / "checkpoint"
    done = tools.interop("checkpoint", path, *VKEYS)
    said = checkpoint.parse(note.parse(path.read_bytes()).text)
    printed = done.stdout.split()
    assert printed[:2] == [ORIGIN, "257"]
    assert hashes_of(printed[2]) == [said.root]
    stranger = SigningKey.generate(ORIGIN, Kind.MLDSA44).verifier.text
    assert not tools.holds("checkpoint", path, VKEYS[0], stranger)
    whole = note.parse(path.read_bytes())
    for place, line in enumerate(whole.signatures):
        for at in (0, 7, 8, len(line.blob) - 1):
            blob = bytearray(line.blob)
            blob[at] ^= 1
            lines = list(whole.signatures)
            lines[place] = line._replace(blob=bytes(blob))
            spoiled = tools.file(Note(whole.text, tuple(lines)).encode())
            assert not tools.holds("checkpoint", spoiled, *VKEYS), (place, at)


def test_they_check_our_proof_files(tools: Tools, logs: dict[int, Path]) -> None:
    for size, directory in logs.items():
        found = sorted((directory / "proofs").iterdir())
        assert found
        for path in found:
            assert tools.holds("proof", path, *VKEYS), (size, path.name)
    path = logs[600] / "proofs" / "300.tlog-proof"
    data = path.read_bytes()
    for old, new in ((b"index 300", b"index 301"), (b"extra eyJl", b"extra eyJm")):
        assert data.count(old) == 1
        assert not tools.holds("proof", tools.file(data.replace(old, new)), *VKEYS)


def test_proofs_of_theirs_and_ours_are_the_same(tools: Tools, logs: dict[int, Path]) -> None:
    chosen = random.Random(6962)
    for size, directory in logs.items():
        ours = Tiles(directory, size)
        for index in {0, size - 1, chosen.randrange(size)}:
            path = proofs.inclusion(index, size, ours.node)
            theirs = tools.interop("prove-entry", directory, str(index), str(size)).stdout
            assert hashes_of(theirs) == path
            given = (directory / "checkpoint", str(index), tools.hashes(path))
            assert tools.holds("included", *given, tools.file(entry(index)), VKEYS[0])
            assert not tools.holds("included", *given, tools.file(b"another"), VKEYS[0])


def test_consistency_of_theirs_and_ours_is_the_same(tools: Tools, logs: dict[int, Path]) -> None:
    sizes = sorted(logs)
    for new in sizes[1:]:
        for old in sizes[: sizes.index(new)]:
            path = proofs.consistency(old, new, Tiles(logs[new], new).node)
            theirs = tools.interop("prove-growth", logs[new], str(old), str(new)).stdout
            assert hashes_of(theirs) == path
            given = (logs[old] / "checkpoint", logs[new] / "checkpoint")
            assert tools.holds("consistent", *given, tools.hashes(path), VKEYS[1])
            assert not tools.holds("consistent", *given, tools.hashes([*path, bytes(32)]), VKEYS[1])


def test_a_history_made_again_is_inconsistent_to_both(
    tools: Tools, logs: dict[int, Path], tmp_path: Path
) -> None:
    other = log(tmp_path / "other", 600, changed=17)
    assert tools.fsck(other, VKEYS[0])
    path = proofs.consistency(257, 600, Tiles(other, 600).node)
    given = (logs[257] / "checkpoint", other / "checkpoint")
    assert not tools.holds("consistent", *given, tools.hashes(path), VKEYS[0])
    older = ("older", (logs[257] / "checkpoint").read_bytes())
    assert verify(other).state is State.NOT_COMPARED
    assert verify(other, against=[older]).state is State.FAILED


# A log that Tessera made


@pytest.fixture(scope="module")
def theirs(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, str, str]:
    """A log of Tessera's with 300 entries, its checkpoint at 256, its secret key and its vkey."""
    folder = tmp_path_factory.mktemp("theirs")
    skey, vkey, _, _ = tools.keygen("tessera.example/log")
    directory = folder / "log"
    for part, numbers in (("first", range(256)), ("then", range(256, 300))):
        entries = folder / part
        entries.mkdir()
        for number in numbers:
            (entries / f"{number:04}").write_bytes(entry(number))
        if part == "then":
            earlier = (directory / "checkpoint").read_bytes()
        tools.grow(directory, skey, entries)
    return directory, earlier, skey, vkey


def test_we_verify_a_log_that_they_made(theirs: tuple[Path, bytes, str, str]) -> None:
    directory, earlier, _, vkey = theirs
    known = [keys.parse(vkey)]
    found = verify(directory, keys=known)
    assert (found.state, found.failures) == (State.NOT_COMPARED, ())
    assert found.checkpoint is not None
    assert found.checkpoint.size == 300
    assert verify(directory, keys=known, against=[("earlier", earlier)]).state is State.VERIFIED
    assert sorted(_every_entry(directory, 300)) == sorted(entry(number) for number in range(300))


def _every_entry(directory: Path, size: int) -> list[bytes]:
    read = Tiles(directory, size)
    return [found for index in range(size) if (found := read.entry(index)) is not None]


@pytest.mark.parametrize(
    "name", ["tile/entries/000", "tile/entries/001.p/44", "tile/0/000", "tile/0/001.p/44"]
)
def test_we_find_what_was_changed_in_theirs(
    theirs: tuple[Path, bytes, str, str], tmp_path: Path, name: str
) -> None:
    directory = tmp_path / "log"
    shutil.copytree(theirs[0], directory)
    _flip(directory / name)
    assert verify(directory, keys=[keys.parse(theirs[3])]).state is State.FAILED


def test_their_key_has_to_be_the_right_one(
    tools: Tools, theirs: tuple[Path, bytes, str, str]
) -> None:
    _, other, _, _ = tools.keygen("tessera.example/log")
    assert verify(theirs[0], keys=[keys.parse(other)]).state is State.FAILED


def test_proofs_cross_both_ways_on_their_log(
    tools: Tools, theirs: tuple[Path, bytes, str, str]
) -> None:
    directory, earlier, _, vkey = theirs
    read = Tiles(directory, 300)
    after = checkpoint.parse(note.parse((directory / "checkpoint").read_bytes()).text)
    before = checkpoint.parse(note.parse(earlier).text)
    for index in (0, 255, 256, 299):
        printed = tools.interop("prove-entry", directory, str(index), "300").stdout
        proofs.verify_inclusion(read.leaf(index), index, 300, hashes_of(printed), after.root)
        ours = proofs.inclusion(index, 300, read.node)
        own = read.entry(index)
        assert own is not None
        given = (str(index), tools.hashes(ours), tools.file(own), vkey)
        assert tools.holds("included", directory / "checkpoint", *given)
        proof = ProofFile(
            index, tuple(ours), note.parse((directory / "checkpoint").read_bytes()), own
        )
        assert tools.holds("proof", tools.file(proof.encode()), vkey)
    printed = tools.interop("prove-growth", directory, "256", "300").stdout
    proofs.verify_consistency(256, before.root, 300, after.root, hashes_of(printed))
    with pytest.raises(ProofError):
        proofs.verify_consistency(256, after.root, 300, after.root, hashes_of(printed))
    ours = proofs.consistency(256, 300, read.node)
    grown = (tools.file(earlier), directory / "checkpoint", tools.hashes(ours), vkey)
    assert tools.holds("consistent", *grown)


# Witnesses


@pytest.mark.parametrize("kind", [Kind.COSIGNATURE, Kind.MLDSA44])
async def test_their_witness_cosigns_our_stations_log(
    tools: Tools, tmp_path: Path, kind: Kind
) -> None:
    """It knows the log by the key of the same algorithm as its own."""
    ours = Log(tmp_path / "log.sqlite", colony="tycho", origin=ORIGIN)
    assert await ours.open() == ""
    assert ours._signer is not None
    logs_key = ours._signer.verifiers[0 if kind is Kind.COSIGNATURE else 1]
    skey, _, pq, public = tools.keygen("w.example")
    if kind is Kind.COSIGNATURE:
        seed = decode(skey.split("+", 4)[4])[1:]
        public = SigningKey.from_seed("w.example", kind, seed).verifier.text
    witness = tools.witness(logs_key.text, [skey if kind is Kind.COSIGNATURE else pq])
    witness.start()
    http = Http()
    try:
        own = [(witness.url, public)]
        witnessing = Witnessing(ours, own, StandingClock(AT), post=http.post)
        far = Far(witness.url, keys.parse(public))
        for _ in range(3):
            await ours.append(*(Leaf(entry(each), AT) for each in range(70)))
            assert await witnessing.submit(far)
            assert far.size == ours.head.size
        # What a witness has cosigned may be forgotten here: it says so, and the log goes on.
        far.size = 0
        await ours.append(Leaf(b"{}", AT))
        assert await witnessing.submit(far)
        assert await ours.read("SELECT max(size), count(*) FROM cosignatures") == [(211, 4)]
        other = await _forked(tmp_path, ours)
        with pytest.raises(OtherHistory, match="it has seen another history of 211 entries"):
            await Witnessing(other, own, StandingClock(AT), post=http.post).submit(far)
        await other.close()
    finally:
        await http.close()
        witness.end()
        await ours.close()


async def _forked(folder: Path, log: Log) -> Log:
    """Return another log of the same name, signed by the same keys, with more in it."""
    other = Log(folder / "other.sqlite", colony="tycho", origin=ORIGIN)
    await other.open()
    other._signer = log._signer
    await other.append(*(Leaf(b'{"other":1}', AT) for _ in range(log.head.size + 5)))
    return other


def test_their_client_is_cosigned_by_our_witness(
    tools: Tools, logs: dict[int, Path], tmp_path: Path
) -> None:
    made = make_keys(tmp_path / "witness.keys", "w.example")
    witness = OurWitness(tmp_path, VKEYS)
    witness.start()
    try:
        nothing = tools.hashes([])

        def submit(old: int, path: Path, hashes: Path = nothing) -> tuple[int, str]:
            done = tools.interop("submit", witness.url, str(old), path, hashes)
            return done.returncode, done.stdout or done.stderr

        first = logs[257] / "checkpoint"
        status, lines = submit(0, first)
        assert status == 0
        cosigned = tools.file(first.read_bytes() + lines.encode())
        theirs = [*VKEYS, *(key.verifier.text for key in made)]
        assert tools.holds("checkpoint", cosigned, *theirs)
        later = logs[600] / "checkpoint"
        assert "the witness has seen 257" in submit(0, later)[1]
        path = tools.interop("prove-growth", logs[600], "257", "600").stdout.encode()
        assert "proof invalid" in submit(257, later)[1]
        other = log(tmp_path / "other", 600, changed=3)
        assert "proof invalid" in submit(257, other / "checkpoint", tools.file(path))[1]
        assert submit(257, later, tools.file(path))[0] == 0
        assert "roots do not match" in submit(600, other / "checkpoint")[1]
        assert "the witness has seen 600" in submit(0, first)[1]
        assert "old size > current" in submit(600, first)[1]
        stranger = SigningKey.generate(ORIGIN, Kind.ED25519)
        root = checkpoint.parse(note.parse(later.read_bytes()).text).root
        forged = checkpoint.sign(Checkpoint(ORIGIN, 601, root), [stranger], AT)
        assert "no valid signatures" in submit(600, tools.file(forged.encode()))[1]
        elsewhere = SigningKey.generate("elsewhere.example", Kind.ED25519)
        foreign = checkpoint.sign(Checkpoint("elsewhere.example", 601, root), [elsewhere], AT)
        assert "unknown log" in submit(0, tools.file(foreign.encode()))[1]
    finally:
        witness.end()


def test_a_log_of_theirs_is_cosigned_by_our_witness_as_it_grows(
    tools: Tools, theirs: tuple[Path, bytes, str, str], tmp_path: Path
) -> None:
    directory = tmp_path / "log"
    shutil.copytree(theirs[0], directory)
    _, _, skey, vkey = theirs
    _, ed25519 = make_keys(tmp_path / "witness.keys", "w.example")
    witness = OurWitness(tmp_path, [vkey])
    witness.start()
    try:
        key = ed25519.verifier.text
        policy = tools.file(f"witness w {key} {witness.url}\nquorum w\n".encode())
        for part in range(2):
            entries = tmp_path / f"more-{part}"
            entries.mkdir()
            for number in range(30):
                (entries / f"{number}").write_bytes(entry(1_000 * (part + 1) + number))
            tools.grow(directory, skey, entries, "-witness_policy_file", policy)
            found = verify(directory, keys=[keys.parse(vkey)], witnesses=[ed25519.verifier])
            assert (found.state, found.failures) == (State.VERIFIED, ())
            assert found.checkpoint is not None
            assert found.checkpoint.size == 330 + 30 * part
    finally:
        witness.end()
