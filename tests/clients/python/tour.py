"""The README's tour, through a client that was generated from the document of the API.

tour.py URL, where a demo serves. Whatever differs from what is expected ends it.
"""

import sys
from http import HTTPStatus

from helpdesk_client import AuthenticatedClient, Client
from helpdesk_client.api.admin import list_users, update_admin_ticket
from helpdesk_client.api.agent import create_agent_ticket_comment, get_agent_ticket, update_agent_ticket
from helpdesk_client.api.customer import (
    create_customer_ticket,
    get_customer_ticket,
    list_customer_ticket_comments,
    list_customer_tickets,
    update_customer_ticket,
)
from helpdesk_client.api.session import login, logout
from helpdesk_client.models import (
    CreateCommentRequest,
    CreateTicketRequest,
    LoginRequest,
    Priority,
    Role,
    Status,
    UpdateAdminTicketRequest,
    UpdateCustomerTicketRequest,
    UpdateTicketRequest,
)

BASE = sys.argv[1]


def expect(response, status=HTTPStatus.OK):
    """The answer as an object, after checking its status."""
    assert response.status_code == status, (response.status_code, response.content)
    return response.parsed


def sign_in(name):
    """A client that is signed in as one of the demo's accounts."""
    who = LoginRequest(email=f"{name}@demo.example", password="open-sesame-demo")
    tokens = expect(login.sync_detailed(client=Client(base_url=BASE), body=who))
    return AuthenticatedClient(base_url=BASE, token=tokens.access_token)


# Ada opens a ticket.
ada = sign_in("ada")
lift = CreateTicketRequest(
    subject="The lift is stuck", description="Between the second and the third floor.", priority=Priority.HIGH
)
ticket = expect(create_customer_ticket.sync_detailed(client=ada, body=lift), HTTPStatus.CREATED)
assert (ticket.status, ticket.priority, ticket.assignee) == (Status.OPEN, Priority.HIGH, None)

# The admin gives it to Grace. Lists are read page by page.
admin = sign_in("admin")
agents, page = {}, None
while page is None or page.next_cursor is not None:
    cursor = {} if page is None else {"cursor": page.next_cursor}
    page = expect(list_users.sync_detailed(client=admin, limit=1, role=Role.AGENT, **cursor))
    agents.update((user.email, user.id) for user in page.data)
body = UpdateAdminTicketRequest(assignee_id=agents["grace@demo.example"])
assert expect(update_admin_ticket.sync_detailed(ticket.id, client=admin, body=body)).assignee.name == "Grace Hopper"

# Grace writes a note for her colleagues, answers, and resolves the ticket as she saw it.
grace = sign_in("grace")
for text, is_internal in [("Ask for a new motor.", True), ("A technician is on the way.", False)]:
    body = CreateCommentRequest(body=text, is_internal=is_internal)
    made = expect(create_agent_ticket_comment.sync_detailed(ticket.id, client=grace, body=body), HTTPStatus.CREATED)
    assert made.is_internal is is_internal
seen = get_agent_ticket.sync_detailed(ticket.id, client=grace)
tag = seen.headers["ETag"]
body = UpdateTicketRequest(status=Status.RESOLVED)
resolved = expect(update_agent_ticket.sync_detailed(ticket.id, client=grace, body=body, if_match=tag))
assert resolved.status == Status.RESOLVED and resolved.version > expect(seen).version
# Who has not seen the last change is told so.
body = UpdateTicketRequest(status=Status.PENDING)
stale = update_agent_ticket.sync_detailed(ticket.id, client=grace, body=body, if_match=tag)
problem = expect(stale, HTTPStatus.PRECONDITION_FAILED)
assert (problem.code, problem.current_version) == ("version_mismatch", resolved.version)

# Ada sees the answer and not the note, and closes her ticket.
comments = expect(list_customer_ticket_comments.sync_detailed(ticket.id, client=ada)).data
assert [comment.body for comment in comments] == ["A technician is on the way."]
body = UpdateCustomerTicketRequest(status=Status.CLOSED)
expect(update_customer_ticket.sync_detailed(ticket.id, client=ada, body=body))
mine = expect(list_customer_tickets.sync_detailed(client=ada, status=[Status.CLOSED]))
assert ticket.id in [closed.id for closed in mine.data]

# Errors are objects, too.
problem = expect(get_agent_ticket.sync_detailed(ticket.id, client=ada), HTTPStatus.FORBIDDEN)
assert problem.code == "forbidden"
nothing = CreateTicketRequest(subject=" ", description="x")
problem = expect(create_customer_ticket.sync_detailed(client=ada, body=nothing), HTTPStatus.UNPROCESSABLE_ENTITY)
assert [(error.field, error.code) for error in problem.errors] == [("subject", "required")]

# And she signs out.
expect(logout.sync_detailed(client=ada), HTTPStatus.NO_CONTENT)
assert expect(get_customer_ticket.sync_detailed(ticket.id, client=ada), HTTPStatus.UNAUTHORIZED).code == "invalid_token"
print("the tour through the Python client: done")
