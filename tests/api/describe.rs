//! The description of the interface for programs says what is there: no route is missing, none is too many, and each
//! answers as it says.

use std::collections::BTreeSet;

use crate::house::Village;
use crate::site::Site;
use hearthpost::web::{Who, all_routes};
use serde_json::Value;

fn described() -> Value {
    let village = Village::new("b");
    let house = village.house("b", &["bob"]);
    let mut anybody = Site::of(&house).browser();
    anybody.get("/api/v1/openapi.json").done(200)
}

#[test]
fn every_route_for_programs_is_described_and_nothing_else() {
    let described = described();
    assert!(
        described["openapi"]
            .as_str()
            .expect("a version")
            .starts_with("3.1.")
    );
    let mut told = BTreeSet::new();
    for (path, operations) in described["paths"].as_object().expect("paths") {
        for method in operations.as_object().expect("operations").keys() {
            told.insert((path.clone(), method.to_uppercase()));
        }
    }
    let routes = all_routes();
    let routes = routes
        .iter()
        .filter(|route| route.path.starts_with("/api/"));
    let there: BTreeSet<_> = routes
        .clone()
        .map(|route| {
            (
                route.path.to_owned(),
                route.method.expect("a method").to_owned(),
            )
        })
        .collect();
    assert_eq!(told, there);
    assert_eq!(routes.count(), there.len(), "each once");
}

#[test]
fn each_says_who_may_call_it_what_it_is_for_and_what_a_fault_looks_like() {
    let described = described();
    let mut names = BTreeSet::new();
    for route in all_routes() {
        let Some(method) = route.method else {
            continue;
        };
        let operation = &described["paths"][route.path][method.to_lowercase()];
        let place = format!("{method} {}", route.path);
        let scope = match route.who {
            Who::Program(scope) => Some(scope.as_str()),
            Who::Listener => Some("read"),
            _ => None,
        };
        assert_eq!(operation["x-scope"].as_str(), scope, "{place}");
        assert_eq!(operation["security"].is_array(), scope.is_some(), "{place}");
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(summary.ends_with('.'), "{place}: {summary:?}");
        assert!(operation["responses"]["default"].is_object(), "{place}");
        let name = operation["operationId"].as_str().expect("a name");
        assert!(names.insert(name.to_owned()), "{name} is another's too");
        for piece in route.path.split('/').filter(|piece| piece.starts_with('{')) {
            let parameters = operation["parameters"].as_array().expect("parameters");
            let name = piece.trim_matches(['{', '}']);
            assert!(
                parameters
                    .iter()
                    .any(|one| one["name"] == name && one["in"] == "path"),
                "{place}"
            );
        }
    }
}

#[test]
fn every_shape_that_is_named_is_there() {
    let described = described();
    let mut wanted = Vec::new();
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                for (name, value) in object {
                    match (name.as_str(), value.as_str()) {
                        ("$ref", Some(reference)) => found.push(reference.to_owned()),
                        _ => references(value, found),
                    }
                }
            }
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    references(&described, &mut wanted);
    assert!(wanted.len() > 30, "{}", wanted.len());
    for reference in wanted {
        let pointer = reference.strip_prefix('#').expect("within the description");
        assert!(described.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn each_answer_is_told_in_words_and_bytes_are_told_as_bytes() {
    let described = described();
    for (path, operations) in described["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            let place = format!("{method} {path}");
            for (status, answer) in operation["responses"].as_object().expect("answers") {
                let words = answer["description"].as_str().unwrap_or_default();
                assert!(!words.is_empty(), "{place}: {status}");
                assert_ne!(
                    answer.get("content"),
                    Some(&Value::Null),
                    "{place}: {status}"
                );
            }
            assert_ne!(operation.get("requestBody"), Some(&Value::Null), "{place}");
            let told = operation["requestBody"].is_object();
            assert_eq!(
                told,
                operation["requestBody"]["content"].is_object(),
                "{place}"
            );
            let contents = [
                &operation["responses"]["200"]["content"],
                &operation["requestBody"]["content"],
            ];
            for (media_type, content) in contents.into_iter().filter_map(Value::as_object).flatten()
            {
                let is_bytes = content["schema"]["format"] == "binary";
                let data = [
                    "application/json",
                    "text/event-stream",
                    "multipart/form-data",
                ];
                assert_eq!(
                    is_bytes,
                    !data.contains(&&**media_type),
                    "{place}: {media_type}"
                );
            }
        }
    }
}
