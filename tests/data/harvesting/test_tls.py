"""Encrypted connections are made to the checked address, and are those of the named host."""

import datetime
import ssl
from ipaddress import ip_network

import pytest

from data.errors import GatewaysError
from data.harvesting.fetching import Fetcher

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of `localhost` that nobody else trusts."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def encrypted(repository, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    repository.socket = context.wrap_socket(repository.socket, server_side=True)
    repository.odd = lambda *_: b"hello"
    return repository.server_address[1]


def test_a_host_that_proves_who_it_is_is_asked(encrypted, certificate):
    trusting = Fetcher(private=LOOPBACK, _trusted=[ssl.create_default_context(cafile=certificate)])
    assert trusting.get(f"https://localhost:{encrypted}/oai").body == b"hello"


def test_a_host_that_proves_to_be_another_or_nobody_is_not(encrypted, certificate):
    trusting = Fetcher(
        private=LOOPBACK,
        sleep=lambda _: None,
        _trusted=[ssl.create_default_context(cafile=certificate)],
    )
    with pytest.raises(GatewaysError, match=r"(?i)certificate.*127\.0\.0\.1"):
        trusting.get(f"https://127.0.0.1:{encrypted}/oai")
    with pytest.raises(GatewaysError, match=r"(?i)certificate verify failed"):
        Fetcher(private=LOOPBACK, sleep=lambda _: None).get(f"https://localhost:{encrypted}/oai")


def test_encryption_is_not_given_up(encrypted, certificate, repository):
    repository.odd = lambda handler, _: (
        handler.send(b"", 302, Location=f"http://localhost:{encrypted}/") or b""
    )
    trusting = Fetcher(private=LOOPBACK, _trusted=[ssl.create_default_context(cafile=certificate)])
    with pytest.raises(GatewaysError, match="not encrypted"):
        trusting.get(f"https://localhost:{encrypted}/oai")
