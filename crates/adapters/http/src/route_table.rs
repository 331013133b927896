//! Which paths there are and which methods each has, taken from the OpenAPI document, which is collected from the very
//! handlers that serve: so `Allow`, log lines and metrics cannot differ from what is served.

use actix_web::http::Method;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::{OpenApi, RefOr};

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
    media: Vec<String>,
}

impl RouteTable {
    pub(crate) fn of(document: &OpenApi) -> Self {
        // In alphabetical order a fixed segment comes before `{…}`, and so the exact pattern before the general one.
        let routes = document.paths.paths.iter().map(|(pattern, item)| {
            let methods = methods_of(item);
            let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
            let media = media_of(item);
            Route { pattern: pattern.clone(), allow: names.join(", "), methods, media }
        });
        Self(routes.collect())
    }

    /// Takes a path out, as if nobody served it.
    pub(crate) fn remove(&mut self, pattern: &str) {
        self.0.retain(|route| route.pattern != pattern);
    }

    /// The media types of what is answered at paths of this pattern, errors aside.
    pub(crate) fn media(&self, pattern: &str) -> &[String] {
        self.0.iter().find(|route| route.pattern == pattern).map_or(&[], |route| &route.media)
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

/// The media types that a path item documents for what went well. What has no body counts as JSON, which all clients of an
/// API of JSON take.
fn media_of(item: &PathItem) -> Vec<String> {
    let operations = [&item.get, &item.post, &item.put, &item.patch, &item.delete].into_iter().flatten();
    let responses = operations.flat_map(|operation| &operation.responses.responses);
    let good =
        responses.filter(|(status, _)| status.starts_with('2')).filter_map(|(_, response)| match response {
            RefOr::T(response) => Some(response),
            RefOr::Ref(_) => None,
        });
    let mut media: Vec<String> = good.flat_map(|response| response.content.keys().cloned()).collect();
    if media.is_empty() {
        media.push("application/json".to_owned());
    }
    media.sort_unstable();
    media.dedup();
    media
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
    fn media_types_are_those_of_the_document() {
        let table = RouteTable::of(&crate::openapi());
        assert_eq!(table.media("/agent/tickets"), ["application/json"]);
        assert_eq!(table.media("/logout"), ["application/json"]);
        assert_eq!(table.media("/admin/export/tickets"), ["application/x-ndjson", "text/csv"]);
    }

    #[test]
    fn paths_are_matched_segment_by_segment() {
        let table = RouteTable::of(&crate::openapi());
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
