//! The secret that signs access tokens.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use helpdesk_ports::Random;
use sha2::{Digest as _, Sha256};

use crate::hex::hex;

/// The fewest bytes: a key as long as the hash's output (RFC 7518, section 3.2).
const MIN_BYTES: usize = 32;
/// The fewest different characters. 32 random hexadecimal digits have fewer than ten about once in a thousand times.
const MIN_DISTINCT: usize = 10;
/// How many random bytes a generated secret has.
const GENERATED_BYTES: usize = 48;

/// What people write where a secret belongs, from long to short: placeholders, the words around them, rows of the keyboard.
const PLACEHOLDERS: &[&str] = &[
    "development",
    "placeholder",
    "production",
    "qwertyuiop",
    "asdfghjkl",
    "changeit",
    "changeme",
    "helpdesk",
    "insecure",
    "password",
    "default",
    "example",
    "letmein",
    "private",
    "replace",
    "signing",
    "zxcvbnm",
    "asdfgh",
    "change",
    "enough",
    "please",
    "qwerty",
    "random",
    "secret",
    "server",
    "should",
    "string",
    "admin",
    "bytes",
    "least",
    "super",
    "token",
    "value",
    "auth",
    "bits",
    "here",
    "long",
    "must",
    "safe",
    "some",
    "test",
    "that",
    "this",
    "very",
    "with",
    "your",
    "and",
    "for",
    "jwt",
    "key",
    "not",
    "the",
    "at",
    "be",
    "is",
    "it",
    "me",
    "my",
    "of",
    "to",
];

/// The secret that signs access tokens, as the UTF-8 bytes of its text. It never shows itself in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct JwtSecret(String);

/// Why a text will not do as a [`JwtSecret`]. `Display` says what to do about it, and nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeakSecret {
    /// Shorter than 32 bytes; this many.
    TooShort(usize),
    /// Made of very few different characters.
    FewCharacters,
    /// A short text again and again.
    Repeated,
    /// Mostly characters in their order, such as `abcdef` or `123456`.
    Sequence,
    /// Mostly words that stand where a secret belongs, such as `changeme`.
    Placeholder,
}

impl fmt::Display for WeakSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort(bytes) => write!(f, "has {bytes} bytes and needs at least {MIN_BYTES}")?,
            Self::FewCharacters => write!(f, "has fewer than {MIN_DISTINCT} different characters")?,
            Self::Repeated => f.write_str("repeats a short text")?,
            Self::Sequence => f.write_str("is mostly characters in their order")?,
            Self::Placeholder => f.write_str("is mostly placeholder words")?,
        }
        write!(
            f,
            "; anyone who guesses it can sign in as anybody. Make one with: openssl rand -base64 {GENERATED_BYTES}"
        )
    }
}

impl std::error::Error for WeakSecret {}

impl JwtSecret {
    /// Takes a configured secret as it stands, byte for byte.
    ///
    /// # Errors
    /// [`WeakSecret`] when it can be guessed. No rule can prove that a text is random; these catch what is plainly not.
    pub fn parse(text: &str) -> Result<Self, WeakSecret> {
        if text.len() < MIN_BYTES {
            return Err(WeakSecret::TooShort(text.len()));
        }
        if repeats(text.as_bytes()) {
            return Err(WeakSecret::Repeated);
        }
        let characters: Vec<char> = text.chars().collect();
        if distinct(&characters) < MIN_DISTINCT {
            return Err(WeakSecret::FewCharacters);
        }
        if is_mostly_a_sequence(&characters) {
            return Err(WeakSecret::Sequence);
        }
        if is_mostly_placeholders(text) {
            return Err(WeakSecret::Placeholder);
        }
        Ok(Self(text.to_owned()))
    }

    /// A new secret, and its text for keeping: 48 random bytes in base64.
    pub fn generate(random: &dyn Random) -> (Self, String) {
        let mut bytes = [0; GENERATED_BYTES];
        random.fill(&mut bytes);
        let text = STANDARD.encode(bytes);
        (Self(text.clone()), text)
    }

    /// The name of the key, as the `kid` of the tokens that it signs. It tells nothing of the key.
    pub fn kid(&self) -> String {
        let digest =
            Sha256::new().chain_update(b"helpdesk/jwt-kid/v1\0").chain_update(self.as_bytes()).finalize();
        hex(&digest[..8])
    }

    /// The bytes that sign.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for JwtSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JwtSecret(…)")
    }
}

fn distinct(characters: &[char]) -> usize {
    let mut sorted = characters.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len()
}

/// Whether it is a text shorter than a secret must be, at least twice. (A period of more than half the length is no
/// repetition: any text whose last byte is its first has one.)
fn repeats(bytes: &[u8]) -> bool {
    let longest = (MIN_BYTES - 1).min(bytes.len() / 2);
    (1..=longest).any(|period| bytes.iter().zip(&bytes[period..]).all(|(a, b)| a == b))
}

