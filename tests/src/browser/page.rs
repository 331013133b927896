//! An open page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::wire::Wire;
use crate::server::wait_until;

/// A page in a browser.
pub struct Page<'a> {
    wire: &'a mut Wire,
    complaints: Vec<String>,
    requests: Vec<String>,
}

impl<'a> Page<'a> {
    pub(super) fn open(wire: &'a mut Wire, url: &str, width: u32, height: u32) -> Self {
        let target = wire.ask("Target.createTarget", &json!({"url": "about:blank"}))["targetId"].take();
        let attached = wire.ask("Target.attachToTarget", &json!({"targetId": target, "flatten": true}));
        wire.attach(attached["sessionId"].as_str().expect("a session"));
        for domain in ["Page", "Runtime", "Log", "Network"] {
            wire.ask(&format!("{domain}.enable"), &json!({}));
        }
        let mut page = Self { wire, complaints: Vec::new(), requests: Vec::new() };
        page.resize(width, height);
        page.wire.ask("Page.navigate", &json!({"url": url}));
        page
    }

    /// Gives the window another size.
    pub fn resize(&mut self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.wire.ask("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Shows the page as to somebody who likes it `dark` or `light`.
    pub fn prefer(&mut self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.wire.ask("Emulation.setEmulatedMedia", &features);
    }

    /// The value of an expression in the page, waited for if it is a promise.
    #[track_caller]
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let order = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.wire.ask("Runtime.evaluate", &order);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].take()
    }

    /// Polls until an expression is true.
    #[track_caller]
    pub fn wait_for(&mut self, expression: &str) {
        wait_until(expression, || self.evaluate(expression) == true);
    }

    /// Clicks on the element of this selector, once it is there.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        self.wait_for(&format!("document.querySelector({}) !== null", json!(selector)));
        self.evaluate(&format!("document.querySelector({}).click()", json!(selector)));
    }

    /// Types a text into the field of this selector, over what is in there.
    #[track_caller]
    pub fn fill(&mut self, selector: &str, text: &str) {
        self.wait_for(&format!("document.querySelector({}) !== null", json!(selector)));
        let field = json!(selector);
        self.evaluate(&format!(
            "(() => {{ const field = document.querySelector({field}); field.focus(); field.select(); }})()"
        ));
        self.wire.ask("Input.insertText", &json!({"text": text}));
    }

    /// What the window shows, as a picture (PNG).
    pub fn picture(&mut self) -> Vec<u8> {
        let answer = self.wire.ask("Page.captureScreenshot", &json!({}));
        STANDARD.decode(answer["data"].as_str().expect("a picture")).expect("Base64")
    }

    /// What the browser has complained of so far: errors and warnings of the console, exceptions, loads that failed, and breaches
    /// of the page's policy.
    pub fn complaints(&mut self) -> &[String] {
        self.look();
        &self.complaints
    }

    /// What the page has asked for so far.
    pub fn requests(&mut self) -> &[String] {
        self.look();
        &self.requests
    }

    fn look(&mut self) {
        for event in self.wire.events() {
            let parameters = &event["params"];
            match event["method"].as_str() {
                Some("Network.requestWillBeSent") => {
                    self.requests.push(parameters["request"]["url"].as_str().expect("a URL").to_owned());
                }
                Some("Runtime.consoleAPICalled")
                    if matches!(parameters["type"].as_str(), Some("error" | "warning" | "assert")) =>
                {
                    self.complaints.push(parameters["args"].to_string());
                }
                Some("Runtime.exceptionThrown") => {
                    self.complaints.push(parameters["exceptionDetails"].to_string());
                }
                Some("Log.entryAdded") if parameters["entry"]["level"] != "verbose" => {
                    self.complaints.push(parameters["entry"].to_string());
                }
                _ => {}
            }
        }
    }
}
