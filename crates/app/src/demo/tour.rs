//! What the demo prints: who can sign in, and lines to paste.

use std::fmt::Write as _;
use std::net::SocketAddr;

use super::PASSWORD;
use super::script::{ADA, ADMIN, GRACE, NEWCOMER, PEOPLE};

/// Lines that work when pasted into a shell, one after the other. They need curl and sed alone.
fn lines(base: &str) -> String {
    let sign_in = |variable: &str, email: &str| {
        format!(
            "{variable}=$(curl -s {base}/login -H 'Content-Type: application/json' \\\n  \
             -d '{{\"email\": \"{email}\", \"password\": \"{PASSWORD}\"}}' | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\n"
        )
    };
    let call = |variable: &str, rest: &str| {
        format!("curl -s -H \"Authorization: Bearer ${variable}\" {rest}; echo\n")
    };
    let send = |variable: &str, method: &str, path: &str, body: &str| {
        call(
            variable,
            &format!("-X {method} {base}{path} \\\n  -H 'Content-Type: application/json' -d '{body}'"),
        )
    };

    let mut text = String::new();
    text += "# A customer opens a ticket.\n";
    text += &sign_in("ADA", ADA.email);
    let open = send(
        "ADA",
        "POST",
        "/customer/tickets",
        "{\"subject\": \"It works\", \"description\": \"Or does it?\", \"priority\": \"high\"}",
    );
    let _ = writeln!(
        text,
        "TICKET=$({} | sed 's/^{{\"id\":\\([0-9]*\\).*/\\1/'); echo \"ticket $TICKET\"",
        open.trim_end().trim_end_matches("; echo")
    );
    text += "# The admin gives it to an agent.\n";
    text += &sign_in("ADMIN", ADMIN.email);
    let _ = writeln!(
        text,
        "GRACE_ID=$(curl -s -H \"Authorization: Bearer $ADMIN\" {base}/admin/users | \\\n  \
         sed 's/.*{{\"id\":\\([0-9]*\\),\"email\":\"{}\".*/\\1/')",
        GRACE.email
    );
    text += "curl -s -H \"Authorization: Bearer $ADMIN\" -X PUT ";
    let _ = writeln!(
        text,
        "{base}/admin/tickets/$TICKET \\\n  -H 'Content-Type: application/json' -d \"{{\\\"assignee_id\\\": $GRACE_ID}}\"; echo"
    );
    text += "# The agent makes a note for colleagues, and answers the customer.\n";
    text += &sign_in("GRACE", GRACE.email);
    text += &send(
        "GRACE",
        "POST",
        "/agent/tickets/$TICKET/comments",
        "{\"body\": \"Only staff reads this.\", \"is_internal\": true}",
    );
    text += &send("GRACE", "POST", "/agent/tickets/$TICKET/comments", "{\"body\": \"It does.\"}");
    text += &send("GRACE", "PUT", "/agent/tickets/$TICKET", "{\"status\": \"resolved\"}");
    text += "# The customer sees the answer and not the note, and closes the ticket.\n";
    text += &call("ADA", &format!("{base}/customer/tickets/$TICKET"));
    text += &send("ADA", "PUT", "/customer/tickets/$TICKET", "{\"status\": \"closed\"}");
    text
}

fn accounts() -> String {
    let mut text = String::new();
    let _ = writeln!(text, "  {:<10}{:<22}{:<18}name", "role", "e-mail", "password");
    for person in PEOPLE.iter().chain([&NEWCOMER]) {
        let _ =
            writeln!(text, "  {:<10}{:<22}{PASSWORD:<18}{}", person.role.as_str(), person.email, person.name);
    }
    text
}

/// Prints who can sign in and what to try.
pub(crate) fn print(address: SocketAddr, database: &std::path::Path) {
    let base = format!("http://{address}");
    println!(
        "The demo help desk serves on {base}. Its data is in {}; it is kept until you start with --demo --reset.\n\n\
         {}\nPaste these lines into another terminal, one after the other or all at once:\n\n{}\n\
         The whole API, to read and to try: {base}/docs. Ctrl-C ends the demo.",
        database.display(),
        accounts(),
        lines(&base),
    );
}
