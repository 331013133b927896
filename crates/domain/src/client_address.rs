//! Where a request comes from.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// How many leading bits of an IPv6 address name a network: a customer of a provider has at least all addresses that share
/// them (RFC 6177, section 2), so they count as one caller.
const IPV6_NETWORK_BITS: u32 = 64;

/// The address that a request comes from, in one form: an IPv4 address that came mapped into IPv6 is the IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

/// What counts as one caller where guesses are counted: one IPv4 address, or the /64 network of an IPv6 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientNetwork(IpAddr);

impl ClientAddress {
    /// The address, in its one form.
    pub const fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// The address.
    pub const fn ip(self) -> IpAddr {
        self.0
    }

    /// **The rule: which addresses are one caller.**
    ///
    /// ```
    /// use helpdesk_domain::ClientAddress;
    ///
    /// let network = |text: &str| ClientAddress::new(text.parse().unwrap()).network();
    /// assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:0:0:1"));
    /// assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
    /// assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    /// ```
    pub const fn network(self) -> ClientNetwork {
        match self.0 {
            IpAddr::V4(_) => ClientNetwork(self.0),
            IpAddr::V6(address) => {
                let mask = u128::MAX << (u128::BITS - IPV6_NETWORK_BITS);
                ClientNetwork(IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask)))
            }
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for ClientNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => address.fmt(f),
            IpAddr::V6(address) => write!(f, "{address}/{IPV6_NETWORK_BITS}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_text_form() {
        let of = |text: &str| ClientAddress::new(text.parse().unwrap());
        assert_eq!(of("::ffff:192.0.2.1").to_string(), "192.0.2.1");
        assert_eq!(of("192.0.2.1").network().to_string(), "192.0.2.1");
        assert_eq!(of("2001:DB8:0:0:1::1").network().to_string(), "2001:db8::/64");
    }
}
