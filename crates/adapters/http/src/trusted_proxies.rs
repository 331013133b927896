//! Which address a request really comes from, when proxies stand in between.
//!
//! Anybody can send `X-Forwarded-For`, so it counts only as far as it was written by proxies that the operator has named: it is
//! read from the right, where the nearest proxy wrote last, and the first address that is no such proxy is the caller.
//! `Forwarded` (RFC 7239) is not read: proxies that write the one pass a caller's other on as it came, and who reads both lets the
//! caller choose.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use actix_web::http::header::HeaderValue;
use helpdesk_domain::ClientAddress;
use ipnet::{IpNet, Ipv4Net};

/// How many proxies a request may have come through: no real chain is as long, and a made-up one costs no more than this.
const MAX_HOPS: usize = 32;

/// The proxies whose `X-Forwarded-For` is believed; none by default. Parsed from addresses and networks with commas in between,
/// such as `10.0.0.0/8, 2001:db8::7`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// Why a list of proxies was refused. `Display` says it to the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidProxies(String);

impl fmt::Display for InvalidProxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidProxies {}

impl FromStr for TrustedProxies {
    type Err = InvalidProxies;

    fn from_str(text: &str) -> Result<Self, InvalidProxies> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        text.split(',').map(|element| network(element.trim())).collect::<Result<_, _>>().map(Self)
    }
}

fn network(text: &str) -> Result<IpNet, InvalidProxies> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(address.to_canonical().into());
    }
    let written: IpNet = text.parse().map_err(|_| {
        InvalidProxies(format!(
            "{text:?} is neither an address nor a network; give them as in 192.0.2.1,10.0.0.0/8"
        ))
    })?;
    let network = canonical(written);
    if network.prefix_len() == 0 {
        // Then whatever stands leftmost would be the caller, and that is the caller's own to write.
        return Err(InvalidProxies(format!(
            "{text} would believe everybody; name the proxies' own addresses"
        )));
    }
    if network.addr() != network.network() {
        return Err(InvalidProxies(format!(
            "{text} is no network; say {} for all of it or {} for the one address",
            network.trunc(),
            network.addr()
        )));
    }
    Ok(network)
}

/// A network of IPv4 addresses mapped into IPv6 is the network of the IPv4 addresses.
fn canonical(network: IpNet) -> IpNet {
    match (network.addr().to_canonical(), network.prefix_len().checked_sub(96)) {
        (IpAddr::V4(address), Some(prefix)) if network.addr().is_ipv6() => {
            Ipv4Net::new(address, prefix).map_or(network, IpNet::V4)
        }
        _ => network,
    }
}

impl TrustedProxies {
    /// The address that a request comes from: the peer's, unless that is a trusted proxy. Then it is the rightmost address of
    /// `X-Forwarded-For` that is none, or the leftmost one if all are.
    ///
    /// What cannot be read ends the search, and the last trusted proxy before it is the answer: nothing to the left of it was
    /// vouched for. So who cannot be told apart counts as one caller, and never as one of its own choice. The same goes for a
    /// connection whose peer the system does not name, which gets the unspecified address.
    pub(crate) fn client_of<'a>(
        &self,
        peer: Option<IpAddr>,
        forwarded_for: impl Iterator<Item = &'a HeaderValue>,
    ) -> ClientAddress {
        let peer = ClientAddress::new(peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
        if !self.trusts(peer) {
            return peer;
        }
        // Several header lines are one list, in their order (RFC 9110, section 5.3).
        let lines: Vec<&[u8]> = forwarded_for.map(HeaderValue::as_bytes).collect();
        let from_the_right = lines.iter().rev().flat_map(|line| line.rsplit(|byte| *byte == b','));
        let mut nearest = peer;
        for element in from_the_right.take(MAX_HOPS) {
            match address(element) {
                None => break,
                Some(hop) if self.trusts(hop) => nearest = hop,
                Some(client) => return client,
            }
        }
        nearest
    }

    fn trusts(&self, address: ClientAddress) -> bool {
        self.0.iter().any(|network| network.contains(&address.ip()))
    }
}

