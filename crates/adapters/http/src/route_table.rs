//! Which paths there are and which methods each has, taken from the OpenAPI document, which is collected from the very
//! handlers that serve: so `Allow`, log lines and metrics cannot differ from what is served. Beside the document there are only
//! files.

use actix_web::http::Method;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::PathItem;

/// What a path answers with, errors aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    /// This alone: who does not take it is told so.
    Only(&'static str),
    /// Whatever fits the resource.
    Any,
}

impl Media {
    pub(crate) const JSON: Self = Self::Only("application/json");
}

/// What is known of a request's path and method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match<'a> {
    /// There is an operation: the pattern of its path, and what it answers with.
    Operation { pattern: &'a str, media: Media },
    /// There is the path, but not with this method; these it has.
    OtherMethod { pattern: &'a str, allow: &'a str },
    /// There is no such path, but the server as a whole is asked for what it can do.
    Server,
    /// There is no such path.
    Nothing,
}

impl<'a> Match<'a> {
    /// The pattern, for logs and metrics.
    pub(crate) fn pattern(self) -> &'a str {
        match self {
            Self::Operation { pattern, .. } | Self::OtherMethod { pattern, .. } => pattern,
            Self::Server | Self::Nothing => "-",
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
    media: Media,
}

impl Route {
    fn new(pattern: &str, methods: Vec<Method>, media: Media) -> Self {
        let names = methods.iter().chain([&Method::OPTIONS]).map(Method::as_str);
        let names: Vec<&str> = names.collect();
        Self { pattern: pattern.to_owned(), allow: names.join(", "), methods, media }
    }
}

impl RouteTable {
    /// The paths of the document, all of which answer with this.
    pub(crate) fn of(document: &OpenApi, media: Media) -> Self {
        // In alphabetical order a fixed segment comes before `{…}`, and so the exact pattern before the general one.
        let routes = document.paths.paths.iter();
        Self(routes.map(|(pattern, item)| Route::new(pattern, methods_of(item), media)).collect())
    }

    /// Puts a file in, which is there to be read.
    pub(crate) fn add_file(&mut self, path: &str, media_type: &'static str) {
        self.0.push(Route::new(path, vec![Method::GET, Method::HEAD], Media::Only(media_type)));
    }

    /// Takes a path out, as if nobody served it.
    pub(crate) fn remove(&mut self, pattern: &str) {
        self.0.retain(|route| route.pattern != pattern);
    }

    /// What there is at this path (decoded, as the framework matches it) for this method.
    pub(crate) fn find(&self, path: &str, method: &Method) -> Match<'_> {
        let mut other = if path == "*" && method == Method::OPTIONS { Match::Server } else { Match::Nothing };
        for route in self.0.iter().filter(|route| matches(&route.pattern, path)) {
            if route.methods.contains(method) {
                return Match::Operation { pattern: &route.pattern, media: route.media };
            }
            if !matches!(other, Match::OtherMethod { .. }) {
                other = Match::OtherMethod { pattern: &route.pattern, allow: &route.allow };
            }
        }
        other
    }
}

/// The methods that a path item documents. Where there is GET there is HEAD. (OPTIONS is everywhere, and answered from this table.)
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
        let table = RouteTable::of(&crate::openapi::api(), Media::JSON);
        let find = |path: &str, method: Method| table.find(path, &method);
        let operation = |pattern| Match::Operation { pattern, media: Media::JSON };
        assert_eq!(find("/agent/tickets", Method::GET), operation("/agent/tickets"));
        assert_eq!(find("/agent/tickets", Method::HEAD), operation("/agent/tickets"));
        assert_eq!(find("/agent/tickets/x", Method::PUT), operation("/agent/tickets/{id}"));
        let other = Match::OtherMethod { pattern: "/customer/tickets", allow: "GET, HEAD, POST, OPTIONS" };
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

    #[test]
    fn a_file_is_there_to_be_read() {
        let mut table = RouteTable::of(&crate::openapi::api(), Media::JSON);
        table.add_file("/a.css", "text/css");
        let file = Match::Operation { pattern: "/a.css", media: Media::Only("text/css") };
        assert_eq!(table.find("/a.css", &Method::HEAD), file);
        let other = Match::OtherMethod { pattern: "/a.css", allow: "GET, HEAD, OPTIONS" };
        assert_eq!(table.find("/a.css", &Method::POST), other);
    }
}
