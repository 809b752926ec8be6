#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <vector>

#include "wire/result.h"

namespace pushbench::net {

/// An IPv4 or IPv6 address with its port.
class Address {
 public:
  static Result<Address> parse(const std::string& ip, std::uint16_t port);
  static Address of(const sockaddr_storage& storage);
  /// All addresses that a name has, in the resolver's order, or the one that `host` is; waits for
  /// the resolver. They keep the name for text(), as a Host header wants it.
  static Result<std::vector<Address>> look_up(const std::string& host, std::uint16_t port);

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t length() const;  // of what get() points to
  std::uint16_t port() const;
  std::string text() const;     // "127.0.0.1:8080", "[::1]:8080", "chat.example:8080"
  std::string numeric() const;  // the same without a name
  /// text() as HTTP's Host and Origin have it: without the port that the scheme has anyway.
  std::string http_host(bool secure) const;
  bool is_ipv4_loopback() const;  // of 127.0.0.0/8

 private:
  sockaddr_storage storage_{};
  std::string name_;  // that it was looked up by
};

}  // namespace pushbench::net
