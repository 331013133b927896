//! Which paths there are and which methods each has, taken from the OpenAPI document, which is collected from the very
//! handlers that serve: so `Allow`, log lines and metrics cannot differ from what is served. Beside the document there are only
//! files.

use actix_web::http::Method;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::{OpenApi, RefOr};

/// What a path answers with, errors aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    /// One of these: who takes none of them is told so.
    OneOf(Vec<String>),
    /// Whatever fits the resource.
    Any,
}

impl Media {
    /// What a path item documents for what goes well. What has no body counts as JSON, which who calls an API of JSON takes.
    fn documented(item: &PathItem) -> Self {
        let operations = [&item.get, &item.post, &item.put, &item.patch, &item.delete].into_iter().flatten();
        let responses = operations.flat_map(|operation| &operation.responses.responses);
        let good = responses.filter(|(status, _)| status.starts_with('2'));
        let content = good.filter_map(|(_, response)| match response {
            RefOr::T(response) => Some(&response.content),
            RefOr::Ref(_) => None,
        });
        let mut types: Vec<String> = content.flat_map(|content| content.keys().cloned()).collect();
        if types.is_empty() {
            types.push("application/json".to_owned());
        }
        types.sort_unstable();
        types.dedup();
        Self::OneOf(types)
    }
}

/// What is known of a request's path and method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match<'a> {
    /// There is an operation: the pattern of its path, and what it answers with.
    Operation { pattern: &'a str, media: &'a Media },
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
    /// The paths of the document, each of which answers with what it documents.
    pub(crate) fn of(document: &OpenApi) -> Self {
        Self::with(document, Media::documented)
    }

    /// The same, whatever they answer with.
    pub(crate) fn of_anything(document: &OpenApi) -> Self {
        Self::with(document, |_| Media::Any)
    }

    fn with(document: &OpenApi, media: impl Fn(&PathItem) -> Media) -> Self {
        // In alphabetical order a fixed segment comes before `{…}`, and so the exact pattern before the general one.
        let routes = document.paths.paths.iter();
        Self(routes.map(|(pattern, item)| Route::new(pattern, methods_of(item), media(item))).collect())
    }

    /// Puts a file in, which is there to be read.
    pub(crate) fn add_file(&mut self, path: &str, media_type: &str) {
        let media = Media::OneOf(vec![media_type.to_owned()]);
        self.0.push(Route::new(path, vec![Method::GET, Method::HEAD], media));
    }

    /// Takes a path out, as if nobody served it.
    pub(crate) fn remove(&mut self, pattern: &str) {
        self.0.retain(|route| route.pattern != pattern);
    }

    /// What there is at this path (decoded, as the framework matches it) for this method.
    pub(crate) fn find(&self, path: &str, method: &Method) -> Match<'_> {
        // The exact pattern alone: what is no method of `…/tickets/bulk` is none of a ticket of that name.
        match self.0.iter().find(|route| matches(&route.pattern, path)) {
            None if path == "*" && method == Method::OPTIONS => Match::Server,
            None => Match::Nothing,
            Some(Route { pattern, methods, media, .. }) if methods.contains(method) => {
                Match::Operation { pattern, media }
            }
            Some(Route { pattern, allow, .. }) => Match::OtherMethod { pattern, allow },
        }
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
        let table = RouteTable::of(&crate::openapi::api());
        let find = |path: &str, method: Method| table.find(path, &method);
        let json = Media::OneOf(vec!["application/json".to_owned()]);
        let operation = |pattern| Match::Operation { pattern, media: &json };
        assert_eq!(find("/agent/tickets", Method::GET), operation("/agent/tickets"));
        assert_eq!(find("/agent/tickets", Method::HEAD), operation("/agent/tickets"));
        assert_eq!(find("/agent/tickets/x", Method::PUT), operation("/agent/tickets/{id}"));
        let other = Match::OtherMethod { pattern: "/customer/tickets", allow: "GET, HEAD, POST, OPTIONS" };
        assert_eq!(find("/customer/tickets", Method::DELETE), other);
        let bulk = "/agent/tickets/bulk";
        assert_eq!(find(bulk, Method::POST), operation(bulk));
        assert_eq!(find(bulk, Method::PUT), Match::OtherMethod { pattern: bulk, allow: "POST, OPTIONS" });
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
    fn media_types_are_those_of_the_document() {
        let table = RouteTable::of(&crate::openapi::api());
        for (path, method, expected) in [
            ("/agent/tickets", Method::GET, &["application/json"][..]),
            ("/logout", Method::POST, &["application/json"]),
            ("/admin/export/tickets", Method::GET, &["application/x-ndjson", "text/csv"]),
        ] {
            let Match::Operation { media: Media::OneOf(types), .. } = table.find(path, &method) else {
                panic!("{path}")
            };
            assert_eq!(types, expected);
        }
        let table = RouteTable::of_anything(&crate::openapi::api());
        let Match::Operation { media, .. } = table.find("/logout", &Method::POST) else {
            panic!("an operation")
        };
        assert_eq!(media, &Media::Any);
    }

    #[test]
    fn a_file_is_there_to_be_read() {
        let mut table = RouteTable::of(&crate::openapi::api());
        table.add_file("/a.css", "text/css");
        let css = Media::OneOf(vec!["text/css".to_owned()]);
        let file = Match::Operation { pattern: "/a.css", media: &css };
        assert_eq!(table.find("/a.css", &Method::HEAD), file);
        let other = Match::OtherMethod { pattern: "/a.css", allow: "GET, HEAD, OPTIONS" };
        assert_eq!(table.find("/a.css", &Method::POST), other);
    }
}
