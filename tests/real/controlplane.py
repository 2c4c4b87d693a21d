"""A real Kubernetes control plane on loopback, without nodes: what the contract tests run against.

etcd, kube-apiserver and kube-controller-manager as `tests/real/install` built them, MetalLB's
CRDs, and a stand-in for scheduler and kubelets (`tests.real.kubelet`). By hand, until Ctrl-C:

    python -m tests.real.controlplane
"""

from __future__ import annotations

import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.real import flags, users
from tests.real.certificates import Authority
from tests.real.installed import NotInstalled, installed
from tests.real.kubelet import NODES
from tests.real.processes import Deadline, Program, free_port

HERE = Path(__file__).parent
_CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


class ControlPlane:
    """One control plane, its data and certificates in *directory*; `start` it, then `stop` it.

    `url` is the API server's address. `started_in` is how long `start` took, in seconds.
    """

    def __init__(self, programs: Path, directory: Path) -> None:
        self.programs = programs
        self.directory = directory
        self.authority = Authority(directory, "server")
        self._clients = Authority(directory, "clients")
        self._port, self._etcd_port = free_port(), free_port()
        self.url = f"https://127.0.0.1:{self._port}"
        self.started_in = 0.0
        self._etcd = self._program("etcd", flags.etcd(directory, self._etcd_port, free_port()))
        self._apiserver = self._program(
            "kube-apiserver",
            flags.apiserver(
                directory, self._port, self._etcd_port, self.authority, self._clients.certificate
            ),
        )
        self.kubeconfig = self.kubeconfig_for(users.ADMIN)
        self._manager = self._program("kube-controller-manager", flags.manager(self.kubeconfig))
        self._kubelet = Program(
            "kubelet",
            [sys.executable, "-m", "tests.real.kubelet", self.url, str(self.authority.certificate)],
            directory,
            {
                **os.environ,
                "KUBELET_TOKEN": users.ADMIN.token,
                "PYTHONPATH": str(HERE.parent.parent),
            },
        )
        self._client: httpx.Client | None = None

    @property
    def client(self) -> httpx.Client:
        """A client with every right, to arrange things and to look at them."""
        if self._client is None:
            self._client = httpx.Client(
                base_url=self.url,
                verify=ssl.create_default_context(cafile=str(self.authority.certificate)),
                headers={"authorization": f"Bearer {users.ADMIN.token}"},
                timeout=30.0,
            )
        return self._client

    @property
    def pids(self) -> dict[str, int]:
        """The process ids of the programs that run, by name."""
        programs = (self._etcd, self._apiserver, self._manager, self._kubelet)
        return {program.name: program.pid for program in programs if program.pid is not None}

    def kubeconfig_for(self, user: users.User) -> Path:
        """Write the kubeconfig of *user*, with its token, or else a client certificate."""
        if user.token:
            credentials = {"token": user.token}
        else:
            certificate, key = self._clients.client(user.name, *user.groups)
            credentials = {"client-certificate": str(certificate), "client-key": str(key)}
        path = self.directory / f"{user.name}.kubeconfig"
        return users.write_kubeconfig(
            path, self.url, self.authority.certificate, user.name, credentials
        )

    def kubectl(self, *arguments: str) -> str:
        """Run the kubectl of the same version with every right; return what it printed."""
        command = [str(self.programs / "bin/kubectl"), "--kubeconfig", str(self.kubeconfig)]
        done = subprocess.run(
            [*command, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={"HOME": str(self.directory), "PATH": os.environ["PATH"]},
        )
        if done.returncode:
            raise RuntimeError(f"kubectl {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def start(self) -> None:
        """Start everything and wait until it can be used. Only from the main thread."""
        before = time.monotonic()
        self._etcd.start()
        self._apiserver.start()  # it waits for etcd by itself
        self._kubelet.start()  # and so does this for the API server
        self.wait_ready()
        self._manager.start()
        for role in users.roles():
            self.create(role)
        self.add_metallb()
        self._wait_for_nodes()
        self.started_in = time.monotonic() - before

    def stop(self) -> None:
        """End every program that `start` started."""
        if self._client is not None:
            self._client.close()
            self._client = None
        for program in (self._kubelet, self._manager, self._apiserver, self._etcd):
            program.kill()
        shutil.rmtree(self.directory / "etcd", ignore_errors=True)  # 130 MB, mostly reserved

    @property
    def apiserver_runs(self) -> bool:
        """Whether the API server's process is there."""
        return self._apiserver.running

    def kill_apiserver(self) -> None:
        """End the API server as a crash would: every connection breaks."""
        self._apiserver.kill()

    def start_apiserver(self) -> None:
        """Start it again, on its old port; only from the main thread. Then `wait_ready`."""
        self._apiserver.start()

    def restart_apiserver(self) -> None:
        """Break every connection; old resourceVersions then give 410 Gone. Main thread only."""
        self.kill_apiserver()
        self.start_apiserver()
        self.wait_ready()

    def restart_manager(self) -> None:
        """Start the controllers anew. Only from the main thread."""
        self._manager.kill()
        self._manager.start()

    def wait_ready(self, seconds: float = 90.0) -> None:
        """Return when the API server says that it is ready; may run in any thread."""
        deadline = Deadline(seconds, "kube-apiserver did not become ready")
        while True:
            try:
                if self.client.get("/readyz", timeout=5.0).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            deadline.pause(self._etcd, self._apiserver)

    def compact(self) -> None:
        """Have etcd forget all history: old resourceVersions and continue tokens expire."""
        with httpx.Client(base_url=f"http://127.0.0.1:{self._etcd_port}", timeout=30.0) as etcd:
            status = etcd.post("/v3/maintenance/status", json={}).raise_for_status().json()
            revision = status["header"]["revision"]
            body = {"revision": revision, "physical": True}
            etcd.post("/v3/kv/compaction", json=body).raise_for_status()

    def create(self, thing: dict[str, Any]) -> dict[str, Any]:
        """Create one object of a kind that the control plane itself needs."""
        plural = f"{thing['kind'].lower()}s"
        response = self.client.post(f"/apis/{thing['apiVersion']}/{plural}", json=thing)
        response.raise_for_status()
        created: dict[str, Any] = response.json()
        return created

    def add_metallb(self) -> None:
        """Install MetalLB's CRDs where they are not, and wait until all are served."""
        deadline = Deadline(60.0, "MetalLB's CRDs are not all established and served")
        while True:
            present = self._crds()
            for crd in self._metallb():
                if crd["metadata"]["name"] not in present:
                    self.create(crd)
            if not self._on_their_way_out() and self._established() and self._all_served():
                return
            deadline.pause(self._apiserver)

    def remove_metallb(self) -> None:
        """Delete MetalLB's CRDs, and with them every object of theirs."""
        # A CRD whose storage still starts cannot be finalised, and the next try comes ever later.
        self.add_metallb()
        names = {crd["metadata"]["name"] for crd in self._metallb()}
        for name in names:
            self.client.delete(f"{_CRDS}/{name}").raise_for_status()
        deadline = Deadline(60.0, "MetalLB's CRDs did not go away")
        while names & self._crds().keys() or self._serves_pools():
            for name in self._on_their_way_out():
                # Going, each makes the API server start the storage of the others anew. A change
                # has the finaliser look again at once, instead of after its growing back-off.
                nudge = {"metadata": {"annotations": {"nudged": str(time.monotonic())}}}
                self.client.patch(
                    f"{_CRDS}/{name}",
                    json=nudge,
                    headers={"content-type": "application/merge-patch+json"},
                )
            deadline.pause(self._apiserver)

    def _on_their_way_out(self) -> list[str]:
        """Return the CRDs that were deleted and still wait for their finaliser."""
        return [
            name for name, crd in self._crds().items() if "deletionTimestamp" in crd["metadata"]
        ]

    def _all_served(self) -> bool:
        """Whether every version of every CRD can be listed."""
        return all(
            self.client.get(
                f"/apis/{crd['spec']['group']}/{version['name']}/{crd['spec']['names']['plural']}"
            ).status_code
            == 200
            for crd in self._metallb()
            for version in crd["spec"]["versions"]
            if version["served"]
        )

    def _metallb(self) -> list[dict[str, Any]]:
        files = sorted((self.programs / "crds").glob("*.yaml"))
        return [yaml.safe_load(path.read_text()) for path in files]

    def _crds(self) -> dict[str, dict[str, Any]]:
        listed = self.client.get(_CRDS).raise_for_status().json()["items"]
        return {crd["metadata"]["name"]: crd for crd in listed}

    def _established(self) -> bool:
        """Whether every CRD of MetalLB's is established."""
        present = self._crds()
        return all(
            any(
                condition["type"] == "Established" and condition["status"] == "True"
                for condition in present.get(crd["metadata"]["name"], {})
                .get("status", {})
                .get("conditions")
                or ()
            )
            for crd in self._metallb()
        )

    def _serves_pools(self) -> bool:
        response = self.client.get("/apis/metallb.io/v1beta1/ipaddresspools")
        return response.status_code == 200

    def _wait_for_nodes(self) -> None:
        deadline = Deadline(30.0, "the stand-in kubelet made no nodes")
        while True:
            nodes = self.client.get("/api/v1/nodes").raise_for_status().json()["items"]
            if len(nodes) == len(NODES):
                return
            deadline.pause(self._apiserver, self._kubelet)

    def _program(self, name: str, given: dict[str, str]) -> Program:
        command = [str(self.programs / "bin" / name)]
        command += [f"--{flag}={value}" for flag, value in given.items()]
        return Program(name, command, self.directory)


def main() -> None:
    """Run a control plane until Ctrl-C; print the path of a kubeconfig with every right."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        programs = installed("controlplane")
    except NotInstalled as error:
        sys.exit(str(error))
    with tempfile.TemporaryDirectory(prefix="colony-controlplane-") as directory:
        plane = ControlPlane(programs, Path(directory))
        try:
            plane.start()
            print(plane.kubeconfig, flush=True)
            print(f"ready in {plane.started_in:.1f} s; Ctrl-C ends it", file=sys.stderr)
            signal.pause()
        except KeyboardInterrupt:
            pass
        finally:
            plane.stop()


if __name__ == "__main__":
    main()
