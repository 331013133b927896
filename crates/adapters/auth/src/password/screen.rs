//! Passwords that everybody tries first.

use helpdesk_domain::{NewPassword, PASSWORD_MAX_CHARS};
use helpdesk_ports::PasswordScreen;
use unicode_normalization::UnicodeNormalization as _;

/// How many guesses a password has to withstand, by zxcvbn's estimate.
///
/// Below 10⁸ its authors call a password too weak. Twice that, since it puts every password of three parts at 10⁸ or a
/// little more, whatever the parts: `password password`, whose parts are a word, a space and the same word, is no better
/// than its parts.
const ENOUGH_GUESSES: u64 = 200_000_000;

/// How many characters are looked at together. zxcvbn reads signs as letters in every way they can be read in, which for a
/// hundred well-chosen signs takes most of a second.
const STRETCH: usize = 24;

/// The product's name, which is refused as it is before it comes here, but not with signs for letters.
const PRODUCT: &str = "helpdesk";

/// The signs that zxcvbn reads as a `c`.
const BRACKETS: [char; 4] = ['(', '{', '[', '<'];

/// Refuses the commonest passwords, and what is little more than one of them, by zxcvbn's estimate of how many guesses a
/// password withstands. It knows some thirty thousand common passwords, and names, common English words, runs on a keyboard,
/// repetitions, sequences, dates, and signs that stand for letters.
///
/// A long password is looked at in stretches, and is as good as the best of them: no ending makes a good beginning worse. It
/// is looked at in the form in which it is hashed, or else full-width letters would be a way around.
#[derive(Clone, Copy, Debug, Default)]
pub struct CommonPasswords;

impl PasswordScreen for CommonPasswords {
    fn is_common(&self, password: &NewPassword) -> bool {
        // What is hashed may be longer than what was typed: one character stands for up to eighteen.
        let chars: Vec<char> = password.expose().nfkc().take(PASSWORD_MAX_CHARS).collect();
        let last = chars.len().saturating_sub(STRETCH);
        // The last stretch reaches back into the one before, or what is left over might be too short to be any good.
        let starts = (0..last).step_by(STRETCH).chain([last]);
        starts.map(|start| &chars[start..chars.len().min(start + STRETCH)]).all(is_weak)
    }
}

