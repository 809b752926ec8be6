#include "harness/target_ports.h"

#include <fmt/format.h>

#include "harness/needs.h"

namespace pushbench::harness {

bool can_come_from_many(const Target& target) { return target.address().is_ipv4_loopback(); }

Result<void> ensure_ports(const Target& target, std::uint64_t needed, std::uint64_t of_one) {
  if (can_come_from_many(target) || sources_for(needed, of_one) == 0) return {};
  return failure("ports",
                 fmt::format("{} are needed, and {} are there to connect from to {}; widen "
                             "net.ipv4.ip_local_port_range or ask for fewer users",
                             needed, of_one, target.url));
}

}  // namespace pushbench::harness
