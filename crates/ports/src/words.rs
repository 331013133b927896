//! The words of a text: one way to take them out, for what is looked for and for what is looked at, on every store.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Which version of [`words`] this is. To be raised with whatever changes what that returns for any text: a store keeps the
/// words of what it holds, and takes them out anew when it meets a higher one.
pub const WORDS_VERSION: i64 = 1;

/// The most characters of a word; what is longer is cut there.
pub const WORD_MAX_CHARS: usize = 64;

/// The words of a text, in order.
///
/// * A word is a run of letters, digits and the marks on them; whatever else there is stands between words.
/// * `Café`, `CAFE` and `cafe` are one word: letters are decomposed (normal form KD), lose their accents and their case.
///   The other case of a letter may be two letters: `ß` is `ss`. Hebrew and Arabic lose the signs for vowels.
/// * Where a language writes no space between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese), each character is a word;
///   and so is each emoji and other symbol of the kind.
pub fn words(text: &str) -> Vec<String> {
    let folded = text
        .nfkd()
        .filter(|&c| !is_left_out(c))
        // There and back: of letters that have several small forms, such as the Greek sigma, one is left. To begin with, the great
        // sharp s needs its small form, which alone becomes two letters.
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase);
    let mut words = Vec::new();
    let mut word = Word::default();
    for c in folded {
        match Kind::of(c) {
            // One that follows no letter belongs to nothing.
            Kind::Mark if word.is_empty() => {}
            Kind::Mark => word.push(c),
            Kind::Letter => {
                if word.is_whole {
                    words.extend(word.take());
                }
                word.push(c);
            }
            Kind::Whole => {
                words.extend(word.take());
                word.push(c);
                word.is_whole = true;
            }
            Kind::Between => words.extend(word.take()),
        }
    }
    words.extend(word.take());
    words
}

/// A word as far as it was read.
#[derive(Default)]
struct Word {
    text: String,
    chars: usize,
    /// Whether only marks may follow.
    is_whole: bool,
}

impl Word {
    fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn push(&mut self, c: char) {
        if self.chars < WORD_MAX_CHARS {
            self.text.push(c);
            self.chars += 1;
        }
    }

    fn take(&mut self) -> Option<String> {
        Some(std::mem::take(self).text).filter(|text| !text.is_empty())
    }
}

/// What a character is to words.
enum Kind {
    /// Part of a word of any length.
    Letter,
    /// A word by itself, but for the marks on it.
    Whole,
    /// Goes with the character before it: in many scripts a vowel is one.
    Mark,
    /// Stands between words.
    Between,
}

impl Kind {
    fn of(c: char) -> Self {
        if c.is_ascii() {
            return if c.is_ascii_alphanumeric() { Self::Letter } else { Self::Between };
        }
        if is_combining_mark(c) {
            Self::Mark
        } else if is_symbol(c) || (is_of_a_script_without_spaces(c) && c.is_alphanumeric()) {
            Self::Whole
        } else if c.is_alphanumeric() {
            Self::Letter
        } else {
            Self::Between
        }
    }
}

/// What makes no difference to a word: accents, the points and vowel signs of Hebrew and Arabic, and what only says how the
/// characters around it are to be drawn (joiners, soft hyphens, variation selectors, the frame of a keycap).
fn is_left_out(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}'
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}'
        | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{20d0}'..='\u{20ff}')
}

/// Arrows, mathematical and technical signs, dingbats, and emoji.
fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}') && !c.is_alphanumeric()
}

fn is_of_a_script_without_spaces(c: char) -> bool {
    matches!(c,
        // Thai and Lao; Burmese; Khmer.
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        // The iteration mark and zero of Chinese; kana and bopomofo.
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}'
        // Ideographs, with those that are yet to come.
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests;
