//! How the changes of an entry of the audit trail are stored: a JSON array of `{"field", "from", "to"}`, where a text, a flag
//! and an id are what JSON has for them, and no value is `null`.

use std::borrow::Cow;

use helpdesk_domain::{AuditChange, AuditValue};
use serde_json::{Map, Value, json};

/// The stored form.
pub(crate) fn encode(changes: &[AuditChange]) -> Value {
    let encode_one = |change: &AuditChange| {
        let (from, to) = (value(change.from.as_ref()), value(change.to.as_ref()));
        json!({ "field": change.field, "from": from, "to": to })
    };
    changes.iter().map(encode_one).collect()
}

fn value(value: Option<&AuditValue>) -> Value {
    match value {
        None => Value::Null,
        Some(AuditValue::Text(text)) => text.as_str().into(),
        Some(AuditValue::Flag(flag)) => (*flag).into(),
        Some(AuditValue::Id(id)) => (*id).into(),
    }
}

/// What was stored; `None` if it never was.
pub(crate) fn decode(stored: Value) -> Option<Vec<AuditChange>> {
    let Value::Array(changes) = stored else { return None };
    changes.into_iter().map(decode_one).collect()
}

fn decode_one(stored: Value) -> Option<AuditChange> {
    let Value::Object(mut object) = stored else { return None };
    let Value::String(field) = object.remove("field")? else { return None };
    let from = decode_value(&mut object, "from")?;
    let to = decode_value(&mut object, "to")?;
    Some(AuditChange { field: Cow::Owned(field), from, to })
}

/// The outer `None` is no value that was ever stored.
#[expect(clippy::option_option, reason = "no value is a value here")]
fn decode_value(object: &mut Map<String, Value>, key: &str) -> Option<Option<AuditValue>> {
    match object.remove(key)? {
        Value::Null => Some(None),
        Value::String(text) => Some(Some(AuditValue::Text(text))),
        Value::Bool(flag) => Some(Some(AuditValue::Flag(flag))),
        Value::Number(number) => number.as_i64().map(|id| Some(AuditValue::Id(id))),
        Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(field: &'static str, from: Option<AuditValue>, to: Option<AuditValue>) -> AuditChange {
        AuditChange { field: Cow::Borrowed(field), from, to }
    }

    #[test]
    fn what_is_stored_comes_back() {
        let changes = [
            change("name", Some("Ada".into()), Some("Grace".into())),
            change("is_active", Some(true.into()), Some(false.into())),
            change("member_id", None, Some(AuditValue::Id(7))),
        ];
        let stored = encode(&changes);
        assert_eq!(
            stored,
            json!([
                { "field": "name", "from": "Ada", "to": "Grace" },
                { "field": "is_active", "from": true, "to": false },
                { "field": "member_id", "from": null, "to": 7 },
            ])
        );
        assert_eq!(decode(stored), Some(changes.to_vec()));
    }

    #[test]
    fn what_was_never_stored_is_not_read() {
        for damaged in [
            json!({}),
            json!([1]),
            json!([{ "field": "name", "from": null }]),
            json!([{ "field": 1, "from": null, "to": null }]),
            json!([{ "field": "name", "from": null, "to": [] }]),
            json!([{ "field": "name", "from": null, "to": 1.5 }]),
        ] {
            assert_eq!(decode(damaged.clone()), None, "{damaged}");
        }
    }
}
