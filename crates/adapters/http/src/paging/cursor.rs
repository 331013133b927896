//! Cursors: a position, sealed so that it is good for one list of one caller alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use helpdesk_domain::{Actor, AuditId, CommentId, EventId, SessionId, TeamId, TicketId, Ts, UserId};
use helpdesk_ports::{
    AuditFilter, CommentPosition, Direction, EventPosition, SessionPosition, SortKey, StoreSecret,
    TicketFilter, TicketPosition, TicketSort, UserFilter,
};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::store_key::keyed;

/// How many bytes of the authentication code a cursor carries: forging one takes 2¹²⁸ tries.
const TAG_BYTES: usize = 16;
const LABEL: &[u8] = b"helpdesk cursor 1\0";

/// A place in a list that a cursor can hold.
pub(crate) trait Position: Sized {
    fn encode(&self, bytes: &mut Vec<u8>);
    fn decode(bytes: &[u8]) -> Option<Self>;
}

/// What a cursor is good for: which list, of whom, narrowed and sorted how.
pub(crate) struct Binding(String);

impl Binding {
    // Everything here is a number or a word of a closed set, so that no two bindings have the same text. What callers choose
    // freely comes last, behind a word of its own.
    fn new(list: &str, caller: Actor) -> Self {
        let id = caller.id().map_or(0, UserId::get);
        Self(format!("{list} {}:{id}", caller.kind()))
    }

    /// A list of tickets, of which there may be several for one caller.
    pub(crate) fn tickets(list: &str, caller: Actor, filter: &TicketFilter, sort: TicketSort) -> Self {
        let mut binding = Self::new(list, caller);
        for status in filter.statuses() {
            binding.0 += " status:";
            binding.0 += status.as_str();
        }
        for priority in filter.priorities() {
            binding.0 += " priority:";
            binding.0 += priority.as_str();
        }
        binding.0 += match (sort.key, sort.direction) {
            (SortKey::UpdatedAt, Direction::Ascending) => " updated_at",
            (SortKey::UpdatedAt, Direction::Descending) => " -updated_at",
            (SortKey::CreatedAt, Direction::Ascending) => " created_at",
            (SortKey::CreatedAt, Direction::Descending) => " -created_at",
        };
        let figures = [
            ("created_after", filter.after_creation().map(Ts::micros)),
            ("updated_after", filter.after_update().map(Ts::micros)),
            // No account has the id 0.
            ("assignee", filter.assignee().map(|assignee| assignee.map_or(0, UserId::get))),
            ("requester", filter.requester().map(UserId::get)),
            ("team", filter.team().map(TeamId::get)),
        ];
        for (name, figure) in figures {
            if let Some(figure) = figure {
                for part in [" ", name, ":", &figure.to_string()] {
                    binding.0 += part;
                }
            }
        }
        if let Some(tag) = filter.tag() {
            binding.0 += " tag:";
            binding.0 += tag.as_str();
        }
        // Neither a tag nor this word can be read in what is behind it: words hold no colon.
        if let Some(search) = filter.search() {
            binding.0 += " words:";
            binding.0 += &search.to_string();
        }
        binding
    }

    pub(crate) fn comments(caller: Actor, ticket: TicketId) -> Self {
        Self::new(&format!("comments:{ticket}"), caller)
    }

    pub(crate) fn history(caller: Actor, ticket: TicketId) -> Self {
        Self::new(&format!("history:{ticket}"), caller)
    }

    pub(crate) fn users(caller: Actor, filter: &UserFilter) -> Self {
        let mut binding = Self::new("users", caller);
        let UserFilter { role, is_active, text } = filter;
        if let Some(role) = role {
            binding.0 += " role:";
            binding.0 += role.as_str();
        }
        if let Some(is_active) = is_active {
            binding.0 += if *is_active { " active" } else { " inactive" };
        }
        if let Some(text) = text {
            binding.0 += " text:";
            binding.0 += text.as_str();
        }
        binding
    }

    pub(crate) fn sessions(caller: Actor) -> Self {
        Self::new("sessions", caller)
    }

    pub(crate) fn teams(caller: Actor) -> Self {
        Self::new("teams", caller)
    }

    pub(crate) fn members(caller: Actor, team: TeamId) -> Self {
        Self::new(&format!("members:{team}"), caller)
    }

