#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cctype>
#include <cstdio>
#include <string>

#include "net/certificate.h"
#include "net/tls.h"
#include "tests/support/tls_pair.h"

namespace pushbench::net {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

/// Files of a certificate and its key, as a user has them.
class TlsFiles : public testing::Test {
 protected:
  void SetUp() override {
    write_certificate(certificate_path, identity);
    write_key(key_path, identity, nullptr);
  }
  ~TlsFiles() override {
    std::remove(certificate_path.c_str());
    std::remove(key_path.c_str());
  }

  static void write_certificate(const std::string& path, const Identity& whose) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    ASSERT_NE(file, nullptr);
    PEM_write_X509(file, whose.certificate.get());
    std::fclose(file);
  }
  static void write_key(const std::string& path, const Identity& whose, const char* password) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    ASSERT_NE(file, nullptr);
    const EVP_CIPHER* cipher = password != nullptr ? EVP_aes_128_cbc() : nullptr;
    PEM_write_PrivateKey(file, whose.key.get(), cipher, nullptr, 0, nullptr,
                         const_cast<char*>(password));
    std::fclose(file);
  }
  static std::string error_of(const Result<std::unique_ptr<TlsContext>>& context) {
    return context ? "no error" : context.error().line();
  }

  const Identity identity = make_self_signed().value();
  const std::string certificate_path =
      testing::TempDir() + "tls_files_" + std::to_string(::getpid()) + ".crt";
  const std::string key_path =
      testing::TempDir() + "tls_files_" + std::to_string(::getpid()) + ".key";
};

TEST_F(TlsFiles, MakeAServer) {
  const auto context = TlsContext::from_files(certificate_path, key_path);
  ASSERT_TRUE(context) << context.error().line();
  EXPECT_EQ((*context)->fingerprint(), fingerprint_of(*identity.certificate));

  Loop loop;
  test::SingleAcceptor acceptor;
  const auto listener = test::listen_on_loopback(loop, acceptor, context->get());
  const auto client_context = TlsContext::client((*context)->fingerprint()).value();
  test::Peer client;
  ASSERT_TRUE(client.connect(loop, listener->address(), client_context.get()));
  ASSERT_TRUE(test::run_until(loop, [&] { return client.opened || client.ends > 0; }));
  EXPECT_EQ(client.reason, "");
}

// As after a restart: what the client would resume is unknown to the server.
TEST_F(TlsFiles, MakeServersThatTakeAClientOfTheOneBefore) {
  Loop loop;
  const auto client_context = TlsContext::client(fingerprint_of(*identity.certificate)).value();
  for (int i = 0; i < 2; ++i) {
    const auto context = TlsContext::from_files(certificate_path, key_path).value();
    test::SingleAcceptor acceptor;
    const auto listener = test::listen_on_loopback(loop, acceptor, context.get());
    acceptor.peer.when_bytes = [&] { acceptor.peer.stream->write("behind the tickets"); };
    test::Peer client;
    ASSERT_TRUE(client.connect(loop, listener->address(), client_context.get()));
    client.stream->write("hello");
    ASSERT_TRUE(test::run_until(loop, [&] { return !client.received.empty() || client.ends > 0; }));
    EXPECT_EQ(client.reason, "");
    EXPECT_FALSE(client.stream->session_resumed());
  }
}

TEST_F(TlsFiles, ThatAreNotThereAreNamed) {
  EXPECT_THAT(error_of(TlsContext::from_files("/no/such.crt", key_path)),
              StartsWith("/no/such.crt: cannot be used: No such file or directory; it must be a"));
  EXPECT_THAT(error_of(TlsContext::from_files(certificate_path, "/no/such.key")),
              StartsWith("/no/such.key: cannot be used: No such file or directory; it must be"));
}

TEST_F(TlsFiles, ThatHoldSomethingElseAreNamed) {
  EXPECT_THAT(error_of(TlsContext::from_files(key_path, key_path)),
              StartsWith(key_path + ": cannot be used: "));
  EXPECT_THAT(error_of(TlsContext::from_files(certificate_path, certificate_path)),
              StartsWith(certificate_path + ": cannot be used: "));
}

TEST_F(TlsFiles, ThatDoNotBelongTogetherAreRefused) {
  write_key(key_path, make_self_signed().value(), nullptr);
  EXPECT_THAT(error_of(TlsContext::from_files(certificate_path, key_path)),
              AllOf(StartsWith(key_path + ": cannot be used: key values mismatch"),
                    HasSubstr("it must be the key of the certificate in " + certificate_path)));
}

TEST_F(TlsFiles, WithAPasswordAreRefusedWithoutAsking) {
  char password[] = "secret";
  write_key(key_path, identity, password);
  EXPECT_THAT(error_of(TlsContext::from_files(certificate_path, key_path)),
              AllOf(StartsWith(key_path + ": cannot be used: "), HasSubstr("without a password")));
}

TEST(SelfSignedCertificates, AreForThisMachineOnly) {
  const Identity made = make_self_signed().value();
  X509* certificate = made.certificate.get();
  EXPECT_EQ(X509_check_ip_asc(certificate, "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate, "::1", 0), 1);
  EXPECT_EQ(X509_check_host(certificate, "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_host(certificate, "example.org", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_verify(certificate, made.key.get()), 1);
  EXPECT_LT(X509_cmp_current_time(X509_get0_notBefore(certificate)), 0);
  EXPECT_GT(X509_cmp_current_time(X509_get0_notAfter(certificate)), 0);
}

TEST(SelfSignedCertificates, AreNeverTheSame) {
  const Identity one = make_self_signed().value();
  const Identity other = make_self_signed().value();
  EXPECT_NE(fingerprint_of(*one.certificate), fingerprint_of(*other.certificate));
  EXPECT_NE(ASN1_INTEGER_cmp(X509_get0_serialNumber(one.certificate.get()),
                             X509_get0_serialNumber(other.certificate.get())),
            0);
}

TEST(Fingerprints, AreWrittenAsOpenSslDoes) {
  EXPECT_THAT(test::server_tls().fingerprint(), MatchesRegex("([0-9A-F]{2}:){31}[0-9A-F]{2}"));
}

TEST(Fingerprints, AreReadInTheFormsThatPeopleUse) {
  const std::string& canonical = test::server_tls().fingerprint();
  std::string bare;
  for (const char c : canonical) {
    if (c != ':') bare += static_cast<char>(std::tolower(c));
  }
  EXPECT_EQ(*read_fingerprint(canonical), canonical);
  EXPECT_EQ(*read_fingerprint(bare), canonical);
  EXPECT_EQ(TlsContext::client(bare).value()->fingerprint(), canonical);
}

TEST(Fingerprints, ThatAreNoneAreRefused) {
  const std::string& canonical = test::server_tls().fingerprint();
  for (const std::string& text :
       {std::string(), std::string("AB:CD"), canonical + ":", canonical + "AA", ":" + canonical,
        canonical.substr(1), canonical.substr(0, 94) + "G", std::string(64, ' '),
        "sha256 " + canonical}) {
    const auto context = TlsContext::client(text);
    ASSERT_FALSE(context) << text;
    EXPECT_EQ(context.error().line(),
              text + (text.empty() ? "" : ": ") +
                  "is not the SHA-256 fingerprint of a certificate; write its 32 bytes in "
                  "hexadecimal, as in AB:CD:…");
  }
}

}  // namespace
}  // namespace pushbench::net
