"""A provider of OpenID Connect that asks for the proof of PKCE (RFC 7636): oidc_provider_mock, which does not, behind a gate
that remembers the challenge of each code and refuses a verifier that does not fit. Takes the port."""

import base64
import hashlib
import io
import os
import sys
from urllib.parse import parse_qs, urlsplit

import uvicorn
from oidc_provider_mock import app

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
inner = app(require_nonce=True)
challenges = {}


def fits(challenge, verifier):
    digest = hashlib.sha256(verifier.encode()).digest()
    return challenge == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def first(fields, name):
    return fields.get(name, [""])[0]


def gate(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/oauth2/token":
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        sent = parse_qs(body.decode())
        challenge = challenges.pop(first(sent, "code"), None)
        if challenge is not None and not fits(challenge, first(sent, "code_verifier")):
            start_response("400 Bad Request", [("Content-Type", "application/json")])
            return [b'{"error":"invalid_grant","error_description":"the verifier does not fit"}']
    asked = first(parse_qs(environ.get("QUERY_STRING", "")), "code_challenge")

    def answered(status, headers, *rest):
        for name, value in headers:
            code = first(parse_qs(urlsplit(value).query), "code") if name.lower() == "location" else ""
            if code:
                challenges[code] = asked
        return start_response(status, headers, *rest)

    return inner(environ, answered)


uvicorn.run(gate, interface="wsgi", host="127.0.0.1", port=int(sys.argv[1]), log_config=None)
