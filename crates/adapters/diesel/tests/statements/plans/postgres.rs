//! Postgres's plans.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Json;
use serde_json::Value;

use super::plan::{Access, Path, Plan, columns};

#[derive(QueryableByName)]
struct Explained {
    #[diesel(sql_type = Json, column_name = "QUERY PLAN")]
    plan: Value,
}

/// How the statement runs. It stays a prepared one, as the store has it: with its parameters, not with their values.
pub(crate) fn explain(connection: &mut PgConnection, sql: &str) -> Plan {
    connection.batch_execute(&format!("PREPARE asked AS {sql}")).unwrap_or_else(|e| panic!("{e}: {sql}"));
    let parameters = (1..=99).take_while(|number| sql.contains(&format!("${number}"))).count();
    let arguments =
        if parameters == 0 { String::new() } else { format!("({})", vec!["NULL"; parameters].join(", ")) };
    let explained: Explained = diesel::sql_query(format!("EXPLAIN (FORMAT JSON) EXECUTE asked {arguments}"))
        .get_result(connection)
        .unwrap();
    connection.batch_execute("DEALLOCATE asked").unwrap();
    let root = &explained.plan[0]["Plan"];
    let mut plan =
        Plan { accesses: Vec::new(), is_in_order: has_limit(root), text: format!("{sql}\n{root:#}") };
    walk(root, &mut plan);
    plan
}

/// Whether it ends when the page is full, or for many at once, when each page is, or a part of it does.
fn has_limit(node: &Value) -> bool {
    let below = || node["Plans"].as_array().into_iter().flatten();
    match node["Node Type"].as_str() {
        Some("Limit") => true,
        Some("Nested Loop" | "Append" | "Subquery Scan") => below().any(has_limit),
        _ => false,
    }
}

fn walk(node: &Value, plan: &mut Plan) {
    let word = |key: &str| node[key].as_str().unwrap_or_default();
    plan.is_in_order &= !word("Node Type").contains("Sort");
    let is_of_table = word("Node Type").contains("Scan") && word("Node Type") != "Function Scan";
    if let (true, Some(name)) = (is_of_table, node["Alias"].as_str()) {
        // A bitmap is made of an index below, or of what several have in common, without their order.
        let below = &node["Plans"][0];
        let index =
            [node, below, &below["Plans"][0]].into_iter().find_map(|node| node["Index Name"].as_str());
        let path = match index {
            None => Path::Everything,
            Some(index) if index.ends_with("_pkey") => Path::PrimaryKey,
            Some(index) => Path::Index(index.to_owned()),
        };
        let sought = columns(&[word("Index Cond"), word("Recheck Cond")].join(" "));
        plan.accesses.push(Access { name: name.to_owned(), path, sought });
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        walk(child, plan);
    }
}
