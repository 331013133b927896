use super::*;

/// If one of these comes out otherwise than it did, [`WORDS_VERSION`] has to be raised.
#[test]
fn texts_fall_into_words() {
    let cases: [(&str, &[&str]); 27] = [
        ("", &[]),
        (" \t.,;:!?'\"`*()[]{}^-+~|&<>=/\\@#$%_ ", &[]),
        ("The lift is STUCK, again.", &["the", "lift", "is", "stuck", "again"]),
        ("don't", &["don", "t"]),
        ("ada.l+x@mail.example.com", &["ada", "l", "x", "mail", "example", "com"]),
        ("snake_case 50% C:\\temp", &["snake", "case", "50", "c", "temp"]),
        ("AND or NOT near", &["and", "or", "not", "near"]),
        ("Café", &["cafe"]),
        ("Cafe\u{301}", &["cafe"]),
        ("Straße STRASSE", &["strasse", "strasse"]),
        ("ΟΔΟΣ οδος Ὀδός", &["οδοσ", "οδοσ", "οδοσ"]),
        ("İstanbul ISTANBUL ıspanak", &["istanbul", "istanbul", "ispanak"]),
        ("ﬁne Ⅷ x² ①", &["fine", "viii", "x2", "1"]),
        ("ｆｕｌｌ　ｗｉｄｔｈ", &["full", "width"]),
        ("東京タワー v2", &["東", "京", "タ", "ワ", "ー", "v2"]),
        ("がｶﾞ", &["か\u{3099}", "カ\u{3099}"]),
        ("プリンタ。故障", &["フ\u{309a}", "リ", "ン", "タ", "故", "障"]),
        ("น้ำ", &["น\u{e49}\u{e4d}", "า"]),
        ("हिन्दी में", &["हिन्दी", "में"]),
        (
            "한국어 문의",
            &[
                "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}",
                "\u{1106}\u{116e}\u{11ab}\u{110b}\u{1174}",
            ],
        ),
        ("السَّلامُ عليـكم", &["السلام", "عليكم"]),
        ("שָׁלוֹם־עולם", &["שלום", "עולם"]),
        ("🔥🔥 fire❤️", &["🔥", "🔥", "fire", "❤"]),
        ("👩‍👩‍👧", &["👩", "👩", "👧"]),
        ("1️⃣st co\u{ad}op", &["1st", "coop"]),
        ("\u{301}\u{94d} x", &["x"]),
        ("\u{0}a\u{1b}b\u{202e}c\u{fffd}\u{10ffff}", &["a", "b", "c"]),
    ];
    for (text, expected) in cases {
        assert_eq!(words(text), expected, "{text:?}");
    }
}

#[test]
fn a_long_word_is_cut() {
    let long = "é".repeat(WORD_MAX_CHARS + 1);
    assert_eq!(words(&long), ["e".repeat(WORD_MAX_CHARS)]);
    // An ideograph with any number of marks, too.
    assert_eq!(words(&format!("故{}x", "\u{3099}".repeat(100))).len(), 2);
}

/// What the stores make use of: no word holds a blank, a quotation mark or anything else of ASCII but small letters and digits, and
/// each is the one word of itself.
#[test]
fn whatever_the_text_a_word_is_plain_and_the_one_word_of_itself() {
    let mut rng = fastrand::Rng::with_seed(7);
    let every = (0..=0x0010_ffff).filter_map(char::from_u32);
    let alone = every.map(String::from);
    let random = (0..20_000).map(|_| {
        let count = rng.usize(1..12);
        (0..count).map(|_| rng.char('\0'..'\u{2ffff}')).collect()
    });
    for text in alone.chain(random.collect::<Vec<String>>()) {
        for word in words(&text) {
            let chars = word.chars().count();
            assert!((1..=WORD_MAX_CHARS).contains(&chars), "{text:?}");
            assert!(
                word.chars().all(|c| !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit()),
                "{text:?}"
            );
            assert_eq!(words(&word), [word.as_str()], "{text:?}");
        }
    }
}
