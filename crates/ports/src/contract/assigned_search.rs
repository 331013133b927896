//! What agents find among their own tickets, whoever worked those before.

use helpdesk_domain::{AgentActor, AgentRef, Ticket, TicketCommand, TicketId, TicketPatch};

use super::desk::{Desk, assign, at, note, reply, tags};
use super::lists::{SORTS, whole_list};
use super::many::run_many;
use crate::{Stores, TicketFilter, TicketSearch};

/// So many that a store does not find a few of them, the oldest, by going along the list.
const TICKETS: i64 = 60;

/// The tickets of the agent's in which a word is, by id, on pages of one.
async fn found(desk: &Desk, agent: &AgentRef, word: &str) -> Vec<TicketId> {
    let search = TicketSearch::parse(word).expect("a search");
    let filter = TicketFilter::default().with_search(Some(search));
    let scope = AgentActor::new(agent.id()).scope();
    let mut ids = Vec::new();
    for sort in SORTS {
        let listed = whole_list(desk, scope, &filter, sort, 1).await;
        let mut listed: Vec<TicketId> = listed.iter().map(Ticket::id).collect();
        listed.sort();
        assert!(ids.is_empty() || ids == listed, "{word}: the same in every order");
        ids = listed;
    }
    ids
}

/// From hand to hand, by one decision and by one about many, with what was written under each; and to nobody.
pub async fn a_search_follows_who_works_a_ticket(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let (grace, joan) = (desk.agent("grace").await, desk.agent("joan").await);
    let mut ids = Vec::new();
    for n in 0..TICKETS {
        let subject = if n < 2 { "Kumquat" } else { "Lift" };
        ids.push(desk.ticket(customer, subject, at(n)).await.id());
    }
    let (sought, others) = ids.split_at(2);
    assert_eq!(found(&desk, &grace, "kumquat").await, [], "nobody works them");
    // Each has plenty of others.
    let (of_grace, of_joan) = others.split_at(others.len() / 2);
    run_many(&desk, desk.admin, of_joan.to_vec(), assign(&joan), at(TICKETS)).await;
    run_many(&desk, desk.admin, [sought, of_grace].concat(), assign(&grace), at(TICKETS)).await;
    let write = async |command: TicketCommand, seconds: i64| {
        for id in sought {
            let ticket = desk.read(*id).await.ticket;
            desk.run(&ticket, desk.admin, command.clone(), at(TICKETS + seconds)).await;
        }
    };
    write(reply("Mandarin"), 1).await;
    write(note("Pomelo"), 2).await;
    // What changed last stands first, and is not to be come by so.
    let touched = run_many(&desk, desk.admin, others.to_vec(), tags(&["lemon"]), at(TICKETS + 3)).await;
    assert_eq!(touched.len(), others.len());
    let words = ["kumquat", "mandarin", "pomelo", "mandarin pomelo", "pomelo kum"];
    for word in words {
        assert_eq!(found(&desk, &grace, word).await, sought, "{word}");
        assert_eq!(found(&desk, &joan, word).await, [], "{word}");
    }

    let first = desk.read(sought[0]).await.ticket;
    desk.run(&first, desk.admin, assign(&joan), at(TICKETS + 4)).await;
    for word in words {
        assert_eq!(found(&desk, &grace, word).await, &sought[1..], "{word}");
        assert_eq!(found(&desk, &joan, word).await, &sought[..1], "{word}");
    }
    run_many(&desk, desk.admin, vec![sought[1]], assign(&joan), at(TICKETS + 4)).await;
    write(note("Tangerine"), 5).await;
    for word in words.into_iter().chain(["tangerine", "kumquat tang"]) {
        assert_eq!(found(&desk, &grace, word).await, [], "{word}");
        assert_eq!(found(&desk, &joan, word).await, sought, "{word}");
    }

    let nobody = TicketPatch { assignee: Some(None), ..TicketPatch::default() };
    write(TicketCommand::Update(nobody), 6).await;
    write(reply("Yuzu"), 7).await;
    for agent in [&grace, &joan] {
        assert_eq!(found(&desk, agent, "kumquat").await, []);
        assert_eq!(found(&desk, agent, "yuzu").await, []);
    }
    write(assign(&grace), 8).await;
    for word in words.into_iter().chain(["tangerine", "yuzu"]) {
        assert_eq!(found(&desk, &grace, word).await, sought, "{word}");
        assert_eq!(found(&desk, &joan, word).await, [], "{word}");
    }
}
