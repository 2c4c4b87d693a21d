"""Makes the certificates of one control plane: an authority, a server's, and one a user."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def _write_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = ec.generate_private_key(ec.SECP256R1())
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    return key


def write_key(path: Path) -> Path:
    """Write a new private key (P-256, PEM) to *path* and return it."""
    _write_key(path)
    return path


def _name(user: str, groups: tuple[str, ...] = ()) -> x509.Name:
    """A subject as Kubernetes reads it: the common name is the user, organisations are groups."""
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, user)]
    parts += [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in groups]
    return x509.Name(parts)


class Authority:
    """A certificate authority that lives for a day; `certificate` is its PEM file."""

    def __init__(self, directory: Path, name: str) -> None:
        self._directory = directory
        self._key = _write_key(directory / f"{name}-ca.key")
        self._subject = _name(f"{name} authority")
        public = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        certificate = (
            self._builder(self._subject, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(public, critical=False)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True,
                    key_cert_sign=True,
                    crl_sign=True,
                    content_commitment=False,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
            .sign(self._key, hashes.SHA256())
        )
        self.certificate = directory / f"{name}-ca.crt"
        self.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey
    ) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
        )

    def _issue(
        self,
        name: str,
        subject: x509.Name,
        usage: x509.ObjectIdentifier,
        names: tuple[x509.GeneralName, ...] = (),
    ) -> tuple[Path, Path]:
        key = _write_key(self._directory / f"{name}.key")
        builder = self._builder(subject, key.public_key())
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
            critical=False,
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        path = self._directory / f"{name}.crt"
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return path, self._directory / f"{name}.key"

    def server(self, name: str) -> tuple[Path, Path]:
        """Issue a certificate for a server on loopback; return its and its key's PEM files."""
        loopback = (
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
            x509.DNSName("localhost"),
        )
        return self._issue(name, _name(name), ExtendedKeyUsageOID.SERVER_AUTH, loopback)

    def client(self, user: str, *groups: str) -> tuple[Path, Path]:
        """Issue a certificate for a user in *groups*; return its and its key's PEM files."""
        return self._issue(user, _name(user, groups), ExtendedKeyUsageOID.CLIENT_AUTH)
