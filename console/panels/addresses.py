"""The addresses that the load balancer gave out, and the pools that they come from."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.records import Address, App, Key, app_key
from console.panels.listing import Listing
from console.panels.tables import TablesPanel
from console.rows import addresses, pools


class AddressesPanel(TablesPanel):
    """Pools above, allocations below."""

    TITLE = "Addresses"
    HELP = """\
POOLS: how many addresses of each pool are in use, and which ranges it has. ▲ means full or
nearly so: the next Services will wait. AUTO says whether a Service that names no pool may get
one of it.

ALLOCATIONS: each address of each Service of type LoadBalancer, with its ports (UDP and TCP),
its pool, and who announces it: L2 with the node and its interface, BGP with the node and the
configured peers; that a peer is configured does not say that its session is up.

"not known" means that the cluster has no status that would say; "nobody" that it has one and it
is empty.

tab goes from one table to the other. {rollback}, {logs}, {events} and {yaml} act on the app
behind the address, where there is just one."""

    def listings(self) -> Sequence[Listing]:
        """Make the two tables."""
        return [
            Listing(self.session, "Pool", pools, title="POOLS", most=6, id="pools"),
            Listing(self.session, "Address", addresses, title="ALLOCATIONS", id="addresses"),
        ]

    def first(self) -> int:
        """Begin in the allocations."""
        return 1

    def app_here(self) -> App | None:
        """Return the app behind the address under the cursor, where there is just one."""
        key = self.selected()
        record = self.session.store.get(key) if isinstance(key, Key) else None
        if not isinstance(record, Address) or len(record.apps) != 1:
            return None
        workload, _, name = record.apps[0].rpartition("/")
        return self.session.app(app_key(record.source, record.namespace, workload, name))
