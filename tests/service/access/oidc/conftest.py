from ipaddress import ip_network

import pytest

from data.settings import load_settings
from tests.service.access.oidc import provider as identities


@pytest.fixture
def provider():
    """A provider of identities that listens on 127.0.0.1."""
    server = identities.IdentityProvider()
    server.thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def with_provider(settings, provider):
    """Settings of a service whose people are known to the provider."""
    return load_settings(
        home=settings.home,
        oidc_issuer=provider.url,
        oidc_client_id=identities.CLIENT,
        oidc_client_secret=identities.SECRET,
        oidc_roles={
            "teachers": "curator",
            "saltmere": "curator:ke",
            "pupils": "learner",
            "it": "administrator",
        },
        harvest_private=(ip_network("127.0.0.0/8"),),
    )
