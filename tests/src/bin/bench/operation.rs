//! What is asked of the server.

use std::fmt;
use std::str::FromStr;

/// An operation that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    /// The smallest answer that the process has: `GET /health/live`.
    Live,
    /// The smallest one for which a token is checked, and the state of its account and session: an id that is none, for which
    /// no store is asked.
    Token,
    /// One of an agent's tickets with its comments, any of up to a thousand.
    Get,
    /// The same while clients sign in without pause.
    Storm,
    /// The first 25 of an agent's tickets.
    List,
    /// The same of many agents, of each its own.
    Lists,
    /// The first 25 of an agent's tickets in which a word is.
    Search,
    /// A customer opens a ticket.
    Create,
    /// An agent answers one.
    Comment,
    /// An agent changes the status of one.
    Status,
}

impl Operation {
    /// In the order in which they are measured: what writes comes last, so that it does not lengthen what is read before it.
    pub(crate) const ALL: &[Self] = &[
        Self::Live,
        Self::Token,
        Self::Get,
        Self::Storm,
        Self::List,
        Self::Lists,
        Self::Search,
        Self::Create,
        Self::Comment,
        Self::Status,
    ];

    /// How it is called, on the command line too.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Token => "token",
            Self::Get => "get",
            Self::Storm => "storm",
            Self::List => "list",
            Self::Lists => "lists",
            Self::Search => "search",
            Self::Create => "create",
            Self::Comment => "comment",
            Self::Status => "status",
        }
    }

    /// Whether the answers that are expected are errors.
    pub(crate) const fn is_refused(self) -> bool {
        matches!(self, Self::Token)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Operation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|operation| operation.name() == text).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|operation| operation.name()).collect();
            format!("what is measured is {}, and not {text}", names.join(", "))
        })
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tickets {
    /// Tickets of the agent's to read.
    pub(crate) to_read: Vec<i64>,
    /// Others to write to, none of which is closed.
    pub(crate) to_write: Vec<i64>,
    /// Words that some of the agent's tickets have.
    pub(crate) words: Vec<String>,
}

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tokens {
    pub(crate) agent: String,
    pub(crate) customer: String,
    /// Of many others, where each is to ask for itself.
    pub(crate) agents: Vec<String>,
}

/// A ticket as customers open them.
pub(crate) const NEW_TICKET: &str = r#"{"subject": "The lift is stuck", "description": "Between the second and the third floor, with two of us in it. It has been like this for an hour, and nobody answers the emergency call."}"#;

/// What the script ends with: it tells the load's own measurements as one line of JSON.
const DONE: &str = r#"
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "micros": %d, "refused": %d, "lost": %d, "p50": %d, "p99": %d}\n',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"#;

