"""The adapter's settings, as a configuration writes them."""

from __future__ import annotations

import msgspec

_SECRET = frozenset({"token"})


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How to reach one cluster. With nothing set: $KUBECONFIG, ~/.kube/config, else in-cluster.

    server: the API server's base URL; a path is kept (Rancher: https://HOST/k8s/clusters/ID).
    token: a bearer token. Prefer token_file.
    token_file: a file with a bearer token, read again as it changes; a relative name is looked up
        in the secrets directory.
    ca_file: the certificate authority to trust, PEM; the system's own where empty.
    client_certificate, client_key: PEM files of a client certificate.
    insecure: do not verify the server's certificate.
    tls_server_name: the name to expect in the server's certificate.
    proxy: an HTTP proxy's URL; where empty, HTTPS_PROXY and NO_PROXY of the environment count.
    kubeconfig: a kubeconfig file, or several with ":" between them.
    context: the context in it, where it is not the current one.
    in_cluster: use the service account of the pod that the station runs in.
    namespaces: watch these only; all where empty.
    metallb_namespace: where MetalLB's objects are, if they may not be listed in all namespaces.
    page_size: objects a page of a list.
    watch_seconds: how long the server is asked to keep one watch open; a connection that died in
        silence is noticed after 1.5 of these and 15 s at the latest.
    timeout: seconds for a request that is not a watch.
    """

    server: str = ""
    token: str = ""
    token_file: str = ""
    ca_file: str = ""
    client_certificate: str = ""
    client_key: str = ""
    insecure: bool = False
    tls_server_name: str = ""
    proxy: str = ""
    kubeconfig: str = ""
    context: str = ""
    in_cluster: bool = False
    namespaces: tuple[str, ...] = ()
    metallb_namespace: str = ""
    page_size: int = 500
    watch_seconds: int = 60
    timeout: float = 15.0

    def __repr__(self) -> str:
        """Name what is set; a token is never shown."""
        parts = []
        for field in msgspec.structs.fields(self):
            value = getattr(self, field.name)
            if value != field.default:
                parts.append(f"{field.name}={'…' if field.name in _SECRET else repr(value)}")
        return f"Settings({', '.join(parts)})"

    __str__ = __repr__
