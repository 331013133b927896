//! How single values are written: ids as numbers, times and words in their one text form.

use serde::{Serialize, Serializer};

use crate::ts::TsText;
use crate::{
    ActorKind, AuditId, AuditKind, CommentBody, CommentId, Description, Email, EventId, EventKind,
    PersonName, Priority, Role, SessionId, Status, Subject, Tags, TeamId, TeamName, TicketId, Ts, UserId,
    Visibility,
};

macro_rules! as_number {
    ($($name:ident),+) => {
        $(impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.get())
            }
        })+
    };
}

macro_rules! as_text {
    ($($name:ident),+) => {
        $(impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        })+
    };
}

macro_rules! as_display {
    ($($name:ident),+) => {
        $(impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        })+
    };
}

as_number!(AuditId, CommentId, EventId, TeamId, TicketId, UserId);
as_text!(
    ActorKind,
    AuditKind,
    CommentBody,
    Description,
    Email,
    EventKind,
    PersonName,
    Priority,
    Role,
    Status,
    Subject,
    TeamName,
    Visibility
);
as_display!(SessionId);

impl Serialize for Ts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(TsText::of(*self).as_str())
    }
}

impl Serialize for Tags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
