//! Every list of accounts, members, sessions and entries of the trail, from its beginning and from the middle, with and
//! without filters.

use helpdesk_domain::{AccountsActor, AuditId, AuditKind, Role, SessionId, TeamId, Ts, UserId};
use helpdesk_ports::{
    AuditFilter, AuditQuery, PageRequest, SessionPosition, Stores, UserFilter, UserQuery, UserSearch,
};

use super::Explain;
use super::lists::{check_order, limit, only};
use super::plan::Path;
use crate::recorder::Log;
use crate::seed::Seed;

fn index(name: &str) -> Path {
    Path::Index(name.to_owned())
}

fn pages<P: Copy>(middle: P) -> [PageRequest<P>; 2] {
    [None, Some(middle)].map(|after| PageRequest { limit: limit(), after })
}

pub(super) async fn check(stores: &Stores, log: &mut Log, explain: &mut Explain<'_>) {
    check_accounts(stores, log, explain).await;
    check_members(stores, log, explain).await;
    check_sessions(stores, log, explain).await;
    check_trail(stores, log, explain).await;
}

/// By role there is an index; any other filter goes along the list's order and leaves out what does not match.
async fn check_accounts(stores: &Stores, log: &mut Log, explain: &mut Explain<'_>) {
    for page in pages(UserId::new(20).unwrap()) {
        for role in [None, Some(Role::Agent)] {
            for is_active in [None, Some(true)] {
                for text in [None, Some(UserSearch::parse("user").unwrap())] {
                    let query = UserQuery { filter: UserFilter { role, is_active, text }, page };
                    log.take();
                    stores.users.list(Seed::admin().into(), query).await.unwrap();
                    let plan = explain(&only(log.take()));
                    match role {
                        None => check_order(&plan, "users", &Path::PrimaryKey, &["id"]),
                        Some(_) => check_order(&plan, "users", &index("users_role"), &["role", "id"]),
                    }
                }
            }
        }
    }
}

async fn check_members(stores: &Stores, log: &mut Log, explain: &mut Explain<'_>) {
    let (by, team) = (AccountsActor::from(Seed::admin()), TeamId::new(1).unwrap());
    for page in pages(UserId::new(20).unwrap()) {
        log.take();
        stores.teams.members(by, team, page).await.unwrap().unwrap();
        let plan = explain(log.take().last().unwrap());
        assert!(plan.is_in_order, "{}", plan.text);
        for access in &plan.accesses {
            assert!(access.seeks(), "{}", plan.text);
        }
    }
}

async fn check_sessions(stores: &Stores, log: &mut Log, explain: &mut Explain<'_>) {
    let middle = SessionPosition { created_at: Ts::EPOCH, id: SessionId::from_bits(1) };
    for page in pages(middle) {
        log.take();
        stores.sessions.list(Seed::admin().id(), Ts::EPOCH, page).await.unwrap();
        let plan = explain(&only(log.take()));
        let sought: &[_] = if page.after.is_some() { &["user_id", "created_at"] } else { &["user_id"] };
        check_order(&plan, "sessions", &index("sessions_user_created"), sought);
    }
}

async fn check_trail(stores: &Stores, log: &mut Log, explain: &mut Explain<'_>) {
    let (someone, something) = (Some(Seed::admin().id()), Some(AuditKind::UserUpdated));
    for page in pages(AuditId::new(20).unwrap()) {
        for (actor, kind, path, narrowed) in [
            (None, None, Path::PrimaryKey, vec![]),
            (someone, None, index("audit_entries_actor"), vec!["actor_id"]),
            (None, something, index("audit_entries_kind"), vec!["kind"]),
            (someone, something, index("audit_entries_actor_kind"), vec!["actor_id", "kind"]),
        ] {
            let query = AuditQuery { filter: AuditFilter { actor, kind }, page };
            log.take();
            stores.audit.list(Seed::admin(), query).await.unwrap();
            let plan = explain(&only(log.take()));
            let mut sought = narrowed;
            sought.extend(page.after.map(|_| "id"));
            check_order(&plan, "audit_entries", &path, &sought);
        }
    }
}
