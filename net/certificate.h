#pragma once

#include <string>

#include "net/openssl.h"
#include "wire/result.h"

namespace pushbench::net {

struct Identity {
  OpenSsl<X509> certificate;
  OpenSsl<EVP_PKEY> key;
};

/// A certificate that vouches for itself, for 127.0.0.1, ::1 and localhost, with a P-256 key that
/// is never written anywhere. It is valid for a year from yesterday, since clocks differ.
Result<Identity> make_self_signed();

/// The SHA-256 of a certificate as `openssl x509 -fingerprint -sha256` writes it: "AB:CD:…".
std::string fingerprint_of(const X509& certificate);

/// Reads a fingerprint in that form; lower case and missing colons are taken too.
Result<std::string> read_fingerprint(const std::string& text);

}  // namespace pushbench::net
