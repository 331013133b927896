//! Which paths there are and which methods each has, taken from the OpenAPI document, which is collected from the very
//! handlers that serve: so `Allow`, log lines and metrics cannot differ from what is served.

use actix_web::http::Method;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::PathItem;

/// What is known of a request's path and method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match<'a> {
    /// There is an operation: the pattern of its path.
    Operation(&'a str),
    /// There is the path, but not with this method; these it has.
    OtherMethod { pattern: &'a str, allow: &'a str },
    /// There is no such path.
    Nothing,
}

impl<'a> Match<'a> {
    /// The pattern, for logs and metrics.
    pub(crate) fn pattern(self) -> &'a str {
        match self {
            Self::Operation(pattern) | Self::OtherMethod { pattern, .. } => pattern,
            Self::Nothing => "-",
        }
    }
}

/// Every path of an application.
#[derive(Clone)]
pub(crate) struct RouteTable(Vec<Route>);

#[derive(Clone)]
struct Route {
    pattern: String,
    methods: Vec<Method>,
    allow: String,
}

impl RouteTable {
    pub(crate) fn of(document: &OpenApi) -> Self {
        // In alphabetical order a fixed segment comes before `{…}`, and so the exact pattern before the general one.
        let routes = document.paths.paths.iter().map(|(pattern, item)| {
            let methods = methods_of(item);
            let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
            Route { pattern: pattern.clone(), allow: names.join(", "), methods }
        });
        Self(routes.collect())
    }

    /// Takes a path out, as if nobody served it.
    pub(crate) fn remove(&mut self, pattern: &str) {
        self.0.retain(|route| route.pattern != pattern);
    }

    /// What there is at this path (decoded, as the framework matches it) for this method.
    pub(crate) fn find(&self, path: &str, method: &Method) -> Match<'_> {
        let mut other = Match::Nothing;
        for route in self.0.iter().filter(|route| matches(&route.pattern, path)) {
            if route.methods.contains(method) {
                return Match::Operation(&route.pattern);
            }
            if other == Match::Nothing {
                other = Match::OtherMethod { pattern: &route.pattern, allow: &route.allow };
            }
        }
        other
    }
}

/// The methods that a path item documents. Where there is GET there is HEAD.
fn methods_of(item: &PathItem) -> Vec<Method> {
    let documented = [
        (&item.get, Method::GET),
        (&item.get, Method::HEAD),
        (&item.post, Method::POST),
        (&item.put, Method::PUT),
        (&item.patch, Method::PATCH),
        (&item.delete, Method::DELETE),
    ];
    documented.into_iter().filter(|(operation, _)| operation.is_some()).map(|(_, method)| method).collect()
}

fn matches(pattern: &str, path: &str) -> bool {
    let (mut expected, mut found) = (pattern.split('/'), path.split('/'));
    loop {
        match (expected.next(), found.next()) {
            (None, None) => return true,
            (Some(segment), Some(text)) if segment == text => {}
            (Some(segment), Some(text)) if segment.starts_with('{') && !text.is_empty() => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_segment_by_segment() {
        let table = RouteTable::of(&crate::openapi::api());
        let find = |path: &str, method: Method| table.find(path, &method);
        assert_eq!(find("/agent/tickets", Method::GET), Match::Operation("/agent/tickets"));
        assert_eq!(find("/agent/tickets", Method::HEAD), Match::Operation("/agent/tickets"));
        assert_eq!(find("/agent/tickets/x", Method::PUT), Match::Operation("/agent/tickets/{id}"));
        let other = Match::OtherMethod { pattern: "/customer/tickets", allow: "GET, HEAD, POST" };
        assert_eq!(find("/customer/tickets", Method::DELETE), other);
        for path in [
            "",
            "/",
            "/agent",
            "/agent/",
            "/agent/tickets/",
            "/agent/tickets/1/",
            "//agent/tickets",
            "/Agent/tickets",
        ] {
            assert_eq!(find(path, Method::GET), Match::Nothing, "{path:?}");
        }
    }
}
