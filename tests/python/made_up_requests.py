"""Lets schemathesis make up requests from the description of a running archive, once with the rights of each role.

    made_up_requests.py SCHEMATHESIS ADDRESS FOLDER    with a token for each role in the environment: VIEWER, ...

Half of what is made up names things that are there, so that more than refusals is tried. The same seed makes the same
requests. Ends with 1 when an answer is a failure of the server, has a status, a content type or a shape that the
description does not know, or takes what the description forbids.
"""

import json
import os
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor

# Roles that are tried side by side.
AT_ONCE = 2
ROLES = ["viewer", "auditor", "archivist", "administrator"]
SEED = "20261130"
# Requests to one operation in the phase that makes them up freely.
EXAMPLES = "6"
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
]


def main(schemathesis: str, address: str, folder: str) -> int:
    description = os.path.join(folder, "openapi.json")
    with open(description, "w", encoding="utf-8") as file:
        json.dump(asked(address, "/api/v1/openapi.json", None), file)
    # One document for each role: who may, withdraws and seals what is named to them.
    things = [about(address, at) for at in range(len(ROLES))]
    with ThreadPoolExecutor(AT_ONCE) as roles:
        faults = sum(roles.map(lambda role, named: role_finds_fault(schemathesis, address, folder, role, named), ROLES, things))
    return 1 if faults else 0


def role_finds_fault(schemathesis: str, address: str, folder: str, role: str, named: str) -> bool:
    token = os.environ[role.upper()]
    config = os.path.join(folder, f"{role}.toml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(named)
    run = subprocess.run(
        [
            schemathesis,
            *("--config-file", config, "run", os.path.join(folder, "openapi.json"), "--url", address),
            *("--header", f"Authorization: Bearer {token}"),
            # It would end the token that it sends.
            *("--exclude-operation-id", "revoke_token"),
            *("--phases", "coverage,fuzzing", "--checks", ",".join(CHECKS)),
            *("--seed", SEED, "--generation-deterministic", "--max-examples", EXAMPLES),
            *("--no-shrink", "--continue-on-failure"),
            # One worker: ast.parse of Python 3.11 fails now and then where two threads use it at once.
            *("--suppress-health-check", "all", "--warnings", "off", "--workers", "1", "--no-color"),
            *("--request-timeout", "30", "--report", "ndjson", "--report-ndjson-path", f"{folder}/{role}.ndjson"),
        ],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    # Whoever lost their rights on the way would have tried nothing but refusals.
    asked(address, "/api/v1/search?q=a", token)
    if run.returncode == 0:
        print(f"no fault: {role}", flush=True)
    else:
        print(f"faults with the role {role}:\n{run.stdout[-20000:]}", flush=True)
    return run.returncode != 0


def asked(address: str, path: str, token: "str | None") -> dict:
    request = urllib.request.Request(address + path)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def about(address: str, at: int) -> str:
    """Settings of schemathesis: values of parameters that lead to things of this archive."""
    archivist, administrator = os.environ["ARCHIVIST"], os.environ["ADMINISTRATOR"]
    document = asked(address, f"/api/v1/search?q=a&limit=1&offset={at}", archivist)["hits"][0]["document_id"]
    customer = asked(address, "/api/v1/customers?limit=1", archivist)["items"][0]["code"]
    batch = asked(address, "/api/v1/batches?limit=1", archivist)["items"][0]["id"]
    kind = asked(address, "/api/v1/kinds", administrator)["items"][0]["code"]
    place = asked(address, "/api/v1/locations?limit=1", archivist)["items"][0]["code"]
    values = {
        "/api/v1/documents/{id}": {"id": document},
        "/api/v1/documents/{id}/": {"id": document, "number": 1},
        "/api/v1/customers/{code}": {"code": customer},
        "/api/v1/batches/{id}": {"id": batch},
        "/api/v1/kinds/{code}": {"code": kind},
        "/api/v1/locations/{code}": {"code": place},
        "/api/v1/things/{thing}": {"thing": document},
        "/documents/{id}/": {"id": document},
        "/api/v1/locate": {"code": place},
    }
    lines = []
    for path, parameters in values.items():
        lines.append("[[operations]]")
        lines.append(f"include-path-regex = '^{path.replace('{', chr(92) + '{').replace('}', chr(92) + '}')}'")
        where = "query" if path.endswith("/locate") else "path"
        pairs = ", ".join(f'"{where}.{name}" = {json.dumps(value)}' for name, value in parameters.items())
        lines.append(f"parameters = {{ {pairs} }}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