    pub(crate) fn audit(caller: Actor, filter: &AuditFilter) -> Self {
        let mut binding = Self::new("audit", caller);
        let AuditFilter { actor, kind } = filter;
        if let Some(actor) = actor {
            binding.0 += " actor:";
            binding.0 += &actor.to_string();
        }
        if let Some(kind) = kind {
            binding.0 += " kind:";
            binding.0 += kind.as_str();
        }
        binding
    }
}

/// Seals positions and opens them again.
pub(crate) struct CursorCodec(Hmac<Sha256>);

impl CursorCodec {
    pub(crate) fn new(secret: &StoreSecret) -> Self {
        Self(keyed(secret, LABEL))
    }

    fn code(&self, binding: &Binding, position: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(&(binding.0.len() as u64).to_be_bytes());
        mac.update(binding.0.as_bytes());
        mac.update(position);
        mac
    }

    pub(super) fn seal<P: Position>(&self, binding: &Binding, position: &P) -> String {
        let mut bytes = Vec::with_capacity(17 + TAG_BYTES);
        position.encode(&mut bytes);
        let code = self.code(binding, &bytes).finalize().into_bytes();
        bytes.extend(code.iter().take(TAG_BYTES));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position, if this cursor was made for this list; which of the ways it is not, is not said.
    pub(super) fn open<P: Position>(&self, binding: &Binding, cursor: &str) -> Option<P> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (position, tag) = bytes.split_at_checked(bytes.len().checked_sub(TAG_BYTES)?)?;
        // Compares in constant time.
        self.code(binding, position).verify_truncated_left(tag).ok()?;
        P::decode(position)
    }
}

fn number(bytes: &[u8]) -> Option<i64> {
    bytes.try_into().ok().map(i64::from_be_bytes)
}

const BY_UPDATED_AT: u8 = 1;
const BY_CREATED_AT: u8 = 2;

impl Position for TicketPosition {
    fn encode(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::UpdatedAt(at, id) => {
                bytes.push(BY_UPDATED_AT);
                bytes.extend(at.micros().to_be_bytes());
                bytes.extend(id.get().to_be_bytes());
            }
            Self::CreatedAt(id) => {
                bytes.push(BY_CREATED_AT);
                bytes.extend(id.get().to_be_bytes());
            }
        }
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first()? {
            (&BY_UPDATED_AT, rest) => {
                let (at, id) = rest.split_at_checked(8)?;
                let at = Ts::from_micros(number(at)?).ok()?;
                Some(Self::UpdatedAt(at, TicketId::new(number(id)?).ok()?))
            }
            (&BY_CREATED_AT, id) => Some(Self::CreatedAt(TicketId::new(number(id)?).ok()?)),
            _ => None,
        }
    }
}

impl Position for CommentPosition {
    fn encode(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.created_at.micros().to_be_bytes());
        bytes.extend(self.id.get().to_be_bytes());
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (at, id) = bytes.split_at_checked(8)?;
        let created_at = Ts::from_micros(number(at)?).ok()?;
        Some(Self { created_at, id: CommentId::new(number(id)?).ok()? })
    }
}

impl Position for EventPosition {
    fn encode(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.at.micros().to_be_bytes());
        bytes.extend(self.id.get().to_be_bytes());
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (at, id) = bytes.split_at_checked(8)?;
        let at = Ts::from_micros(number(at)?).ok()?;
        Some(Self { at, id: EventId::new(number(id)?).ok()? })
    }
}

impl Position for SessionPosition {
    fn encode(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.created_at.micros().to_be_bytes());
        bytes.extend(self.id.bits().to_be_bytes());
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (at, id) = bytes.split_at_checked(8)?;
        let created_at = Ts::from_micros(number(at)?).ok()?;
        let id = id.try_into().ok().map(u128::from_be_bytes)?;
        Some(Self { created_at, id: SessionId::from_bits(id) })
    }
}

macro_rules! position_by_id {
    ($($id:ident),+) => {
        $(impl Position for $id {
            fn encode(&self, bytes: &mut Vec<u8>) {
                bytes.extend(self.get().to_be_bytes());
            }

            fn decode(bytes: &[u8]) -> Option<Self> {
                Self::new(number(bytes)?).ok()
            }
        })+
    };
}

position_by_id!(AuditId, TeamId, UserId);

#[cfg(test)]
mod tests;
