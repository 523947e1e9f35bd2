"""A small provider of identities on 127.0.0.1, which signs what it says of people."""

import base64
import hashlib
import json
import secrets
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "gateways", "a secret: of ours"


@cache
def private_key(name):
    """A key that is made once; another name is another key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class IdentityProvider(ThreadingHTTPServer):
    """Whoever is sent to it is `person`; `changes` are made to what it says of them."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.person = {"sub": "17", "preferred_username": "ada", "groups": ["teachers"]}
        self.changes = {}
        self.signing = "provider"
        self.algorithm = "RS256"
        self.metadata = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "authorization_response_iss_parameter_supported": True,
        }
        self.codes = {}
        self.asked = []
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)

    def authorised(self, asked):
        """Where a person goes back to, signed in."""
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.url}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def redeemed(self, sent, credentials):
        """The answer to a code, None where anything of it is not as it must be."""
        asked = self.codes.pop(sent.get("code"), None)
        challenge = base64.urlsafe_b64encode(
            hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        )
        if (
            asked is None
            or credentials != (CLIENT, SECRET)
            or asked["code_challenge_method"] != "S256"
            or challenge.rstrip(b"=").decode() != asked["code_challenge"]
            or sent.get("redirect_uri") != asked["redirect_uri"]
        ):
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60}
        claims |= self.person | {"nonce": asked["nonce"]} | self.changes
        said = {name: value for name, value in claims.items() if value is not None}
        key = "x" * 32 if self.algorithm == "HS256" else private_key(self.signing)
        token = jwt.encode(said, key, self.algorithm, {"kid": "k1"})
        return {"access_token": "x", "token_type": "Bearer", "id_token": token}

    def keys(self):
        found = RSAAlgorithm.to_jwk(private_key("provider").public_key(), as_dict=True)
        return {"keys": [{**found, "kid": "k1", "use": "sig"}]}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        path, asked = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        self.server.asked.append(path)
        if path == "/authorize":
            where = self.server.authorised({name: values[0] for name, values in asked.items()})
            self.send_response(303)
            self.send_header("Location", where)
            self.end_headers()
        elif path == "/keys":
            self._answer(self.server.keys())
        else:
            self._answer(self.server.metadata)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        told = base64.b64decode(self.headers.get("Authorization", "").partition(" ")[2]).decode()
        credentials = tuple(unquote(part) for part in told.split(":", 1))
        answer = self.server.redeemed(sent, credentials)
        self._answer(answer or {"error": "invalid_grant"}, 200 if answer else 400)

    def _answer(self, said, status=200):
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Tests say what they need to."""
