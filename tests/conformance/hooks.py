"""What schemathesis has to know of the help desk: who calls what, and that a caller may come to an end.

The program that runs it (`src/bin/conformance/`) says by variables where the server is, who calls, and how to make another
account where one has lost its role, its password or its leave to sign in: that is what some of the operations are for.
"""

import atexit
import json
import os
import subprocess
import threading
import urllib.error
import urllib.request
import uuid
from collections import defaultdict

import schemathesis

BASE = os.environ["HELPDESK_CONFORMANCE_URL"]
BINARY = os.environ["HELPDESK_TEST_BINARY"]
PASSWORD = os.environ["HELPDESK_CONFORMANCE_PASSWORD"]
# By the first segment of the path, or "" for all others: the role and the e-mail address of the caller; null is nobody.
CALLERS = json.loads(os.environ["HELPDESK_CONFORMANCE_CALLERS"])
SEEN = os.environ["HELPDESK_CONFORMANCE_SEEN"]
NEW_KEYS = "HELPDESK_CONFORMANCE_NEW_KEYS" in os.environ

# What ends its own session is asked by one that is for nothing else.
ENDS_SESSION = {"POST /logout", "DELETE /me/sessions/{id}"}
# What changes the caller's password is asked by an account that is for nothing else.
CHANGES_PASSWORD = "PUT /me/password"


def sign_in(email):
    """An access token of the account, unless it may not sign in any more."""
    body = json.dumps({"email": email, "password": PASSWORD}).encode()
    request = urllib.request.Request(f"{BASE}/login", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        if error.code == 401:
            return None
        raise


class Caller:
    """An account that calls, and whatever takes its place."""

    def __init__(self, role, email):
        self.role = role
        self.email = email
        self.token = None
        self.successors = 0

    def new_token(self):
        while True:
            tokens = sign_in(self.email) if self.email else None
            if tokens and tokens["user"]["role"] == self.role:
                return tokens["access_token"]
            self.successors += 1
            self.email = f"{self.role}-{id(self)}-{self.successors}@example.com"
            command = [BINARY, "user", "create", "--email", self.email, "--name", "Successor", "--role", self.role]
            subprocess.run([*command, "--password-stdin"], input=PASSWORD.encode(), check=True, capture_output=True)

    def current_token(self):
        if self.token is None:
            self.token = self.new_token()
        return self.token


lock = threading.Lock()
callers = {group: Caller(*caller) for group, caller in CALLERS.items() if caller}
spare = Caller(callers[""].role, None) if "" in callers else None
seen = defaultdict(set)


def caller_of(label):
    """Who is to call this operation."""
    if label == CHANGES_PASSWORD:
        return spare
    group = label.split(" /", 1)[1].split("/", 1)[0]
    return callers.get(group if group in CALLERS else "")


@schemathesis.auth(refresh_interval=None)
class BearerToken:
    def get(self, case, context):
        label = context.operation.label
        with lock:
            caller = caller_of(label)
            if caller is None:
                return None
            return caller.new_token() if label in ENDS_SESSION else caller.current_token()

    def set(self, case, data, context):
        if data is not None:
            case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Along the links every key is a new one: under a known one the answer tells of what was created then, and may be gone."""
    if NEW_KEYS and "Idempotency-Key" in (case.headers or {}):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())


@schemathesis.hook
def after_call(context, case, response):
    label = case.operation.label
    with lock:
        seen[label].add(response.status_code)
        caller = caller_of(label)
        if caller and label == CHANGES_PASSWORD and response.status_code == 200:
            caller.email = caller.token = None
        given = (case.headers or {}).get("Authorization")
        if caller and response.status_code == 401 and given == f"Bearer {caller.token}":
            caller.token = None


@atexit.register
def tell():
    with open(SEEN, "w") as file:
        json.dump({label: sorted(statuses) for label, statuses in seen.items()}, file)
