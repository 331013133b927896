//! Moments in time.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Datelike, Timelike};

/// A moment: microseconds since 1970-01-01T00:00:00Z, between the years 1 and 9999 so that it always has an RFC 3339 form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ts(i64);

/// A number or text that is no [`Ts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TsError;

impl fmt::Display for TsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be an RFC 3339 time between the years 0001 and 9999")
    }
}

impl std::error::Error for TsError {}

/// 0001-01-01T00:00:00Z
const MIN: i64 = -62_135_596_800_000_000;
/// 9999-12-31T23:59:59.999999Z
const MAX: i64 = 253_402_300_799_999_999;

impl Ts {
    /// 1970-01-01T00:00:00Z
    pub const EPOCH: Self = Self(0);

    /// The moment this many microseconds after 1970-01-01T00:00:00Z (before it, if negative).
    ///
    /// # Errors
    /// [`TsError`] outside the years 1 to 9999.
    pub const fn from_micros(micros: i64) -> Result<Self, TsError> {
        if micros >= MIN && micros <= MAX { Ok(Self(micros)) } else { Err(TsError) }
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down: the `NumericDate` of RFC 7519.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The moment this much later, at most the end of the year 9999.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        let span = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(span).min(MAX))
    }
}

impl Ts {
    /// How long ago that moment was; nothing where it is yet to come.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The moment this much earlier, at least the beginning of the year 1.
    #[must_use]
    pub fn before(self, span: Duration) -> Self {
        let span = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(span).max(MIN))
    }
}

/// RFC 3339 in UTC with six digits and `Z`.
impl fmt::Display for Ts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(TsText::of(*self).as_str())
    }
}

/// The one text form of a [`Ts`]. A page of a list holds more than a hundred, so it is written digit by digit: the standard
/// formatter takes ten times as long for the seven numbers in it.
pub(crate) struct TsText([u8; TEXT_LENGTH]);

const TEXT_LENGTH: usize = "0000-00-00T00:00:00.000000Z".len();

impl TsText {
    pub(crate) fn of(ts: Ts) -> Self {
        let mut text = Self(*b"0000-00-00T00:00:00.000000Z");
        // A Ts always has a calendar form: its bounds are within the calendar's.
        let Some(at) = DateTime::from_timestamp_micros(ts.0) else { return text };
        let fields = [
            (0..4, u32::try_from(at.year()).unwrap_or(0)),
            (5..7, at.month()),
            (8..10, at.day()),
            (11..13, at.hour()),
            (14..16, at.minute()),
            (17..19, at.second()),
            (20..26, at.timestamp_subsec_micros()),
        ];
        for (place, mut number) in fields {
            for digit in text.0[place].iter_mut().rev() {
                // The remainder of ten is a digit.
                *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
                number /= 10;
            }
        }
        text
    }

    pub(crate) fn as_str(&self) -> &str {
        // Made of ASCII alone, so it always is.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Ts {
    type Err = TsError;

    fn from_str(text: &str) -> Result<Self, TsError> {
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| TsError)?;
        Self::from_micros(at.timestamp_micros())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::SecondsFormat;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_text_form_is_rfc_3339_and_survives_a_round_trip(micros in MIN..=MAX) {
            let ts = Ts::from_micros(micros).unwrap();
            let reference = DateTime::from_timestamp_micros(micros).unwrap().to_rfc3339_opts(SecondsFormat::Micros, true);
            prop_assert_eq!(ts.to_string(), reference);
            prop_assert_eq!(ts.to_string().parse(), Ok(ts));
        }
    }

    #[test]
    fn the_bounds_are_the_first_and_last_moment_with_four_digit_years() {
        assert_eq!(Ts::from_micros(MIN).unwrap().to_string(), "0001-01-01T00:00:00.000000Z");
        assert_eq!(Ts::from_micros(MAX).unwrap().to_string(), "9999-12-31T23:59:59.999999Z");
        assert_eq!(Ts::from_micros(MIN - 1), Err(TsError));
        assert_eq!(Ts::from_micros(MAX + 1), Err(TsError));
        assert_eq!(Ts::from_micros(-1).unwrap().seconds(), -1);
        assert_eq!(Ts::from_micros(MAX).unwrap().after(Duration::MAX).micros(), MAX);
    }
}
