//! Comments. They do not serialise: views do.

use crate::{CommentBody, CommentId, Role, Ts, UserId, Visibility};

/// A comment to be written, as a caller asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentDraft {
    /// What it says.
    pub body: CommentBody,
    /// Who may read it.
    pub visibility: Visibility,
}

/// A comment that was decided on and has no id yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewComment {
    pub(crate) author: UserId,
    pub(crate) author_role: Role,
    pub(crate) body: CommentBody,
    pub(crate) visibility: Visibility,
    pub(crate) created_at: Ts,
}

impl NewComment {
    /// Who wrote it.
    pub fn author(&self) -> UserId {
        self.author
    }

    /// The author's role when writing, which later changes of role leave as it was.
    pub fn author_role(&self) -> Role {
        self.author_role
    }

    /// What it says.
    pub fn body(&self) -> &CommentBody {
        &self.body
    }

    /// Who may read it.
    pub fn visibility(&self) -> Visibility {
        self.visibility
    }

    /// When it was written.
    pub fn created_at(&self) -> Ts {
        self.created_at
    }

    /// The comment as it stands once the store has given it an id.
    pub fn into_comment(self, id: CommentId, author_name: String) -> Comment {
        Comment {
            id,
            author: CommentAuthor { id: self.author, name: author_name, role: self.author_role },
            body: self.body,
            visibility: self.visibility,
            created_at: self.created_at,
        }
    }
}

/// Who wrote a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentAuthor {
    /// The account.
    pub id: UserId,
    /// Its name today.
    pub name: String,
    /// The role held when writing.
    pub role: Role,
}

/// A comment of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    id: CommentId,
    author: CommentAuthor,
    body: CommentBody,
    visibility: Visibility,
    created_at: Ts,
}

impl Comment {
    /// A comment as a store holds it.
    pub fn from_stored(
        id: CommentId,
        author: CommentAuthor,
        body: CommentBody,
        visibility: Visibility,
        created_at: Ts,
    ) -> Self {
        Self { id, author, body, visibility, created_at }
    }

    /// Its id.
    pub fn id(&self) -> CommentId {
        self.id
    }

    /// Who wrote it.
    pub fn author(&self) -> &CommentAuthor {
        &self.author
    }

    /// What it says.
    pub fn body(&self) -> &CommentBody {
        &self.body
    }

    /// Who may read it.
    pub fn visibility(&self) -> Visibility {
        self.visibility
    }

    /// When it was written. Comments are in the order of (this, id).
    pub fn created_at(&self) -> Ts {
        self.created_at
    }

    pub(crate) fn into_parts(self) -> (CommentId, CommentAuthor, CommentBody, Visibility, Ts) {
        (self.id, self.author, self.body, self.visibility, self.created_at)
    }
}
