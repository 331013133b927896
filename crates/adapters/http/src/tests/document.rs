//! The OpenAPI document, against itself and against the copy in `docs/`.

use std::collections::BTreeSet;
use std::path::Path;

use actix_web::test::TestRequest;
use serde_json::Value;

use super::support::Desk;
use crate::contract::Contract;
use crate::openapi;
use crate::problem::ErrorCode;

/// Does something with every value of the document and its place.
fn walk(value: &Value, place: &str, act: &mut impl FnMut(&Value, &str)) {
    act(value, place);
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| walk(value, &format!("{place}/{}", escaped(key)), act));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| walk(value, &format!("{place}/{index}"), act));
        }
        _ => {}
    }
}

/// After a change of the contract, `UPDATE_SNAPSHOTS=1` writes it anew, and the difference is to be read.
#[test]
fn the_copy_in_the_docs_is_the_document() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/openapi.json");
    let document = format!("{:#}\n", openapi().unwrap());
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&file, &document).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        document == kept,
        "docs/openapi.json differs: write it anew with UPDATE_SNAPSHOTS=1, and read what changed"
    );
}

#[actix_web::test]
async fn the_document_is_served_as_it_is_generated() {
    let api = Desk::new().api().await;
    let answer = api.send(TestRequest::with_uri("/openapi.json")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json(), openapi().unwrap());
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_used() {
    let document = openapi().unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    let mut used = BTreeSet::new();
    walk(&document, "", &mut |value, place| {
        if let Some(Value::String(reference)) = value.get("$ref") {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{place}: {reference}");
            used.insert(pointer.to_owned());
        }
    });
    for kind in ["schemas", "responses", "headers"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            assert!(used.contains(&format!("/components/{kind}/{name}")), "nothing refers to {kind}/{name}");
        }
    }
    // 405 is no operation's answer.
    for code in ErrorCode::ALL.iter().filter(|code| **code != ErrorCode::MethodNotAllowed) {
        assert!(
            used.contains(&format!("/components/examples/{}", code.as_str())),
            "{code:?} is documented nowhere"
        );
    }
}

#[test]
fn every_object_says_what_its_members_are_and_that_there_are_no_others() {
    walk(&openapi().unwrap(), "", &mut |value, place| {
        if value["type"] == "object" {
            let is_open = place.ends_with("/schemas/Document");
            assert_eq!(value["additionalProperties"], is_open, "{place}");
            for (name, member) in value["properties"].as_object().unwrap() {
                let described = member.get("$ref").or(member.get("type")).or(member.get("oneOf"));
                assert!(described.is_some(), "{place}: {name} may be anything");
            }
        }
    });
}

#[test]
fn every_body_of_json_has_an_example_that_is_as_its_schema_says() {
    let contract = Contract::of_the_api();
    let document = contract.document();
    let mut count = 0;
    walk(document, "", &mut |value, place| {
        let Some(schema) = value.get("schema").filter(|_| place.ends_with("json")) else { return };
        let examples: Vec<&Value> = match value.get("examples") {
            Some(examples) => {
                examples
                    .as_object()
                    .unwrap()
                    .values()
                    .map(|example| {
                        &document
                            .pointer(example["$ref"].as_str().unwrap().strip_prefix('#').unwrap())
                            .unwrap()["value"]
                    })
                    .collect()
            }
            None => vec![value.get("example").unwrap_or_else(|| panic!("{place}: no example for {schema}"))],
        };
        for example in examples {
            contract
                .check_value(&format!("{place}/schema"), example)
                .unwrap_or_else(|fault| panic!("{place}: {fault}"));
            count += 1;
        }
    });
    assert!(count > 80, "{count} examples");
}

#[test]
fn every_parameter_says_what_it_takes() {
    walk(&openapi().unwrap(), "", &mut |value, place| {
        for parameter in value.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            let name = &parameter["name"];
            assert!(
                parameter["description"].as_str().is_some_and(|text| !text.is_empty()),
                "{place}: {name}"
            );
            let schema = &parameter["schema"];
            let bounds = ["$ref", "enum", "pattern", "format", "maximum", "maxLength", "items"];
            // What cannot be read there is passed over.
            let takes_anything = name == "If-None-Match";
            let is_bounded = takes_anything
                || bounds.iter().any(|bound| schema.get(bound).is_some())
                || schema["type"] == "boolean";
            assert!(is_bounded, "{place}: {name} takes anything: {schema}");
        }
    });
}

#[test]
fn every_header_is_known_and_says_whether_it_is_always_there() {
    walk(&openapi().unwrap(), "", &mut |value, place| {
        for (name, header) in value.get("headers").and_then(Value::as_object).into_iter().flatten() {
            if header.get("$ref").is_none() {
                let bounds = ["pattern", "enum", "minimum"];
                let schema = &header["schema"];
                assert!(
                    bounds.iter().any(|bound| schema.get(bound).is_some()),
                    "{place}: {name} may be anything"
                );
                assert!(header["required"].is_boolean(), "{place}: {name}");
                assert!(header["description"].is_string(), "{place}: {name}");
            }
        }
    });
}

#[test]
fn every_link_leads_to_an_operation_and_fills_a_parameter_of_its() {
    let document = openapi().unwrap();
    let mut operations = std::collections::BTreeMap::new();
    for (_, item) in document["paths"].as_object().unwrap() {
        for (_, operation) in item.as_object().unwrap() {
            operations.insert(operation["operationId"].as_str().unwrap(), operation);
        }
    }
    let mut count = 0;
    walk(&document, "", &mut |value, place| {
        for (name, link) in value.get("links").and_then(Value::as_object).into_iter().flatten() {
            let operation = operations[link["operationId"].as_str().unwrap()];
            for parameter in link["parameters"].as_object().into_iter().flat_map(|members| members.keys()) {
                let mut known = operation["parameters"].as_array().unwrap().iter();
                assert!(known.any(|known| known["name"] == *parameter), "{place}: {name}");
            }
            for member in link["requestBody"].as_object().into_iter().flat_map(|members| members.keys()) {
                let schema =
                    operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str();
                let schema = document.pointer(schema.unwrap().strip_prefix('#').unwrap()).unwrap();
                assert!(schema["properties"].get(member).is_some(), "{place}: {name}");
            }
            assert!(
                link.get("parameters").or(link.get("requestBody")).is_some(),
                "{place}: {name} fills nothing"
            );
            count += 1;
        }
    });
    assert!(count > 50, "{count} links");
}