/// An element of `X-Forwarded-For`: an address, as some proxies write it with brackets or a port.
fn address(element: &[u8]) -> Option<ClientAddress> {
    let text = std::str::from_utf8(element).ok()?.trim_matches([' ', '\t']);
    let bare = || text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    bare().or_else(with_port).or_else(bracketed).map(ClientAddress::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUSTED: &str = "10.0.0.0/8, ::ffff:192.0.2.0/120,2001:db8:1::/48 , 203.0.113.7";

    fn client(trusted: &str, peer: &str, lines: &[&[u8]]) -> String {
        let lines: Vec<_> = lines.iter().map(|line| HeaderValue::from_bytes(line).unwrap()).collect();
        let trusted: TrustedProxies = trusted.parse().unwrap();
        trusted.client_of(Some(peer.parse().unwrap()), lines.iter()).to_string()
    }

    #[test]
    fn the_header_of_a_stranger_is_not_read() {
        for trusted in ["", TRUSTED] {
            for peer in ["198.51.100.1", "203.0.113.8", "2001:db8:2::1", "11.0.0.1"] {
                assert_eq!(client(trusted, peer, &[b"1.1.1.1"]), peer);
            }
        }
        assert_eq!(client("", "10.0.0.1", &[b"1.1.1.1"]), "10.0.0.1");
    }

    #[test]
    fn the_rightmost_address_that_is_no_proxy_is_the_client() {
        let table: &[(&[&[u8]], &str)] = &[
            (&[], "10.0.0.1"),
            (&[b"198.51.100.1"], "198.51.100.1"),
            (&[b"1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            (&[b"1.1.1.1,198.51.100.1 ,\t10.9.9.9"], "198.51.100.1"),
            (&[b"1.1.1.1", b"198.51.100.1", b"203.0.113.7, 10.0.0.2"], "198.51.100.1"),
            (&[b"198.51.100.1:443"], "198.51.100.1"),
            (&[b"2001:DB8::1"], "2001:db8::1"),
            (&[b"[2001:db8::1]"], "2001:db8::1"),
            (&[b"[2001:db8::1]:443, [2001:db8:1::9]:80"], "2001:db8::1"),
            (&[b"::ffff:198.51.100.1, ::ffff:10.0.0.3"], "198.51.100.1"),
            (&[b"198.51.100.1, 192.0.2.200"], "198.51.100.1"),
            // All are proxies: the one that stands farthest off.
            (&[b"10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ];
        for (lines, expected) in table {
            for peer in ["10.0.0.1", "::ffff:10.0.0.1"] {
                assert_eq!(client(TRUSTED, peer, lines), *expected, "{lines:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_ends_the_search_at_the_last_proxy() {
        for bad in [
            &b""[..],
            b" ",
            b"unknown",
            b"_hidden",
            b"1.1.1.1.1",
            b"1.1.1.01",
            b"1.1.1.1:65536",
            b"\"1.1.1.1\"",
            b"[1.1.1.1]",
            b"[::1",
            b"::1]",
            b"fe80::1%eth0",
            b"for=1.1.1.1",
            b"1.1.1.1;8.8.8.8",
            b"\xff1.1.1.1",
        ] {
            assert_eq!(client(TRUSTED, "10.0.0.1", &[bad]), "10.0.0.1", "{bad:?}");
            assert_eq!(client(TRUSTED, "10.0.0.1", &[b"1.1.1.1", bad, b"10.0.0.2"]), "10.0.0.2", "{bad:?}");
            // To its right it is as good as absent.
            assert_eq!(client(TRUSTED, "10.0.0.1", &[bad, b"198.51.100.1"]), "198.51.100.1", "{bad:?}");
        }
    }

    #[test]
    fn a_hostile_header_costs_little_and_gains_nothing() {
        let chain =
            b"1.1.1.1".iter().chain(b",10.0.0.2".repeat(MAX_HOPS).iter()).copied().collect::<Vec<_>>();
        assert_eq!(client(TRUSTED, "10.0.0.1", &[&chain]), "10.0.0.2");
        for junk in [b",".repeat(100_000), b"1".repeat(100_000), b"[".repeat(100_000), b"::".repeat(50_000)] {
            assert_eq!(client(TRUSTED, "10.0.0.1", &[&junk]), "10.0.0.1");
        }
    }

    #[test]
    fn a_peer_without_a_name_is_nobody_in_particular() {
        let forged = HeaderValue::from_static("1.1.1.1");
        let trusted: TrustedProxies = TRUSTED.parse().unwrap();
        assert_eq!(trusted.client_of(None, [&forged].into_iter()).to_string(), "0.0.0.0");
    }

    #[test]
    fn nonsense_among_the_proxies_is_refused_and_said() {
        for none in ["", " "] {
            assert_eq!(none.parse(), Ok(TrustedProxies::default()));
        }
        for bad in [
            "x",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "2001:db8::/129",
            "10.0.0/8",
            "proxy.example.com",
            "10.0.0.1:80",
            "10.0.0.1,",
            "10.0.0.1,,10.0.0.2",
            "0.0.0.0/0",
            "::/0",
            "::ffff:0.0.0.0/96",
            "10.0.0.1/8",
            "2001:db8::1/48",
        ] {
            let error = bad.parse::<TrustedProxies>().unwrap_err().to_string();
            assert!(error.len() > 20, "{bad}: {error}");
        }
        let error = "10.1.2.3/8".parse::<TrustedProxies>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "10.1.2.3/8 is no network; say 10.0.0.0/8 for all of it or 10.1.2.3 for the one address"
        );
    }
}
