// The README's tour, through types that were generated from the document of the API: `node tour.js URL`, where a demo serves.
// Whatever differs from what is expected ends it; what differs from the document does not compile.

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./helpdesk.js";

const baseUrl = process.argv[2];

type Problem = components["schemas"]["Problem"];

/** The answer of a call that is to succeed. */
const expect = <T>(call: { data?: T; error?: unknown; response: Response }, status = 200): T => {
  assert.equal(call.response.status, status, JSON.stringify(call.error));
  return call.data as T;
};

/** The problem of a call that is to fail. */
const refused = (call: { error?: unknown; response: Response }, status: number): Problem => {
  assert.equal(call.response.status, status);
  return call.error as Problem;
};

/** A client that is signed in as one of the demo's accounts. */
const signIn = async (name: string) => {
  const body = { email: `${name}@demo.example`, password: "open-sesame-demo" };
  const tokens = expect(await createClient<paths>({ baseUrl }).POST("/login", { body }));
  return createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${tokens.access_token}` } });
};

// Ada opens a ticket.
const ada = await signIn("ada");
const lift = {
  subject: "The lift is stuck",
  description: "Between the second and the third floor.",
  priority: "high",
} as const;
const ticket = expect(await ada.POST("/customer/tickets", { body: lift }), 201);
assert.deepEqual([ticket.status, ticket.priority, ticket.assignee], ["open", "high", null]);
const path = { id: ticket.id };

// The admin gives it to Grace. Lists are read page by page.
const admin = await signIn("admin");
let graceId: number | undefined;
let cursor: string | undefined;
do {
  const page = expect(await admin.GET("/admin/users", { params: { query: { limit: 1, role: "agent", cursor } } }));
  graceId ??= page.data.find((user) => user.email === "grace@demo.example")?.id;
  cursor = page.next_cursor ?? undefined;
} while (cursor !== undefined);
const assigned = expect(await admin.PUT("/admin/tickets/{id}", { params: { path }, body: { assignee_id: graceId } }));
assert.equal(assigned.assignee?.name, "Grace Hopper");

// Grace writes a note for her colleagues, answers, and resolves the ticket as she saw it.
const grace = await signIn("grace");
for (const body of [
  { body: "Ask for a new motor.", is_internal: true },
  { body: "A technician is on the way.", is_internal: false },
]) {
  const made = expect(await grace.POST("/agent/tickets/{id}/comments", { params: { path }, body }), 201);
  assert.equal(made.is_internal, body.is_internal);
}
const seen = await grace.GET("/agent/tickets/{id}", { params: { path } });
const header = { "If-Match": seen.response.headers.get("ETag") ?? undefined };
const resolve = () => grace.PUT("/agent/tickets/{id}", { params: { path, header }, body: { status: "resolved" } });
const resolved = expect(await resolve());
assert.ok(resolved.status === "resolved" && resolved.version > expect(seen).version);
// Who has not seen the last change is told so.
const stale = refused(await resolve(), 412);
assert.deepEqual([stale.code, stale.current_version], ["version_mismatch", resolved.version]);

// Ada sees the answer and not the note, and closes her ticket.
const comments = expect(await ada.GET("/customer/tickets/{id}/comments", { params: { path } }));
assert.deepEqual(comments.data.map((comment) => comment.body), ["A technician is on the way."]);
expect(await ada.PUT("/customer/tickets/{id}", { params: { path }, body: { status: "closed" } }));
const mine = expect(await ada.GET("/customer/tickets", { params: { query: { status: ["closed"] } } }));
assert.ok(mine.data.some((closed) => closed.id === ticket.id));

// Errors are objects, too.
assert.equal(refused(await ada.GET("/agent/tickets/{id}", { params: { path } }), 403).code, "forbidden");
const nothing = refused(await ada.POST("/customer/tickets", { body: { subject: " ", description: "x" } }), 422);
assert.deepEqual(nothing.errors?.map((error) => [error.field, error.code]), [["subject", "required"]]);

// And she signs out.
expect(await ada.POST("/logout"), 204);
assert.equal(refused(await ada.GET("/customer/tickets/{id}", { params: { path } }), 401).code, "invalid_token");
console.log("the tour through the TypeScript client: done");
