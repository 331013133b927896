//! The statements that the store sends for one request, taken down from the database server's own log, as scripts for pgbench.
//! So what is compared cannot become two different things.

/// A statement, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    sql: String,
    /// `None` is NULL.
    parameters: Vec<Option<String>>,
}

/// A script, and the values of its variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Script {
    pub(crate) text: String,
    /// Those that stay the same from one time to the next.
    pub(crate) variables: Vec<(String, String)>,
}

/// The statements in a piece of the log that was written with `log_statement = 'all'`.
pub(crate) fn statements(log: &str) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    for line in log.lines() {
        if let Some((_, sql)) = line.split_once("LOG:  statement: ") {
            found.push(Statement { sql: sql.to_owned(), parameters: Vec::new() });
        } else if let Some((_, execute)) = line.split_once("LOG:  execute ") {
            let (_, sql) = execute.split_once(": ").expect("the statement behind its name");
            found.push(Statement { sql: sql.to_owned(), parameters: Vec::new() });
        } else if let Some((_, detail)) = line.split_once("DETAIL:  ")
            && let Some((_, list)) = detail.split_once("arameters: ")
            && let Some(statement) = found.last_mut()
        {
            statement.parameters = parameters(list);
        }
    }
    found
}

/// `$1 = '5', $2 = NULL`, where a quote in a value stands there twice.
fn parameters(list: &str) -> Vec<Option<String>> {
    let mut found = Vec::new();
    let mut rest = list;
    while let Some((_, value)) = rest.split_once(" = ") {
        if let Some(behind) = value.strip_prefix("NULL") {
            found.push(None);
            rest = behind;
            continue;
        }
        let text = value.strip_prefix('\'').expect("a quoted value");
        let mut end = 0;
        loop {
            end += text[end..].find('\'').expect("the closing quote");
            if !text[end + 1..].starts_with('\'') {
                break;
            }
            end += 2;
        }
        found.push(Some(text[..end].replace("''", "'")));
        rest = &text[end + 1..];
    }
    found
}

/// What the store's connections are set to, in the form of `PGOPTIONS`.
pub(crate) fn settings(statements: &[Statement]) -> String {
    let set = statements.iter().flat_map(|statement| statement.sql.split(';'));
    let set = set.filter_map(|sql| sql.trim().strip_prefix("SET "));
    let pairs = set.filter_map(|setting| setting.split_once('='));
    let options = pairs.map(|(name, value)| {
        let value = value.trim().trim_matches('\'').replace(' ', "\\ ");
        format!("-c {}={value}", name.trim())
    });
    options.collect::<Vec<_>>().join(" ")
}

impl Script {
    /// Runs the statements as they came, but about one of these tickets (or agents), any each time, instead of the one that was asked
    /// for.
    pub(crate) fn of_reading(statements: &[Statement], recorded: i64, tickets: &[i64]) -> Self {
        let mut script = Self { text: String::new(), variables: Vec::new() };
        if statements.iter().any(|statement| statement.names(recorded)) {
            let (last, id) = (tickets.len() - 1, choice(tickets, 0));
            script.text = format!("\\set n random(0, {last})\n\\set id {id}\n");
        }
        for (place, statement) in statements.iter().enumerate() {
            script.add(place, statement, recorded);
        }
        script
    }

    /// Runs the statements that opened this ticket. Those behind the one that gave it its id take the id from there.
    pub(crate) fn of_opening(statements: &[Statement], opened: i64) -> Self {
        let mut script = Self { text: String::new(), variables: Vec::new() };
        let first_use = statements.iter().position(|statement| statement.names(opened));
        let gives = first_use.and_then(|first| {
            statements[..first].iter().rposition(|statement| statement.sql.contains("RETURNING"))
        });
        assert!(first_use.is_none() || gives.is_some(), "where the ticket's id comes from: {statements:#?}");
        for (place, statement) in statements.iter().enumerate() {
            script.add(place, statement, opened);
            if gives == Some(place) {
                // The column is called `id`, and so is the variable.
                let end = script.text.trim_end().trim_end_matches(';').len();
                script.text.truncate(end);
                script.text.push_str(" \\gset\n");
            }
        }
        script
    }

    fn add(&mut self, place: usize, statement: &Statement, id: i64) {
        let mut sql = statement.sql.clone();
        // Those of two digits first.
        for (number, value) in statement.parameters.iter().enumerate().rev() {
            let sign = format!("${}", number + 1);
            let stands = match value {
                None => "NULL".to_owned(),
                Some(value) if *value == id.to_string() => ":id".to_owned(),
                Some(value) if *value == format!("{{{id}}}") => "ARRAY[:id]::bigint[]".to_owned(),
                Some(value) => {
                    let name = format!("p{place}_{number}");
                    self.variables.push((name.clone(), value.clone()));
                    format!(":{name}")
                }
            };
            sql = sql.replace(&sign, &stands);
        }
        self.text.push_str(&sql);
        self.text.push_str(";\n");
    }
}