impl Operation {
    /// The script by which wrk makes these requests. It runs in one thread, so that counting goes over all connections.
    pub(crate) fn script(self, tokens: &Tokens, tickets: &Tickets) -> String {
        let Tickets { to_read, to_write, words } = tickets;
        let token = if self == Self::Create { &tokens.customer } else { &tokens.agent };
        let mut script = String::new();
        if !matches!(self, Self::Live | Self::Lists) {
            script += &["wrk.headers[\"Authorization\"] = \"Bearer ", token, "\"\n"].concat();
        }
        if matches!(self, Self::Create | Self::Comment | Self::Status) {
            script.push_str("wrk.headers[\"Content-Type\"] = \"application/json\"\n");
        }
        let requests = match self {
            Self::Live => "wrk.path = \"/health/live\"\n".to_owned(),
            Self::Token => "wrk.path = \"/agent/tickets/0\"\n".to_owned(),
            Self::List => "wrk.path = \"/agent/tickets?limit=25\"\n".to_owned(),
            // One after the other, so that those who ask at the same time are not the same.
            Self::Lists => made_before(
                &format!(
                    "for _, token in ipairs({{{}}}) do\n  \
                       wrk.headers[\"Authorization\"] = \"Bearer \" .. token\n  \
                       add(\"GET\", \"/agent/tickets?limit=25\")\n\
                     end\n",
                    quoted(&tokens.agents)
                ),
                IN_TURN,
            ),
            Self::Create => {
                format!(
                    "wrk.method = \"POST\"\nwrk.path = \"/customer/tickets\"\nwrk.body = [[{NEW_TICKET}]]\n"
                )
            }
            Self::Get | Self::Storm => any_of(&format!(
                "for _, id in ipairs({{{}}}) do add(\"GET\", \"/agent/tickets/\" .. id) end\n",
                list(to_read)
            )),
            Self::Search => any_of(&format!(
                "for _, word in ipairs({{{}}}) do add(\"GET\", \"/agent/tickets?q=\" .. word) end\n",
                quoted(words)
            )),
            Self::Comment => any_of(&format!(
                "local body = [[{{\"body\": \"We have called the lift's maker. Somebody is on the way.\"}}]]\n\
                 for _, id in ipairs({{{}}}) do add(\"POST\", \"/agent/tickets/\" .. id .. \"/comments\", body) end\n",
                list(to_write)
            )),
            // One after the other, and each time around another status: every request changes something.
            Self::Status => made_before(
                &format!(
                    "for _, word in ipairs({{\"open\", \"in_progress\", \"pending\", \"resolved\"}}) do\n  \
                       for _, id in ipairs({{{}}}) do\n    \
                         add(\"PUT\", \"/agent/tickets/\" .. id, '{{\"status\": \"' .. word .. '\"}}')\n  \
                       end\n\
                     end\n",
                    list(to_write)
                ),
                IN_TURN,
            ),
        };
        script.push_str(&requests);
        script.push_str(DONE);
        script
    }
}

/// The next one each time, and then from the first again.
const IN_TURN: &str = "n % #requests + 1";

/// One of these requests at random each time.
fn any_of(added: &str) -> String {
    made_before(added, "math.random(#requests)")
}

/// Requests that are written out before the first is sent, since writing one takes wrk as long as much of what is measured. Which is
/// next, is said of `n`, the place of the last.
fn made_before(added: &str, next: &str) -> String {
    format!(
        "local requests, n = {{}}, 0\n\
         init = function()\n\
         local add = function(method, path, body)\n  \
           requests[#requests + 1] = wrk.format(method, path, nil, body)\n\
         end\n\
         {added}end\n\
         request = function()\n  \
           n = {next}\n  \
           return requests[n]\n\
         end\n"
    )
}

fn list<T: ToString>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn quoted(items: &[String]) -> String {
    list(&items.iter().map(|item| format!("{item:?}")).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        for operation in Operation::ALL {
            assert_eq!(operation.name().parse(), Ok(*operation));
        }
        assert!("all".parse::<Operation>().is_err());
    }

    #[test]
    fn scripts_ask_as_the_right_one_and_say_what_came_of_it() {
        let tokens = Tokens {
            agent: "agent's".to_owned(),
            customer: "customer's".to_owned(),
            agents: vec!["one's".to_owned(), "another's".to_owned()],
        };
        let tickets = Tickets {
            to_read: vec![3, 5],
            to_write: vec![7],
            words: vec!["lift".to_owned(), "stuck".to_owned()],
        };
        for operation in Operation::ALL {
            let script = operation.script(&tokens, &tickets);
            assert_eq!(script.contains("customer's"), *operation == Operation::Create, "{operation}");
            assert_eq!(
                script.contains("agent's"),
                !matches!(operation, Operation::Create | Operation::Live | Operation::Lists),
                "{operation}"
            );
            assert!(script.contains("RESULT"), "{operation}");
        }
        assert!(Operation::Lists.script(&tokens, &tickets).contains("{\"one's\", \"another's\"}"));
        assert!(Operation::Get.script(&tokens, &tickets).contains("{3, 5}"));
        assert!(Operation::Search.script(&tokens, &tickets).contains("{\"lift\", \"stuck\"}"));
        assert!(Operation::Status.script(&tokens, &tickets).contains("{7}"));
    }
}
