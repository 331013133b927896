//! As much of curl as the lines in the README and in the demo use, for machines without it, so that the test of those lines
//! runs everywhere. Where there is a curl, the test takes that one.

use std::io::Write as _;

use ureq::http::Request;

#[derive(Default)]
struct Options {
    method: Option<String>,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
    discard: bool,
    write_out: Option<String>,
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Options {
    let mut options = Options::default();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().expect("a value");
        match argument.as_str() {
            "-s" => {}
            "-X" => options.method = Some(value()),
            "-H" => {
                let header = value();
                let (name, value) = header.split_once(':').expect("a header");
                options.headers.push((name.to_owned(), value.trim().to_owned()));
            }
            "-d" => options.body = Some(value()),
            "-o" => options.discard = value() == "/dev/null",
            "-w" => options.write_out = Some(value()),
            option if option.starts_with('-') => panic!("the stand-in for curl does not know {option}"),
            url => url.clone_into(&mut options.url),
        }
    }
    options
}

fn main() {
    let options = parse(std::env::args().skip(1));
    let default = if options.body.is_some() { "POST" } else { "GET" };
    let mut request =
        Request::builder().method(options.method.as_deref().unwrap_or(default)).uri(&options.url);
    for (name, value) in &options.headers {
        request = request.header(name, value);
    }
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let response = match options.body {
        Some(body) => agent.run(request.body(body).expect("a request")),
        None => agent.run(request.body(()).expect("a request")),
    };
    let mut response = response.expect("an answer");
    let body = response.body_mut().read_to_vec().expect("a body");
    let mut out = std::io::stdout();
    if !options.discard {
        out.write_all(&body).expect("standard output");
    }
    if let Some(format) = options.write_out {
        let text = format.replace("%{http_code}", response.status().as_str()).replace("\\n", "\n");
        out.write_all(text.as_bytes()).expect("standard output");
    }
}
