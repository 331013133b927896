use super::{ImportFault, ImportedAccount, ImportedTicket};
use crate::{CommentBody, NewComment, Role, SourceId, Ts, UserId, Visibility};

/// A comment as it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentToImport {
    /// Its id there.
    pub id: SourceId,
    /// Its ticket's id there.
    pub ticket: SourceId,
    /// Who wrote it.
    pub author: ImportedAccount,
    /// The role that the author held when writing.
    pub author_role: Role,
    /// What it says.
    pub body: CommentBody,
    /// Who may read it.
    pub visibility: Visibility,
    /// When it was written.
    pub created_at: Ts,
}

/// A comment that may be written here. Only [`ImportedTicket::check_comment`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedComment(CommentToImport);

impl ImportedTicket {
    /// **The rule: which comment from elsewhere a ticket may have.** Its own, written while it lived, and an internal one by
    /// staff alone.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check_comment(&self, comment: CommentToImport) -> Result<ImportedComment, Vec<ImportFault>> {
        let ticket = self.told();
        let mut faults = Vec::new();
        let mut fault = |field, problem| faults.push(ImportFault::new(field, problem));
        if comment.ticket != ticket.id {
            fault("ticket_id", "is not that of the ticket before");
        }
        if comment.visibility == Visibility::Internal && comment.author_role == Role::Customer {
            fault("is_internal", "must be false of what a customer wrote");
        }
        let changed_at = match comment.visibility {
            Visibility::Public => ticket.public_updated_at,
            Visibility::Internal => ticket.updated_at,
        };
        if comment.created_at < ticket.created_at {
            fault("created_at", "is before its ticket was opened");
        } else if comment.created_at > changed_at {
            fault("created_at", "is after its ticket changed last");
        }
        if faults.is_empty() { Ok(ImportedComment(comment)) } else { Err(faults) }
    }
}

impl ImportedComment {
    /// What was told.
    pub fn told(&self) -> &CommentToImport {
        &self.0
    }

    pub(super) fn by(&self, author: UserId) -> NewComment {
        NewComment {
            author,
            author_role: self.0.author_role,
            body: self.0.body.clone(),
            visibility: self.0.visibility,
            created_at: self.0.created_at,
        }
    }
}
