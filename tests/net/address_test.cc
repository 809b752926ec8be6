#include "net/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pushbench::net {
namespace {

using testing::AnyOf;

std::string text(const std::string& ip, std::uint16_t port) {
  const auto address = Address::parse(ip, port);
  return address ? address->text() : "refused: " + address.error().line();
}

TEST(Addresses, AreWrittenAsTheyAreRead) {
  EXPECT_EQ(text("127.0.0.1", 8080), "127.0.0.1:8080");
  EXPECT_EQ(text("0.0.0.0", 0), "0.0.0.0:0");
  EXPECT_EQ(text("::1", 65535), "[::1]:65535");
  EXPECT_EQ(text("2001:db8:0:0:0:0:0:1", 1), "[2001:db8::1]:1");
}

TEST(Addresses, HaveInHttpNoPortThatTheSchemeHasAnyway) {
  const auto host = [](const std::string& ip, std::uint16_t port, bool secure) {
    return Address::parse(ip, port)->http_host(secure);
  };
  EXPECT_EQ(host("127.0.0.1", 80, false), "127.0.0.1");
  EXPECT_EQ(host("127.0.0.1", 443, true), "127.0.0.1");
  EXPECT_EQ(host("::1", 80, false), "[::1]");
  EXPECT_EQ(host("127.0.0.1", 80, true), "127.0.0.1:80");
  EXPECT_EQ(host("127.0.0.1", 443, false), "127.0.0.1:443");
  EXPECT_EQ(host("::1", 8080, false), "[::1]:8080");
}

TEST(Addresses, KnowTheirPortAndFamily) {
  EXPECT_EQ(Address::parse("127.0.0.1", 8080)->port(), 8080);
  EXPECT_EQ(Address::parse("::1", 8080)->port(), 8080);
  EXPECT_EQ(Address::parse("127.0.0.1", 1)->get()->sa_family, AF_INET);
  EXPECT_EQ(Address::parse("::1", 1)->get()->sa_family, AF_INET6);
}

TEST(Addresses, ThatAreNoneAreRefused) {
  for (const char* ip : {"", "localhost", "256.0.0.1", "1.2.3", "1.2.3.4.5", "127.0.0.1:80",
                         "[::1]", ":::1", "1::2::3", " 127.0.0.1"}) {
    EXPECT_FALSE(Address::parse(ip, 80)) << ip;
  }
  EXPECT_EQ(text("localhost", 80),
            "refused: localhost: is not an IP address; write one, as in 127.0.0.1 or ::1");
}

TEST(Addresses, KeepTheNameThatTheyWereLookedUpBy) {
  const auto named = Address::look_up("localhost", 8080);
  ASSERT_TRUE(named) << named.error().line();
  ASSERT_FALSE(named->empty());
  for (const Address& address : *named) {
    EXPECT_EQ(address.text(), "localhost:8080");
    EXPECT_THAT(address.numeric(), AnyOf("127.0.0.1:8080", "[::1]:8080"));
    EXPECT_EQ(address.port(), 8080);
  }
  const auto literal = Address::look_up("127.0.0.1", 1);
  ASSERT_TRUE(literal);
  ASSERT_EQ(literal->size(), 1U);
  EXPECT_EQ(literal->front().text(), "127.0.0.1:1");
  const auto none = Address::look_up("no-such-host.invalid", 80);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().where, "no-such-host.invalid");
}

TEST(Addresses, KnowWhetherTheyAreThisMachinesOwn) {
  EXPECT_TRUE(Address::parse("127.0.1.7", 1)->is_ipv4_loopback());
  EXPECT_FALSE(Address::parse("128.0.0.1", 1)->is_ipv4_loopback());
  EXPECT_FALSE(Address::parse("::1", 1)->is_ipv4_loopback());
}

}  // namespace
}  // namespace pushbench::net
