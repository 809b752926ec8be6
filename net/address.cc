#include "net/address.h"

#include <fmt/format.h>
#include <uv.h>

#include <array>

namespace pushbench::net {

Result<Address> Address::parse(const std::string& ip, std::uint16_t port) {
  Address address;
  if (uv_ip4_addr(ip.c_str(), port, reinterpret_cast<sockaddr_in*>(&address.storage_)) == 0 ||
      uv_ip6_addr(ip.c_str(), port, reinterpret_cast<sockaddr_in6*>(&address.storage_)) == 0) {
    return address;
  }
  return failure(ip, "is not an IP address; write one, as in 127.0.0.1 or ::1");
}

Address Address::of(const sockaddr_storage& storage) {
  Address address;
  address.storage_ = storage;
  return address;
}

std::uint16_t Address::port() const {
  return ntohs(storage_.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_port
                   : reinterpret_cast<const sockaddr_in*>(&storage_)->sin_port);
}

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN> ip{};
  if (storage_.ss_family == AF_INET6) {
    uv_ip6_name(reinterpret_cast<const sockaddr_in6*>(&storage_), ip.data(), ip.size());
    return fmt::format("[{}]:{}", ip.data(), port());
  }
  uv_ip4_name(reinterpret_cast<const sockaddr_in*>(&storage_), ip.data(), ip.size());
  return fmt::format("{}:{}", ip.data(), port());
}

}  // namespace pushbench::net
