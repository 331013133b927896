//! `/admin/teams…`

use helpdesk_domain::{Precondition, Role, TeamId};
use helpdesk_ports::{MembershipCommit, Page, TeamDeleted, TeamMade, TeamRenamed};
use serde_json::json;

use super::samples::{team, user, user_id};
use super::support::{Api, Desk, json as with_json, signed_in};

fn team_id(id: i64) -> TeamId {
    TeamId::new(id).unwrap()
}

/// One with team 1, the default one, and team 2; and with accounts 7, an agent, and 8, a customer.
fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.teams.expect_find().returning(|_, id| {
        Ok(match id.get() {
            1 => Some(team(1, "Support")),
            2 => Some(team(2, "Billing")),
            _ => None,
        })
    });
    desk.users.expect_find().returning(|_, id| {
        Ok(match id.get() {
            7 => Some(user(7, Role::Agent)),
            8 => Some(user(8, Role::Customer)),
            _ => None,
        })
    });
    desk
}

fn expected(id: i64, name: &str) -> serde_json::Value {
    json!({ "id": id, "name": name, "is_default": id == 1 })
}

#[actix_web::test]
async fn teams_are_listed_and_read() {
    let mut desk = desk();
    desk.teams.expect_list().returning(|_, page| {
        Ok(match page.after {
            None => Page { items: vec![team(1, "Support")], next: Some(team_id(1)) },
            Some(after) => {
                assert_eq!(after, team_id(1));
                Page { items: vec![team(2, "Billing")], next: None }
            }
        })
    });
    let api = desk.api().await;
    let first = api.get(Role::Admin, "/admin/teams").await;
    assert_eq!((first.status, &first.json()["data"]), (200, &json!([expected(1, "Support")])));
    let link = first.header("link").unwrap().to_owned();
    let next = link.strip_prefix('<').unwrap().split_once('>').unwrap().0;
    let last = json!({ "data": [expected(2, "Billing")], "next_cursor": null });
    assert_eq!(api.get(Role::Admin, next).await.json(), last);
    assert_eq!(api.get(Role::Admin, "/admin/teams?name=x").await.code(), "invalid_query");
    let cursor = next.split_once("cursor=").unwrap().1;
    let other = format!("/admin/teams/2/members?cursor={cursor}");
    assert_eq!(api.get(Role::Admin, &other).await.code(), "invalid_cursor");
    assert_eq!(api.get(Role::Admin, "/admin/teams/2").await.json(), expected(2, "Billing"));
    let unknown = api.get(Role::Admin, "/admin/teams/3").await;
    assert_eq!(unknown.code(), "not_found");
    let unknown = unknown.without_request_id();
    assert_eq!(api.get(Role::Admin, "/admin/teams/02").await.without_request_id(), unknown);
}

