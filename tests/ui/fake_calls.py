"""An action whose form is live and made of an interface, as a chain's adapter would make it."""

from __future__ import annotations

import json
from typing import Any

from adapters.contract import Field, Form, Option, Preview

FUNCTIONS = {
    "mint(address,uint256,string)": (("to", "address"), ("tokenId", "uint256"), ("app", "string")),
    "transferFrom(address,address,uint256)": (
        ("from", "address"),
        ("to", "address"),
        ("tokenId", "uint256"),
    ),
    "recordDeployment(string,uint64,string,bytes32,string,address,bool,uint8)": (
        ("app", "string"),
        ("revision", "uint64"),
        ("image", "string"),
        ("imageDigest", "bytes32"),
        ("note", "string"),
        ("actor", "address"),
        ("final", "bool"),
        ("kind", "uint8"),
    ),
    "ownerOf(uint256)": (("tokenId", "uint256"),),
    "totalSupply()": (),
    **{f"setting{number}(uint256)": (("value", "uint256"),) for number in range(35)},
}
NAMES = {"founder": "0xf39F…2266", "agri": "0x3C44…93BC"}


def parameter(name: str, kind: str, value: str) -> Field:
    """Return the field of one parameter, checked."""
    error = note = ""
    if value and kind.startswith("uint") and not value.isdigit():
        error = f"{value!r} is not a number; expected: a whole number from 0 to 2^256-1"
    elif value and kind == "address":
        note = f"= {NAMES[value]}" if value in NAMES else ""
        error = "" if note else f"{value!r} is neither an address nor a known name: agri, founder"
    options = (Option("true", "yes"), Option("false", "no")) if kind == "bool" else ()
    return Field(
        name, f"{name} ({kind})", kind, required=kind != "string", error=error, note=note,
        options=options, into="args",
    )  # fmt: skip


def form(asked: dict[str, Any]) -> Form:
    """Answer `action.form` of contract.call."""
    given = asked["arguments"]
    contracts = (Option("Identity", "Identity", "0x5FbD…0aa3"), Option("Deployments", "Deploys"))
    fields = [Field("contract", "Contract", "what to call", options=contracts)]
    if not given.get("contract"):
        return Form("Call a contract", tuple(fields), live=True)
    functions = tuple(Option(one, one, "reads" if _reads(one) else "writes") for one in FUNCTIONS)
    fields.append(Field("function", "Function", "what it does", options=functions))
    name = given.get("function", "")
    if name not in FUNCTIONS:
        return Form(f"Call {given['contract']}", tuple(fields), live=True)
    values = json.loads(given.get("args", "[]"))
    parameters = FUNCTIONS[name]
    values += [""] * (len(parameters) - len(values))
    made = [parameter(*one, value) for one, value in zip(parameters, values, strict=True)]
    fields += made
    title = f"Call {given['contract']}.{name.partition('(')[0]}"
    whole = all(values) and not any(one.error for one in made)
    if _reads(name):
        answer = f"owner of #{values[0]}: agri" if name.startswith("owner") else "24"
        return Form(
            title, tuple(fields), live=True, reads=True, answer=answer if whole else None,
            command=f"cast call 0x5FbD {name}",
        )  # fmt: skip
    accounts = (Option("ops", "ops", "0x7099…79C8"), Option("founder", "founder", "0xf39F…2266"))
    fields.append(Field("value", "Value", "0.5 ether", required=False))
    fields.append(Field("from", "From", "who signs", default="ops", options=accounts))
    return Form(
        title, tuple(fields), ("it costs gas",), live=True, command="cast send 0x5FbD" * whole
    )


def _reads(name: str) -> bool:
    return name.startswith(("owner", "total"))


CALL_PREVIEW = Preview(
    title="Identity.transferFrom(ops, agri, 7)",
    simulated_by="eth_call, eth_estimateGas, eth_simulateV1 at block 41",
    binds={"chain_id": "31337", "to": "0x5FbDB2315678afecb367f032d93F642f64180aa3"},
    outcome="0" * 64,
    touches=("token Identity #7, the identity of life-support/oxygen-generator",),
    facts=(
        ("result", "nothing"),
        ("gas", "52,344"),
        ("fee at most", "0.000104688 ether"),
        ("event", "Transfer(from: ops, to: agri, tokenId: 7)"),
        ("event", "Approval(owner: ops, approved: nobody, tokenId: 7)"),
    ),
    command="cast send 0x5FbDB2315678afecb367f032d93F642f64180aa3"
    " 'transferFrom(address,address,uint256)' ops agri 7",
    confirm="Identity",
    undo={"contract": "Identity"},
)
