"""Apps that answer on a health URL: one App a URL, asked every few seconds."""

import httpx
import msgspec

from adapters.contract import Adapter, Batch, Finding, Found
from adapters.records import App, Health


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`urls` maps an app's name to a URL that answers 200 while it is well; `every` is seconds."""

    urls: dict[str, str]
    every: float = 10.0
    namespace: str = "web"


class HealthUrlAdapter(Adapter):
    Settings = Settings
    title = "Apps with a health URL"

    async def records(self):
        every = self.settings.every
        async with httpx.AsyncClient(timeout=5) as client:
            while True:
                apps = [await self._ask(client, *item) for item in self.settings.urls.items()]
                yield Batch("apps", tuple(apps), begin=True, end=True, interval=every)
                await self.context.clock.sleep(every)

    async def _ask(self, client, name, url):
        namespace, now = self.settings.namespace, self.context.clock.now()
        try:
            status = (await client.get(url)).status_code
        except httpx.HTTPError as error:  # no answer is not "unhealthy": nobody knows
            return App(namespace=namespace, name=name, workload="URL", at=now, reason=str(error))
        well = status == 200
        return App(
            namespace=namespace, name=name, workload="URL", at=now, desired=1, ready=int(well),
            health=Health.HEALTHY if well else Health.FAILED,
            reason="" if well else f"HTTP {status}",
        )  # fmt: skip

    async def diagnose(self):
        async with httpx.AsyncClient(timeout=5) as client:
            apps = [await self._ask(client, *item) for item in self.settings.urls.items()]
        return [
            Finding(app.name, Found.GOOD if app.ready else Found.BAD, app.reason,
                    "" if app.ready else f"look at {self.settings.urls[app.name]}")
            for app in apps
        ]  # fmt: skip