fn is_weak(stretch: &[char]) -> bool {
    // With several kinds of brackets there is no common password left to find, only ways to look for one: one kind will do.
    let kinds = BRACKETS.iter().filter(|bracket| stretch.contains(bracket)).count();
    let one_kind = |char| if kinds > 1 && BRACKETS.contains(&char) { BRACKETS[0] } else { char };
    let text: String = stretch.iter().copied().map(one_kind).collect();
    zxcvbn::zxcvbn(&text, &[PRODUCT]).guesses() < ENOUGH_GUESSES
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use helpdesk_domain::Email;
    use proptest::prelude::*;

    use super::*;

    fn is_common(raw: &str) -> bool {
        let email = Email::parse("ada@example.com").unwrap();
        CommonPasswords.is_common(&NewPassword::parse(raw, &email).unwrap())
    }

    /// How long a screening takes.
    fn time_of(raw: &str) -> Duration {
        #[expect(clippy::disallowed_methods, reason = "how long it really takes is what is measured")]
        let now = std::time::Instant::now;
        let begun = now();
        is_common(raw);
        begun.elapsed()
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        let common = "password1234 Password1234 Password1234! P@ssw0rd1234 p4ssw0rd2024 p4ssw0rdp4ssw0rd drowssap4321 \
             passwordpassword password1234password1234 mypassword123 changeme1234 123456789012 \
             987654321012 112233445566 123123123123 111111111111 aaaaaaaaaaaa qwertyuiop12 qwertyuiopas \
             qwerty123456 1q2w3e4r5t6y 1qaz2wsx3edc zaq12wsxcde3 asdfghjkl123 !@#$%^&*()_+ abcdefghijkl \
             abcabcabcabc abcd1234abcd letmein123456 letmeinplease iloveyou1234 iloveyouiloveyou \
             trustno1trustno1 administrator Admin123456! welcome12345 Welcome2024! football1234 \
             superman1234 princessprincess monkeymonkey hunter2hunter2 charlie12345 december2023 \
             January2024! Winter2023!! sunshine2024 liverpool2023 manchesterunited supportsupport \
             customer1234 19900101199001 motdepasse123 passwort1234 H3lpd3sk2024!";
        for common in common.split_whitespace() {
            assert!(is_common(common), "{common}");
        }
        assert!(is_common("password password"));
        // In full-width characters it is the same password, once it is normalised.
        let wide = |char: char| char::from_u32(u32::from(char) + 0xfee0).unwrap();
        assert!(is_common(&"password1234".chars().map(wide).collect::<String>()));
    }

    #[test]
    fn what_few_would_try_is_not() {
        for uncommon in [
            "correct horse battery",
            "Correct horse battery",
            "correct horse battery staple",
            "helpdesk battery staple",
            "a long password",
            "a longer password",
            "open-sesame-demo",
            "canary-kumquat first password",
            "mycatisfluffy",
            "blue car 2024",
            "coffee and cake",
            "fluffybunny99",
            "das pferd frisst",
            "k7#Qm2vX9!pL",
            "9f4a7c21be03",
            "nrudfuxjdxkx",
            "859574890682",
            "mQ4vT-9xWz-Lp2k",
            "日本語のながいパスワード",
            "ein sehr langes Passwort",
            "пароль моей кошки",
            "😀🐴🔋📎🎩🌵🚲🧀🎲🪁🧦🛶",
        ] {
            assert!(!is_common(uncommon), "{uncommon}");
        }
    }

    #[test]
    fn no_end_is_too_short_and_none_spoils_a_good_beginning() {
        let good = "k7#Qm2vX9!pL";
        assert!(!is_common(&format!("{good}{}", "a".repeat(116))));
        assert!(!is_common(&format!("{}{good}", "a".repeat(116))));
        assert!(!is_common(&format!("{}{good}{}", "a".repeat(40), "a".repeat(40))));
        for times in 1..=10 {
            assert!(is_common(&"password1234".repeat(times)), "{times}");
        }
        for length in 12..=128 {
            assert!(is_common(&"7".repeat(length)), "{length}");
        }
    }

    /// Signs that could each be several letters, and the worst orders of them that were found.
    const AMBIGUOUS: &str = "4@8369&#!1|0$5+7%2({[<";

    #[test]
    fn hostile_ones_are_answered_in_a_blink() {
        let fill = |pattern: &str| pattern.chars().cycle().take(128).collect::<String>();
        let patterns = [
            "a",
            "ab",
            "aA",
            "0",
            "é",
            "😀",
            "日本",
            "\u{200d}",
            "İ",
            "\u{fdfa}",
            "\u{2026}",
            "password",
            "p@$$w0rd",
            "qwerty",
            "asdfghjkl;",
            "abc123",
            "19900101",
            "1/1/1990",
            "2012-12-12",
            "12",
            "4@",
            "()",
            "({[<",
            AMBIGUOUS,
            "4@691!|7$5+({[<",
            "({[<1|!7@4$5+96sieglatcoszxb",
            "4@8({[<369&#!1|0$5+7%2",
            "iloveyoumonkeydragonbaseball",
            "aab",
            "é日aß",
            "sesame",
            "1234567890!@#$%^&*()_+{}|:<>?",
        ];
        // What is read at the first use, such as the lists, is not what is measured.
        is_common("correct horse battery");
        for pattern in patterns {
            let password = fill(pattern);
            // The best of three: other tests run beside this one.
            let best = (0..3).map(|_| time_of(&password)).min().unwrap();
            assert!(best < Duration::from_millis(100), "{best:?} for {pattern:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn there_is_an_answer_to_everything(password in "[^\0]{12,128}") {
            is_common(&password);
        }

        #[test]
        fn random_ones_are_good(password in "[a-z0-9]{16}") {
            prop_assert!(!is_common(&password));
        }
    }
}
