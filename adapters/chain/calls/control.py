"""Which calls are critical: those that give control away, hide what they do, or send much ether.

The rule, in order; the first that fits is the reason that is said:

- the function's name, where it is one that does such a thing; a contract may emit nothing of it;
- what the simulation shows: an event that says that an owner, a role, an approval for all, an
  administrator or the code behind a proxy changes, whatever the function is called;
- ether: `MUCH` or more, or more than half of what the sender has.

Taking an approval for all back gives nothing away. All else stays at the action's own significance.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache

from adapters.chain import hashing
from adapters.chain.abi import Function
from adapters.chain.calls import units
from adapters.chain.calls.asked import Asked
from adapters.chain.calls.simulated import Log, Simulated
from adapters.contract import Significance

MUCH = 10**18
"""Wei from which sending them is critical: 1 ether."""
UNLIMITED = 1 << 255
"""An allowance from which on nobody means a number."""

_EVENTS = {
    "OwnershipTransferred(address,address)": "the contract gets another owner",
    "OwnershipTransferStarted(address,address)": "it offers the contract to another owner",
    "RoleGranted(bytes32,address,address)": "it gives a role in the contract to an account",
    "RoleRevoked(bytes32,address,address)": "it takes a role in the contract from an account",
    "RoleAdminChanged(bytes32,bytes32,bytes32)": "it changes who may give a role",
    "DefaultAdminTransferScheduled(address,uint48)": "it offers the contract to another owner",
    "Upgraded(address)": "it changes the code behind the contract",
    "BeaconUpgraded(address)": "it changes the code behind the contract",
    "AdminChanged(address,address)": "the contract gets another administrator",
}
_APPROVAL = "ApprovalForAll(address,address,bool)"
_ALL = "who is approved for all may move every token of the account"

_NAMES = (
    (("transferownership", "setowner", "changeowner", "transferowner", "safetransferownership"),
     "it gives the contract to another owner"),
    (("renounceownership",), "it leaves the contract without an owner, for good"),
    (("addowner*", "removeowner*", "swapowner*", "changethreshold*"),
     "it changes who decides over the contract"),
    (("grantrole*",), "it gives a role in the contract to an account"),
    (("revokerole*",), "it takes a role in the contract from an account"),
    (("renouncerole*",), "it gives a role in the contract up"),
    (("setadmin", "changeadmin", "transferadmin", "changeproxyadmin", "begindefaultadmintransfer",
      "acceptdefaultadmintransfer", "setroleadmin", "setauthority"),
     "the contract gets another administrator"),
    (("upgrade", "upgradeto*", "upgradeand*", "setimplementation*", "updateimplementation*",
      "diamondcut", "setcode*"),
     "it changes the code behind the contract"),
    (("selfdestruct*", "suicide*", "kill", "destroy", "destruct", "destroycontract",
      "killcontract", "shutdown"),
     "it may end the contract for good"),
    (("multicall*", "aggregate*", "delegatecall*", "exec", "execute*", "exectransaction*",
      "functioncall*", "functiondelegatecall*"),
     "it carries calls that are not shown here"),
)  # fmt: skip
"""Names in lower case and without underscores, as patterns."""


def weigh(found: Simulated) -> tuple[Significance, str]:
    """Return how much the call that was simulated may cost, and why it is more than usual."""
    because = of_name(found.asked) or of_events(found.events or ()) or of_ether(found)
    return (Significance.CRITICAL if because else Significance.CAUTION), because


def of_events(events: tuple[Log, ...]) -> str:
    """Return what control the events say that moves, "" where none does."""
    known = _topics()
    for log in events:
        topic = log.topics[0].lower() if log.topics else ""
        if topic in known:
            return known[topic]
        if topic == _approval_topic() and any(log.data):
            return _ALL
    return ""


def of_name(asked: Asked) -> str:
    """Return what control a function of this name gives away, "" where it is not known to."""
    function, values = asked.function, asked.values
    name = function.name.replace("_", "").lower()
    if name == "setapprovalforall":
        return _ALL if len(values) < 2 or values[1] is not False else ""
    if _unlimited(asked):
        return "whom it approves may spend without limit"
    for patterns, because in _NAMES:
        if any(fnmatchcase(name, each) for each in patterns) and not _harmless(function, name):
            return because
    return ""


def of_ether(found: Simulated) -> str:
    """Return why the ether that is sent is much, "" where it is not."""
    value = found.asked.value
    if value >= MUCH:
        return f"it sends {units.ether(value)}, and {units.ether(MUCH)} is much"
    if value * 2 > found.balance:
        return f"it sends {units.ether(value)}, more than half of what {found.signer.name} has"
    return ""


def _unlimited(asked: Asked) -> bool:
    """Whether it is an allowance of fungible tokens without a limit. An ERC-721's is of one."""
    allows = ("approve(address,uint256)", "increaseAllowance(address,uint256)")
    if asked.contract.abi.tokens or asked.function.signature not in allows:
        return False
    return isinstance(asked.values[1], int) and asked.values[1] >= UNLIMITED


def _harmless(function: Function, name: str) -> bool:
    """Whether a function that could carry calls takes no bytes, and so carries none."""
    carries = name.startswith(("multicall", "aggregate", "delegate", "exec", "function"))
    return carries and "bytes" not in function.signature


@cache
def _topics() -> dict[str, str]:
    return {hashing.topic(signature): because for signature, because in _EVENTS.items()}


@cache
def _approval_topic() -> str:
    return hashing.topic(_APPROVAL)
