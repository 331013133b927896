//! Which passwords are refused, at every way in.

use helpdesk_tests::{Answer, Client, PASSWORD, World, on_both_stores, sign_in};
use serde_json::{Value, json};

const EMAIL: &str = "ada.lovelace@example.com";

/// What will not do, and why.
fn bad_passwords() -> Vec<(String, &'static str)> {
    let of = |text: &str, code| (text.to_owned(), code);
    vec![
        of("password1234", "too_common"),
        of("qwertyuiop123", "too_common"),
        of("123456789012", "too_common"),
        of("aaaaaaaaaaaaaaaa", "too_common"),
        of("iloveyou1234", "too_common"),
        of("PASSWORD1234", "too_common"),
        of("ada.lovelace99", "too_guessable"),
        of("ADA.LOVELACE@example.com", "too_guessable"),
        of("helpdesk2024", "too_guessable"),
        of("HelpDesk!!!!", "too_guessable"),
        of("", "too_short"),
        of("elevenchars", "too_short"),
        of(&"v9#Kq".repeat(26), "too_long"),
        of("correct\0horse\0battery", "invalid_character"),
    ]
}

/// What will do: no rule says what a password is made of.
fn good_passwords() -> Vec<String> {
    vec![
        "xkq zvw bnm!".to_owned(),
        PASSWORD.to_owned(),
        "\u{5bc6}\u{7801}\u{6b63}\u{786e}\u{7684}\u{9a6c}\u{7535}\u{6c60}\u{8ba2}\u{4e66}\u{9489}\u{5e73}"
            .to_owned(),
        "kumquat marmalade zeppelin ".repeat(4)[..100].to_owned(),
    ]
}

/// An account whose address has nothing to do with any of the passwords.
fn body(password: &str, number: usize) -> Value {
    json!({"email": format!("p{number}@example.com"), "name": "P", "role": "customer", "password": password})
}

fn assert_refused(answer: &Answer, field: &str, code: &str, password: &str) {
    assert_eq!(answer.fault(), (field.to_owned(), code.to_owned()), "{password:?}");
    assert!(password.len() < 4 || !answer.text().contains(password), "{}", answer.text());
}

on_both_stores! {
    fn an_admin_cannot_give_a_bad_password(store) {
        let world = World::new(store);
        for (password, code) in bad_passwords() {
            let user = json!({"email": EMAIL, "name": "Ada", "role": "customer", "password": password});
            assert_refused(&world.admin.post("/admin/users", &user), "password", code, &password);
        }
        assert_eq!(world.database.count("users"), 1);
        for (number, password) in good_passwords().iter().enumerate() {
            world.admin.post("/admin/users", &body(password, number)).expect(201);
            sign_in(&world.server.client(), &format!("p{number}@example.com"), password).expect(200);
        }
    }

    fn who_is_invited_cannot_choose_a_bad_password_and_may_try_another(store) {
        let world = World::new(store);
        let user = json!({"email": EMAIL, "name": "Ada", "role": "customer"});
        let made = world.admin.post("/admin/users", &user).expect(201);
        let token = made["invitation"]["token"].as_str().unwrap();
        let client = world.server.client();
        let accept = |password: &str| client.post("/invitations/accept", &json!({"token": token, "password": password}));
        for (password, code) in bad_passwords() {
            assert_refused(&accept(&password), "password", code, &password);
        }
        accept(PASSWORD).expect(200);
        sign_in(&client, EMAIL, PASSWORD).expect(200);
    }

    fn nobody_changes_to_a_bad_password(store) {
        let world = World::new(store);
        let user = json!({"email": EMAIL, "name": "Ada", "role": "customer", "password": PASSWORD});
        world.admin.post("/admin/users", &user).expect(201);
        let client: Client = helpdesk_tests::Session::open(&world.server.client(), EMAIL, PASSWORD).client;
        for (password, code) in bad_passwords() {
            let change = json!({"current_password": PASSWORD, "new_password": password});
            assert_refused(&client.put("/me/password", &change), "new_password", code, &password);
        }
        sign_in(&client, EMAIL, PASSWORD).expect(200);
    }

    fn nobody_registers_with_a_bad_password(store) {
        let world = World::with(store, &[("HELPDESK_REGISTRATION", "on"), ("HELPDESK_REGISTRATION_LIMIT", "off")]);
        for (password, code) in bad_passwords() {
            let answer = world.server.client().post("/register", &json!({"email": EMAIL, "name": "Ada", "password": password}));
            assert_refused(&answer, "password", code, &password);
        }
        assert_eq!(world.database.count("users"), 1);
    }

    fn the_command_line_takes_no_bad_password_either(store) {
        let world = World::new(store);
        let create = ["create", "--email", EMAIL, "--name", "Ada", "--role", "admin", "--password-stdin"];
        let set = ["set-password", "--email", EMAIL, "--password-stdin"];
        for arguments in [&create[..], &set[..]] {
            for (password, code) in bad_passwords() {
                let output = world.user_command(arguments, &format!("{password}\n"));
                let stderr = String::from_utf8(output.stderr).unwrap();
                assert_eq!(output.status.code(), Some(1), "{code}: {stderr}");
                assert!(stderr.starts_with("helpdesk: the password must"), "{code}: {stderr}");
                assert!(password.is_empty() || !stderr.contains(&password), "{stderr}");
                assert_eq!(output.stdout, b"");
            }
            // With a good one it is made, after which it is given another.
            assert!(world.user_command(arguments, PASSWORD).status.success());
        }
        assert_eq!(world.database.count("users"), 2);
        sign_in(&world.server.client(), EMAIL, PASSWORD).expect(200);
    }
}
