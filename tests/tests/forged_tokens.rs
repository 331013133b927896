//! Tokens that are not ours, not right, or not right any more (RFC 8725).

use helpdesk_tests::{JWT_SECRET, World, claims_of, expired, header_of, on_both_stores, sign};
use jsonwebtoken::{Algorithm, Header};
use serde_json::{Value, json};

on_both_stores! {
    fn every_forged_token_is_refused(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let good = world.admin.token().unwrap();
        let (header, claims) = (header_of(good), claims_of(good));
        assert_eq!(claims["user_id"], world.admin.id);
        assert_eq!(claims["role"], "admin");
        for claim in ["sub", "sid", "ver", "iss", "aud", "iat", "nbf", "exp", "jti"] {
            assert!(claims.get(claim).is_some(), "{claim} in {claims}");
        }
        assert_eq!((header.alg, header.typ.as_deref()), (Algorithm::HS256, Some("at+jwt")));
        assert!(header.kid.is_some());

        let with = |claim: &str, value: Value| {
            let mut changed = claims.clone();
            changed[claim] = value;
            sign(&header, &changed, JWT_SECRET)
        };
        let without = |claim: &str| {
            let mut changed = claims.clone();
            changed.as_object_mut().unwrap().remove(claim);
            sign(&header, &changed, JWT_SECRET)
        };
        let under = |change: &dyn Fn(&mut Header)| {
            let mut changed = header.clone();
            change(&mut changed);
            sign(&changed, &claims, JWT_SECRET)
        };
        // The forger's own tool works: the same token signed again is good.
        world.server.client().with_token(&sign(&header, &claims, JWT_SECRET)).get("/admin/users").expect(200);

        let mut forged = vec![
            expired(good),
            sign(&header, &claims, "another secret that is long enough"),
            under(&|header| header.alg = Algorithm::HS384),
            under(&|header| header.alg = Algorithm::HS512),
            under(&|header| header.kid = Some("../../dev/null".to_owned())),
            under(&|header| header.kid = None),
            under(&|header| header.typ = Some("JWT".to_owned())),
            format!("{}.{}.", good.split('.').next().unwrap(), good.split('.').nth(1).unwrap()),
            // {"alg":"none"}
            format!("eyJhbGciOiJub25lIn0.{}.", good.split('.').nth(1).unwrap()),
            with("exp", json!("9999999999")),
            with("exp", json!(-1)),
            with("nbf", json!(9_999_999_999_i64)),
            with("iss", json!("somebody")),
            with("aud", json!("somebody")),
            with("user_id", json!(customer.id)),
            with("role", json!("root")),
            with("ver", json!(99)),
            with("sid", json!("00000000000000000000000000000000")),
            format!("{good}x"),
            good.replace('.', ""),
        ];
        forged.extend(["user_id", "role", "sub", "sid", "ver", "iss", "aud", "iat", "nbf", "exp", "jti"].map(without));
        for token in forged {
            let answer = world.server.client().with_token(&token).get("/admin/users");
            assert_eq!(answer.problem(401), "invalid_token", "{token}");
        }
        // A role that the account does not have.
        let mut raised = claims_of(customer.token().unwrap());
        raised["role"] = json!("admin");
        let raised = sign(&header, &raised, JWT_SECRET);
        assert_eq!(world.server.client().with_token(&raised).get("/admin/users").status, 401);
    }
}
