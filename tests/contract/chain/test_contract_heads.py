"""How the adapter follows heads: by subscription or by polling, over gaps and reorganisations."""

from __future__ import annotations

from adapters.records import Account, Chain, ScopeState
from tests.contract.chain.backend import AGRI, OPS, Backend, Can
from tests.contract.chain.watching import observing
from tests.contract.kubernetes.mirror import Mirror


def chain(mirror: Mirror) -> Chain | None:
    return mirror.one(Chain, "", "eip155:31337")


async def test_the_head_and_how_it_is_known(backend: Backend) -> None:
    await backend.mine(3)
    async with observing(backend) as seen:
        told = Can.SUBSCRIPTIONS in backend.can
        how = "subscription" if told else "polling"

        def there(mirror: Mirror) -> Chain | None:
            found = chain(mirror)
            return found if found is not None and found.how == how else None

        found: Chain = await seen.until(there, f"the chain by {how}")
        block = await backend.block()
        assert (found.chain_id, found.number, found.block_hash) == (31337, 3, block["hash"])
        assert found.block_time == int(block["timestamp"], 16)
        assert found.block_interval is not None
        assert found.syncing is False
        assert found.client
        assert found.base_fee.isdigit()
        assert (found.reorgs, found.reorg_depth, found.reorg_at) == (0, 0, None)
        await backend.mine()
        await seen.until(lambda mirror: chain(mirror).number == 4, "block 4")
        assert seen.mirror.states["heads"] == [ScopeState.NEVER, ScopeState.LIVE]


async def test_what_is_final(backend: Backend) -> None:
    await backend.mine(5)
    async with observing(backend) as seen:
        found: Chain = await seen.until(chain, "the chain")
        final = await backend.block("finalized") if Can.FINALIZED in backend.can else None
        assert found.final == (None if final is None else int(final["number"], 16))


async def test_a_reorganisation_is_counted_with_its_depth(backend: Backend) -> None:
    await backend.mine(6)
    async with observing(backend) as seen:
        await seen.until(lambda mirror: chain(mirror) and chain(mirror).number == 6, "block 6")
        await backend.reorganise(3)
        block = await backend.block()

        def moved(mirror: Mirror) -> bool:
            found = chain(mirror)
            return found.block_hash == block["hash"] and found.reorgs > 0

        await seen.until(moved, "the new chain")
        assert chain(seen.mirror).reorg_depth == 3
        assert chain(seen.mirror).reorg_at is not None
        assert seen.mirror.state("heads") is ScopeState.LIVE


async def test_a_long_gap_is_walked(backend: Backend) -> None:
    async with observing(backend) as seen:
        await seen.until(chain, "the chain")
        await backend.mine(40)
        await seen.until(lambda mirror: chain(mirror).number == 40, "block 40")
        assert chain(seen.mirror).reorgs == 0


async def test_accounts_with_their_balances_and_nonces(backend: Backend) -> None:
    async with observing(backend) as seen:

        def there(mirror: Mirror) -> Account | None:
            return mirror.one(Account, "", "ops")

        found: Account = await seen.until(there, "the account")
        assert found.address == backend.accounts[OPS]
        assert (found.nonce, found.signs, found.locked) == (0, "node", False)
        assert int(found.balance) > 10**18
        own = [each for each in seen.mirror.all(Account, "") if each.signs == "node"]
        assert {each.address for each in own} == set(backend.accounts)
        await backend.transact(sender=OPS, to=backend.accounts[AGRI], value=hex(10**18))

        def spent(mirror: Mirror) -> bool:
            now = there(mirror)
            return now.nonce == 1 and int(now.balance) <= int(found.balance) - 10**18

        await seen.until(spent, "one ether less")


async def test_nothing_configured_is_said_to_be_absent(backend: Backend) -> None:
    async with observing(backend, contracts={}, names={}, node_accounts=False) as seen:
        await seen.until(chain, "the chain")

        def absent(mirror: Mirror) -> bool:
            scopes = ("tokens", "contracts", "ledger", "accounts")
            return all(mirror.state(scope) is ScopeState.ABSENT for scope in scopes)

        await seen.until(absent, "that there is nothing")
