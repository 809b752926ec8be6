#include "net/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <uv.h>

#include <array>
#include <cstring>
#include <memory>
#include <utility>

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

Result<std::vector<Address>> Address::look_up(const std::string& host, std::uint16_t port) {
  if (auto address = parse(host, port)) return std::vector{std::move(*address)};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  if (code != 0) return failure(host, fmt::format("has no address: {}", gai_strerror(code)));
  std::vector<Address> addresses;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    Address& address = addresses.emplace_back();
    std::memcpy(&address.storage_, one->ai_addr, one->ai_addrlen);
    address.name_ = host;
  }
  return addresses;
}

socklen_t Address::length() const {
  return storage_.ss_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

std::uint16_t Address::port() const {
  return ntohs(storage_.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_port
                   : reinterpret_cast<const sockaddr_in*>(&storage_)->sin_port);
}

bool Address::is_ipv4_loopback() const {
  if (storage_.ss_family != AF_INET) return false;
  const auto* const v4 = reinterpret_cast<const sockaddr_in*>(&storage_);
  return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
}

std::string Address::text() const {
  return name_.empty() ? numeric() : fmt::format("{}:{}", name_, port());
}

std::string Address::http_host(bool secure) const {
  std::string host = text();
  if (port() == (secure ? 443 : 80)) host.resize(host.rfind(':'));
  return host;
}

std::string Address::numeric() const {
  std::array<char, INET6_ADDRSTRLEN> ip{};
  if (storage_.ss_family == AF_INET6) {
    uv_ip6_name(reinterpret_cast<const sockaddr_in6*>(&storage_), ip.data(), ip.size());
    return fmt::format("[{}]:{}", ip.data(), port());
  }
  uv_ip4_name(reinterpret_cast<const sockaddr_in*>(&storage_), ip.data(), ip.size());
  return fmt::format("{}:{}", ip.data(), port());
}

}  // namespace pushbench::net
