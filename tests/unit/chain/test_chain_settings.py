"""Settings: what is refused, with the field's name and what to do; and no key is ever shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from chain_node import CONTRACT, account

from adapters import registry
from adapters.chain.adapter import ChainAdapter
from adapters.chain.settings import ContractAt, Settings, check
from adapters.contract import ConfigurationError, Context, Refused

URL = "http://127.0.0.1:8545"
ONE = {"Identity": ContractAt(CONTRACT)}


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"url": ""}, "url: is not a URL such as http://HOST:8545"),
        ({"url": "ws://x"}, "url: is not a URL"),
        ({"url": "http://u:p@x"}, "url: holds a user or a password: use token_file"),
        ({"url": "http://x:99999"}, "url: is not a URL"),
        ({"ws": "http://x"}, "ws: is not a URL such as ws://HOST:8545"),
        ({"poll": 0}, "poll: must be between"),
        ({"history": 0}, "history: must be between"),
        ({"page": 0}, "page: must be between"),
        ({"timeout": 0}, "timeout: must be between"),
        ({"chain_id": 0}, "chain_id: must be between"),
        ({"confirmations": -1}, "confirmations: must be between"),
        ({"names": {"ops": "0x1"}}, "names.ops: '0x1' is no address: 0x and 40 digits"),
        (
            {"names": {"ops": "0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266"}},
            "names.ops: 0xF39.* is mistyped: .*EIP-55",
        ),
        ({"contracts": {"A": ContractAt("x\x1b")}}, "contracts.A.address: 'x␛' is no address"),
        ({"contracts": {"A": ContractAt(CONTRACT, "", -1)}}, "contracts.A.from_block: .*negative"),
        (
            {"contracts": {**ONE, "B": ContractAt(CONTRACT.upper().replace("0X", "0x"))}},
            "contracts.B.address: is the address of Identity too",
        ),
    ],
)
def test_what_cannot_be_right(more: dict[str, Any], why: str) -> None:
    with pytest.raises(ConfigurationError, match=why):
        check(Settings(**{"url": URL, **more}))


def test_what_is_right() -> None:
    check(Settings(url="https://node.example/v3/key", ws="wss://node.example", contracts=ONE))
    check(Settings(url=URL, chain_id=31337, names={"ops": account(1)}, confirmations=0))


def test_a_path_with_a_key_in_it_is_not_shown() -> None:
    shown = repr(Settings(url="https://node.example/v3/s3cret", ws="wss://x/s3cret"))
    assert "node.example" in shown
    assert "s3cret" not in shown
    assert str(Settings(url=URL)) == repr(Settings(url=URL))


def test_the_registry_builds_it_and_names_a_wrong_field() -> None:
    made = registry.build("chain", "main", {"url": URL}, Context())
    assert isinstance(made, ChainAdapter)
    with pytest.raises(ConfigurationError, match=r"adapters.main.pol: .*did you mean poll"):
        registry.build("chain", "main", {"url": URL, "pol": 1}, Context())
    contracts = {"A": {"address": CONTRACT, "from": 1}}
    with pytest.raises(ConfigurationError, match=r"adapters.main.contracts\[...\].from"):
        registry.build("chain", "main", {"url": URL, "contracts": contracts}, Context())


def built(settings: Settings, secrets: Path | None = None, seen: list[str] | None = None) -> Any:
    def respond(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request.headers.get("authorization", ""))
        return httpx.Response(200, json={"jsonrpc": "2.0", "id": 1, "result": "0x1"})

    context = Context(secrets=secrets)
    return ChainAdapter("main", settings, context, httpx.MockTransport(respond))


async def test_the_token_comes_from_the_secrets_directory(tmp_path: Path) -> None:
    seen: list[str] = []
    (tmp_path / "node-token").write_text("s3cret\n")
    made = built(Settings(url=URL, token_file="node-token"), tmp_path, seen)
    assert await made.chain_id() == 1
    assert seen == ["Bearer s3cret"]
    await made.close()


@pytest.mark.parametrize("content", [None, b"", b"s3cret s3cret", b"\xff", b"s3\ncret"])
async def test_a_token_that_is_none_is_said_without_it(
    content: bytes | None, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "node-token").write_bytes(content)
    made = built(Settings(url=URL, token_file="node-token"), tmp_path)
    with pytest.raises(ConfigurationError, match=r"token_file: .*node-token holds no token") as no:
        await made.chain_id()
    assert "s3cret" not in str(no.value)
    await made.close()


def test_a_contract_by_its_name_or_its_address() -> None:
    made = built(Settings(url=URL, contracts=ONE))
    assert made.contract("Identity").name == "Identity"
    assert made.contract(CONTRACT.upper().replace("0X", "0x")).name == "Identity"
    with pytest.raises(Refused, match="no contract is called 'x␛' here; there are: Identity"):
        made.contract("x\x1b")


async def test_what_nobody_asks_here() -> None:
    made = built(Settings(url=URL, contracts=ONE))
    for topic, arguments, why in (
        ("logs", {}, "no logs here"),
        ("entry", {}, "transaction says which"),
        ("entry", {"name": "a/b/c"}, "transaction says which"),
        ("token", {"contract": "Identity", "token": "one"}, "its number says which"),
        ("token", {"contract": "Identity", "token": "²"}, "its number says which"),
        ("call", {"contract": "Identity", "function": "mint"}, "mint changes the chain"),
        ("call", {"contract": "Identity", "function": "ownerOf"}, "tokenId"),
        ("call", {"contract": "Identity", "function": "x"}, "no function is called"),
    ):
        with pytest.raises(Refused, match=why):
            await made.query(topic, arguments)
    assert [action.name for action in made.actions()] == ["contract.call"]
    await made.close()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"keys": {"ops": {"keystor": "a"}}}, "did you mean keystore?"),
        ({"keys": {"ops": {"keystore": "a", "secret": "x"}}}, "keystore, passphrase_file"),
        ({"contracts": {"Identity": {"address": "0x", "zzz": 1}}}, "address, abi, from_block"),
    ],
)
def test_what_a_table_within_does_not_know_is_told_with_what_it_does(
    wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigurationError, match="no such setting") as caught:
        registry.build("chain", "chain", {"url": URL, **wrong}, Context())
    assert str(caught.value).endswith(said)