impl Statement {
    fn names(&self, id: i64) -> bool {
        let (one, array) = (id.to_string(), format!("{{{id}}}"));
        self.parameters.iter().flatten().any(|value| *value == one || *value == array)
    }
}

/// An expression that gives the nth of the ids. pgbench has no lists: so it halves them until one is left.
fn choice(ids: &[i64], first: usize) -> String {
    if let [id] = ids {
        return id.to_string();
    }
    let (left, right) = ids.split_at(ids.len() / 2);
    let middle = first + left.len();
    format!("case when :n < {middle} then {} else {} end", choice(left, first), choice(right, middle))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
2026-01-31 09:15:00.000 UTC [17] LOG:  statement: SET plan_cache_mode = force_generic_plan; SET statement_timeout = '3s'
2026-01-31 09:15:00.000 UTC [17] LOG:  execute __diesel_stmt_0: SELECT a FROM t WHERE id = $1 AND b = $2 AND c = $10 LIMIT $3
2026-01-31 09:15:00.000 UTC [17] DETAIL:  parameters: $1 = '5', $2 = NULL, $3 = 'it''s, $4 = ''x'''
2026-01-31 09:15:00.000 UTC [17] LOG:  duration: 1 ms
";

    fn of(sql: &str, parameters: &[Option<&str>]) -> Statement {
        let parameters = parameters.iter().map(|value| value.map(str::to_owned)).collect();
        Statement { sql: sql.to_owned(), parameters }
    }

    #[test]
    fn the_log_tells_statements_and_parameters() {
        let found = statements(LOG);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].parameters, [Some("5".into()), None, Some("it's, $4 = 'x'".into())]);
        assert!(found[1].sql.starts_with("SELECT a "));
        assert_eq!(settings(&found), "-c plan_cache_mode=force_generic_plan -c statement_timeout=3s");
    }

    #[test]
    fn reading_asks_for_any_of_the_tickets() {
        let read = [
            of("SELECT a FROM t WHERE id = $1 AND b = $2", &[Some("5"), Some("3")]),
            of("SELECT c FROM d WHERE t = ANY($1)", &[Some("{5}")]),
        ];
        let script = Script::of_reading(&read, 5, &[5, 6, 7]);
        assert_eq!(
            script.text,
            "\\set n random(0, 2)\n\
             \\set id case when :n < 1 then 5 else case when :n < 2 then 6 else 7 end end\n\
             SELECT a FROM t WHERE id = :id AND b = :p0_1;\n\
             SELECT c FROM d WHERE t = ANY(ARRAY[:id]::bigint[]);\n"
        );
        assert_eq!(script.variables, [("p0_1".to_owned(), "3".to_owned())]);
        // A list names no ticket.
        let list = [of("SELECT a FROM t LIMIT $1", &[Some("26")])];
        assert_eq!(Script::of_reading(&list, 5, &[5]).text, "SELECT a FROM t LIMIT :p0_0;\n");
    }

    #[test]
    fn opening_takes_the_id_from_where_it_comes() {
        let opened = [
            of("BEGIN", &[]),
            of("INSERT INTO t (a, b) VALUES ($1, $2) RETURNING t.id", &[Some("x"), None]),
            of("INSERT INTO e (t, k) VALUES ($1, $2)", &[Some("9"), Some("created")]),
            of("COMMIT", &[]),
        ];
        let script = Script::of_opening(&opened, 9);
        assert_eq!(
            script.text,
            "BEGIN;\n\
             INSERT INTO t (a, b) VALUES (:p1_0, NULL) RETURNING t.id \\gset\n\
             INSERT INTO e (t, k) VALUES (:id, :p2_1);\n\
             COMMIT;\n"
        );
    }

    #[test]
    fn parameters_of_two_digits_are_not_taken_for_others() {
        let values: Vec<String> = (1..=11).map(|number| format!("v{number}")).collect();
        let parameters: Vec<Option<&str>> = values.iter().map(|value| Some(value.as_str())).collect();
        let script = Script::of_reading(&[of("SELECT $1, $10, $11", &parameters)], 5, &[5]);
        assert_eq!(script.text, "SELECT :p0_0, :p0_9, :p0_10;\n");
    }
}
