#include "net/certificate.h"

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <cctype>
#include <cstdint>
#include <cstring>

namespace pushbench::net {

namespace {

constexpr long kDay = 24 * 60 * 60;
constexpr std::size_t kSha256 = 32;

bool add_extension(X509* certificate, int nid, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
  const bool added = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

/// A serial number that no other certificate of this name has: browsers refuse repeated ones.
bool set_random_serial(X509* certificate) {
  std::uint64_t serial = 0;
  return RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1 &&
         ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1) == 1;
}

bool fill_in(X509* certificate, EVP_PKEY* key) {
  X509_NAME* name = X509_get_subject_name(certificate);
  return X509_set_version(certificate, X509_VERSION_3) == 1 && set_random_serial(certificate) &&
         X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay) != nullptr &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), 365 * kDay) != nullptr &&
         X509_set_pubkey(certificate, key) == 1 &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>("pushbench"), -1, -1,
                                    0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1 &&
         add_extension(certificate, NID_subject_alt_name, "IP:127.0.0.1,IP:::1,DNS:localhost") &&
         add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
         add_extension(certificate, NID_ext_key_usage, "serverAuth");
}

}  // namespace

std::string openssl_reason() {
  const unsigned long code = ERR_peek_error();
  if (ERR_SYSTEM_ERROR(code)) return std::strerror(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : fmt::format("error {:#x}", code);
}

Result<Identity> make_self_signed() {
  ERR_clear_error();
  Identity made{OpenSsl<X509>(X509_new()), OpenSsl<EVP_PKEY>(EVP_EC_gen("P-256"))};
  if (made.certificate == nullptr || made.key == nullptr ||
      !fill_in(made.certificate.get(), made.key.get()) ||
      X509_sign(made.certificate.get(), made.key.get(), EVP_sha256()) == 0) {
    return failure("self-signed certificate", openssl_reason());
  }
  return made;
}

std::string fingerprint_of(const X509& certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(&certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    fmt::format_to(std::back_inserter(text), "{}{:02X}", i == 0 ? "" : ":", digest[i]);
  }
  return text;
}

Result<std::string> read_fingerprint(const std::string& text) {
  std::string read;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == ':' && digits % 2 == 0) continue;
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) break;
    if (digits > 0 && digits % 2 == 0) read += ':';
    read += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    ++digits;
  }
  // Every character was read if as many digits and at most the colons between them are there.
  if (digits == 2 * kSha256 && (text.size() == digits || text.size() == read.size())) return read;
  return failure(text, fmt::format("is not the SHA-256 fingerprint of a certificate; write its {} "
                                   "bytes in hexadecimal, as in AB:CD:…",
                                   kSha256));
}

}  // namespace pushbench::net
