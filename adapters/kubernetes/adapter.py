"""One cluster: watches it, answers questions about it, and offers what can be done to it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING

from adapters.contract import (
    Action,
    Adapter,
    AdapterError,
    Answer,
    Batch,
    ConfigurationError,
    Context,
    Finding,
    Link,
    World,
)
from adapters.kubernetes.client import Client
from adapters.kubernetes.publisher import Publisher, Seen
from adapters.kubernetes.reflector import Reflector
from adapters.kubernetes.resolve import resolve
from adapters.kubernetes.resources import METALLB, RESOURCES, SCOPES, Resource
from adapters.kubernetes.settings import Settings as ClusterSettings
from adapters.records import App, ScopeState

if TYPE_CHECKING:
    import httpx

    from adapters.kubernetes.links import Nodes

COALESCE = 0.02
"""Seconds that changes are gathered for: a storm is one batch, and nobody sees the difference."""


class KubernetesAdapter(Adapter):
    """Kubernetes and MetalLB over their own API, which Rancher passes on."""

    Settings = ClusterSettings
    title = "Kubernetes, MetalLB and Rancher"
    brings = ("App", "Revision", "Pod", "Event", "Pool", "Address")
    settings: ClusterSettings

    def __init__(
        self,
        name: str,
        settings: ClusterSettings,
        context: Context,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(name, settings, context)
        self._transport = transport
        self._client: Client | None = None
        self._seen = Seen()
        self._announced = False
        self._nodes: Nodes | None = None

    @property
    def client(self) -> Client:
        """The connection, made when it is first needed; raises `ConfigurationError`."""
        if self._client is None:
            access = resolve(self.settings, self.context.secrets, self.context.clock)
            self._client = Client(
                access,
                agent=f"colony ({ascii(self.context.colony)[1:-1]})",
                timeout=self.settings.timeout,
                transport=self._transport,
            )
        return self._client

    async def records(self) -> AsyncIterator[Batch]:
        """Yield what there is and what changes, until cancelled.

        Raises `AdapterError` where nothing was ever reached; a connection lost later makes
        scopes stale, and is taken up again here.
        """
        clock = self.context.clock
        watches = self._watches()
        names = [(resource.name, namespace) for resource, namespace in watches]
        publisher = Publisher(self.name, clock, names, self._seen)
        reflectors = [self._reflector(*watch, publisher) for watch in watches]
        tasks = [asyncio.create_task(each.run()) for each in reflectors]
        for task in tasks:
            task.add_done_callback(lambda _: publisher.wake())
        try:
            if not self._announced:
                # What is still to come is known to be missing: nobody takes the first list for all.
                self._announced = True
                for scope in SCOPES:
                    yield Batch(scope.name, state=ScopeState.NEVER)
            while True:
                await publisher.waiting()
                await clock.sleep(COALESCE)
                for batch in publisher.flush():
                    yield batch
                for task in tasks:
                    if task.done():
                        task.result()
                hopeless = publisher.standings.hopeless()
                if hopeless:
                    raise AdapterError(hopeless)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _watches(self) -> list[tuple[Resource, str]]:
        """Return what is watched: each resource, and the namespace, "" for all."""
        found = []
        for resource in RESOURCES:
            spaces: Sequence[str] = self.settings.namespaces or ("",)
            if resource.group == METALLB:
                spaces = (self.settings.metallb_namespace,)
            found += [(resource, namespace) for namespace in dict.fromkeys(spaces)]
        return found

    def _reflector(self, resource: Resource, namespace: str, sink: Publisher) -> Reflector:
        # A text seeds the same in every process; a tuple's hash does not.
        seed = f"{self.context.seed}/{self.name}/{resource.name}/{namespace}"
        return Reflector(
            self.client,
            resource,
            sink,
            self.context.clock,
            namespace=namespace,
            random_=random.Random(None if self.context.seed is None else seed),  # noqa: S311
            page_size=self.settings.page_size,
            watch_seconds=self.settings.watch_seconds,
        )

    async def query(self, topic: str, arguments: Mapping[str, str]) -> Answer:
        """Answer `logs` (of a pod or of an app) and `yaml` (of an object)."""
        if topic == "logs":
            from adapters.kubernetes import logs

            return await logs.answer(self.client, arguments)
        if topic == "yaml":
            from adapters.kubernetes import yamltext

            return await yamltext.answer(self.client, arguments)
        return await super().query(topic, arguments)

    def follow(self, topic: str, arguments: Mapping[str, str]) -> AsyncIterator[str]:
        """Yield logs as they are written; anything else is asked for again and again."""
        if topic == "logs":
            from adapters.kubernetes import logs

            return logs.follow(self.client, self.context.clock, arguments)
        return super().follow(topic, arguments)

    async def diagnose(self) -> Sequence[Finding]:
        """Check configuration, reach, clock skew, rights and MetalLB."""
        from adapters.kubernetes import diagnosis

        try:
            client = self.client
        except ConfigurationError as error:
            return [diagnosis.misconfigured(error)]
        return await diagnosis.diagnose(client, self.settings, self.context.clock)

    def actions(self) -> Sequence[Action]:
        """Return what can be done: a rollback, a scaling."""
        from adapters.kubernetes.rollback import Rollback
        from adapters.kubernetes.scaling import Scale

        return (Rollback(self), Scale(self))

    async def links(self, app: App, world: World) -> Sequence[Link]:
        """Return what an app of this cluster stands on; nothing for one of another."""
        if app.source != self.name:
            return ()
        from adapters.kubernetes import links

        if self._nodes is None:
            self._nodes = links.Nodes(lambda: self.client, self.context.clock)
        return await links.links(self._nodes, app, world)

    async def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None