/// Whether most characters are their neighbour's equal, successor or predecessor; of random base64, one in twenty is.
fn is_mostly_a_sequence(characters: &[char]) -> bool {
    let steps = characters.windows(2).filter(|pair| u32::from(pair[0]).abs_diff(u32::from(pair[1])) <= 1);
    2 * steps.count() > characters.len()
}

/// Whether placeholder words make up most of the letters and digits.
fn is_mostly_placeholders(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    // The list goes from long to short, so that no word is broken up by a shorter one.
    let rest = PLACEHOLDERS.iter().fold(plain.clone(), |rest, word| rest.replace(word, " "));
    2 * rest.chars().filter(|c| *c != ' ').count() < plain.chars().count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::test_random::Counting;

    #[test]
    fn what_can_be_guessed_is_refused() {
        for (text, why) in [
            ("", WeakSecret::TooShort(0)),
            ("changeme", WeakSecret::TooShort(8)),
            ("G7#kq9Lw2xVb5nTz8cRy4mPd1sHf6jA", WeakSecret::TooShort(31)),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", WeakSecret::Repeated),
            ("0123456789abcdef0123456789abcdef", WeakSecret::Repeated),
            ("correct-horse-correct-horse-correct-horse-", WeakSecret::Repeated),
            ("abacabadabacabaeabacabadabacabafabacabad", WeakSecret::FewCharacters),
            ("abcdefghijklmnopqrstuvwxyz0123456789", WeakSecret::Sequence),
            ("password12345678901234567890123456", WeakSecret::Sequence),
            ("my-super-secret-jwt-key-please-change-me", WeakSecret::Placeholder),
            ("your-256-bit-secret-your-jwt-secret-here", WeakSecret::Placeholder),
            // What the best-known page about such tokens shows as an example.
            ("a-string-secret-at-least-256-bits-long", WeakSecret::Placeholder),
            ("qwertyuiopasdfghjklzxcvbnm123456", WeakSecret::Placeholder),
            ("thisisaverysecretkeythatislongenough", WeakSecret::Placeholder),
            ("CHANGEME_changeit_ExamplePassword_2024", WeakSecret::Placeholder),
            ("ПарольПарольПарольПарольПароль", WeakSecret::Repeated),
        ] {
            assert_eq!(JwtSecret::parse(text), Err(why), "{text:?}");
        }
    }

    #[test]
    fn what_looks_random_is_taken_as_it_stands() {
        for text in [
            "G7#kq9Lw2xVb5nTz8cRy4mPd1sHf6jA!",
            "4f1c9b7e02d86a35e9c0b4127fd3a658",
            "  G7#kq9Lw2xVb5nTz8cRy4mPd1sHf6jA\n",
            "secret-4f1c9b7e02d86a35e9c0b4127fd3a658",
        ] {
            assert_eq!(JwtSecret::parse(text).unwrap().as_bytes(), text.as_bytes());
        }
    }

    #[test]
    fn the_message_says_what_to_do_and_nothing_of_the_text() {
        let message = JwtSecret::parse("changeme").unwrap_err().to_string();
        assert!(message.contains("openssl rand -base64 48") && message.contains("32"), "{message}");
        assert!(!message.contains("changeme"), "{message}");
        let secret = JwtSecret::parse("G7#kq9Lw2xVb5nTz8cRy4mPd1sHf6jA!").unwrap();
        assert!(!format!("{secret:?}").contains("G7"));
    }

    #[test]
    fn a_generated_secret_is_48_random_bytes() {
        let random = Counting::default();
        let (_, first) = JwtSecret::generate(&random);
        let (second, text) = JwtSecret::generate(&random);
        assert_eq!(STANDARD.decode(first).unwrap(), [0; 48]);
        assert_eq!(STANDARD.decode(&text).unwrap(), [1; 48]);
        assert_eq!(second.as_bytes(), text.as_bytes());
    }

    proptest! {
        #[test]
        fn random_bytes_in_base64_are_never_weak(bytes in proptest::array::uniform32(any::<u8>()), more in any::<[u8; 16]>()) {
            // Shrinking and proptest's own special values make plain ones too: only what is spread out counts as random.
            let text = STANDARD.encode([bytes.as_slice(), &more].concat());
            prop_assume!(distinct(&text.chars().collect::<Vec<_>>()) >= 24);
            prop_assert!(JwtSecret::parse(&text).is_ok(), "{}", text);
        }

        #[test]
        fn no_text_at_all_makes_it_panic(text in "\\PC*") {
            let outcome = JwtSecret::parse(&text);
            prop_assert!(text.len() >= MIN_BYTES || outcome == Err(WeakSecret::TooShort(text.len())));
        }
    }
}
