#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string>

#include "wire/result.h"

namespace pushbench::net {

/// An IPv4 or IPv6 address with its port; names are not looked up.
class Address {
 public:
  static Result<Address> parse(const std::string& ip, std::uint16_t port);
  static Address of(const sockaddr_storage& storage);

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  std::uint16_t port() const;
  std::string text() const;  // "127.0.0.1:8080", "[::1]:8080"

 private:
  sockaddr_storage storage_{};
};

}  // namespace pushbench::net