#[actix_web::test]
async fn a_team_is_made() {
    let mut desk = desk();
    desk.teams.expect_create().returning(|creation| {
        Ok(if creation.name().as_str() == "Support" {
            TeamMade::NameTaken
        } else {
            TeamMade::Created(creation.into_team(team_id(3)).0)
        })
    });
    let api = desk.api().await;
    let answer = api.post(Role::Admin, "/admin/teams", r#"{"name":" Night "}"#).await;
    assert_eq!((answer.status, answer.header("location")), (201, Some("/admin/teams/3")));
    assert_eq!(answer.json(), expected(3, "Night"));
    let answer = api.post(Role::Admin, "/admin/teams", r#"{"name":"Support"}"#).await;
    assert_eq!((answer.status, answer.code().as_str()), (409, "team_name_taken"));
    for (body, status, fault) in [
        ("{}", 400, "name:required"),
        (r#"{"name":null}"#, 400, "name:invalid_type"),
        (r#"{"name":"N","is_default":true}"#, 400, "is_default:unknown_field"),
        (r#"{"name":" "}"#, 422, "name:required"),
        (r#"{"name":"a\u0000"}"#, 422, "name:invalid_character"),
    ] {
        let answer = api.post(Role::Admin, "/admin/teams", body).await;
        assert_eq!((answer.status, answer.faults_in_short().as_str()), (status, fault), "{body}");
    }
}

#[actix_web::test]
async fn a_team_is_renamed() {
    let mut desk = desk();
    desk.teams.expect_rename().returning(|renaming| {
        Ok(if renaming.team().name.as_str() == "Support" {
            TeamRenamed::NameTaken
        } else {
            TeamRenamed::Done(renaming.team())
        })
    });
    let api = desk.api().await;
    let answer = api.put(Role::Admin, "/admin/teams/2", r#"{"name":"Money"}"#).await;
    assert_eq!((answer.status, answer.json()), (200, expected(2, "Money")));
    let answer = api.put(Role::Admin, "/admin/teams/2", r#"{"name":"Billing"}"#).await;
    assert_eq!((answer.status, answer.json()), (200, expected(2, "Billing")));
    let answer = api.put(Role::Admin, "/admin/teams/2", r#"{"name":"Support"}"#).await;
    assert_eq!((answer.status, answer.code().as_str()), (409, "team_name_taken"));
    for (path, body, status) in [
        ("/admin/teams/2", "{}", 422),
        ("/admin/teams/2", r#"{"name":""}"#, 422),
        ("/admin/teams/2", r#"{"name":null}"#, 400),
        ("/admin/teams/2", r#"{"id":3}"#, 400),
        ("/admin/teams/3", r#"{"name":"Money"}"#, 404),
        ("/admin/teams/x", r#"{"name":"Money"}"#, 404),
    ] {
        assert_eq!(api.put(Role::Admin, path, body).await.status, status, "{path} {body}");
    }
}

#[actix_web::test]
async fn an_empty_team_is_deleted_and_the_default_team_stays() {
    let mut desk = desk();
    let mut outcomes = [TeamDeleted::Done, TeamDeleted::NotEmpty].into_iter();
    desk.teams.expect_delete().times(2).returning(move |deletion| {
        assert_eq!(deletion.team().id, team_id(2));
        Ok(outcomes.next().unwrap())
    });
    let api = desk.api().await;
    let answer = api.delete(Role::Admin, "/admin/teams/2").await;
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    for (path, status, code) in [
        ("/admin/teams/2", 409, "team_not_empty"),
        ("/admin/teams/1", 409, "default_team"),
        ("/admin/teams/3", 404, "not_found"),
        ("/admin/teams/%2B1", 404, "not_found"),
    ] {
        let answer = api.delete(Role::Admin, path).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{path}");
    }
}

#[actix_web::test]
async fn members_are_listed() {
    let mut desk = desk();
    desk.teams.expect_members().returning(|_, id, page| {
        let next = page.after.is_none().then(|| user_id(7));
        Ok((id == team_id(2)).then(|| Page { items: vec![user(7, Role::Agent)], next }))
    });
    let api = desk.api().await;
    let answer = api.get(Role::Admin, "/admin/teams/2/members?limit=1").await;
    let json = answer.json();
    assert_eq!((&json["data"][0]["id"], &json["data"][0]["has_password"]), (&json!(7), &json!(true)));
    let link = answer.header("link").unwrap().to_owned();
    let next = link.strip_prefix('<').unwrap().split_once('>').unwrap().0;
    assert!(next.starts_with("/admin/teams/2/members?limit=1&cursor="), "{next}");
    assert_eq!(api.get(Role::Admin, next).await.json()["next_cursor"], json!(null));
    // It is a cursor of this team.
    let other = next.replace("/2/", "/1/");
    assert_eq!(api.get(Role::Admin, &other).await.code(), "invalid_cursor");
    assert_eq!(api.get(Role::Admin, "/admin/teams/3/members").await.code(), "not_found");
}

async fn put_member(api: &Api, path: &str) -> super::support::Answer {
    api.send(signed_in(Role::Admin, actix_web::test::TestRequest::put().uri(path))).await
}

#[actix_web::test]
async fn agents_join_and_leave_however_often_they_are_told_to() {
    let mut desk = desk();
    let mut outcomes = [MembershipCommit::Done, MembershipCommit::Unchanged].into_iter().cycle();
    desk.teams.expect_change_membership().times(4).returning(move |change| {
        assert_eq!((change.team(), change.user()), (team_id(2), user_id(7)));
        Ok(outcomes.next().unwrap())
    });
    let api = desk.api().await;
    for _ in 0..2 {
        let answer = put_member(&api, "/admin/teams/2/members/7").await;
        assert_eq!((answer.status, answer.body.len()), (204, 0));
    }
    for _ in 0..2 {
        assert_eq!(api.delete(Role::Admin, "/admin/teams/2/members/7").await.status, 204);
    }
    let answer = put_member(&api, "/admin/teams/2/members/8").await;
    assert_eq!((answer.status, answer.code().as_str()), (422, "validation_failed"));
    assert_eq!(answer.faults_in_short(), "user_id:not_an_agent");
    let unknown = put_member(&api, "/admin/teams/2/members/9").await;
    assert_eq!((unknown.status, unknown.code().as_str()), (404, "not_found"));
    let unknown = unknown.without_request_id();
    for path in ["/admin/teams/3/members/7", "/admin/teams/2/members/x", "/admin/teams/x/members/7"] {
        assert_eq!(put_member(&api, path).await.without_request_id(), unknown, "{path}");
        assert_eq!(api.delete(Role::Admin, path).await.without_request_id(), unknown, "{path}");
    }
    assert_eq!(api.delete(Role::Admin, "/admin/teams/2/members/9").await.without_request_id(), unknown);
}

#[actix_web::test]
async fn what_changed_meanwhile_is_told() {
    for (unmet, status, code) in [
        (Precondition::Agent(user_id(7)), 422, "validation_failed"),
        (Precondition::TeamExists(team_id(2)), 404, "not_found"),
    ] {
        let mut desk = desk();
        desk.teams.expect_change_membership().returning(move |_| Ok(MembershipCommit::Unmet(unmet)));
        let answer = put_member(&desk.api().await, "/admin/teams/2/members/7").await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code));
    }
}

#[actix_web::test]
async fn a_body_of_a_membership_is_not_looked_at() {
    let mut desk = desk();
    desk.teams.expect_change_membership().returning(|_| Ok(MembershipCommit::Done));
    let api = desk.api().await;
    let request = actix_web::test::TestRequest::put().uri("/admin/teams/2/members/7");
    let answer = api.send(with_json(signed_in(Role::Admin, request), "no json")).await;
    assert_eq!(answer.status, 204);
}
