#include "harness/needs.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "net/limits.h"

namespace pushbench::harness {

namespace {

constexpr std::uint64_t kOwnFiles = 64;
constexpr std::uint64_t kFilesOfAThread = 8;  // its loop's

// Measured with 9,000 users of each transport, and 4,000 with TLS, both processes together: at most
// 10 KiB a user, and 43 KiB with TLS on one connection. Here with what the kernel takes, rounded
// up.
constexpr std::uint64_t kConnection = 24 * 1024;
constexpr std::uint64_t kTls = 64 * 1024;
constexpr std::uint64_t kBase = 64 * 1024 * 1024;
constexpr std::uint64_t kHistograms = 2 * 1024 * 1024;  // of a thread
constexpr std::uint64_t kSay = 64;                      // in the schedule, and what is known of it
constexpr std::uint64_t kSayOfAThread = 8;

// Of 127.0.0.0/8 as many as have a host part that is neither 0 nor 255.
constexpr std::size_t kHosts = 254;
constexpr std::size_t kMostSources = 254 * kHosts;
constexpr double kUsable = 0.8;  // of the ports: others use some, and closed ones linger

/// One bit for each user and each message of its room.
std::uint64_t recorder_bytes(const Schedule& schedule) {
  std::vector<std::uint64_t> says(schedule.rooms);
  for (const Say& say : schedule.says) ++says[schedule.room_of(say.user)];
  std::uint64_t bits = 0;
  for (std::size_t user = 0; user < schedule.users(); ++user) {
    bits += says[schedule.room_of(user)];
  }
  return bits / 8;
}

/// That are open at the same time. Those of a user that joins overlap with others' only where all
/// join at once, and publishers open theirs afterwards.
std::uint64_t most_connections(const Scenario& scenario, const Schedule& schedule,
                               const clients::UserConnections& of_user) {
  const bool at_once = scenario.presence == Presence::at_once;
  const std::uint64_t joining = at_once ? of_user.before * schedule.users() : 0;
  const std::uint64_t posting = of_user.posting * schedule.publishers();
  return of_user.kept * schedule.users() + std::max(joining, posting);
}

std::string mebibytes(std::uint64_t bytes) { return fmt::format("{} MiB", bytes >> 20); }

}  // namespace

Needs needs_of(const Scenario& scenario, const Schedule& schedule,
               const std::vector<std::string>& transports, std::size_t threads,
               std::string_view dialect) {
  std::uint64_t connections = 0;
  for (const std::string& name : transports) {
    connections = std::max(
        connections, most_connections(scenario, schedule, clients::connections_of(name, dialect)));
  }
  Needs needs;
  // Where each exchange has its own, the one before may still be closing.
  const std::uint64_t overlap = scenario.clients.close_each ? 2 : 1;
  needs.files = overlap * connections + kOwnFiles + kFilesOfAThread * threads;
  needs.ports = overlap * connections;
  needs.memory = kBase + connections * (kConnection + (scenario.tls ? kTls : 0)) +
                 recorder_bytes(schedule) + threads * kHistograms +
                 schedule.says.size() * (kSay + threads * kSayOfAThread);
  return needs;
}

Resources resources() {
  Resources found;
  std::ifstream range("/proc/sys/net/ipv4/ip_local_port_range");
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (range >> first >> last && last >= first) found.ports = last - first + 1;
  std::ifstream info("/proc/meminfo");
  for (std::string key; info >> key;) {
    std::uint64_t kibibytes = 0;
    if (key == "MemAvailable:" && info >> kibibytes) found.memory = kibibytes * 1024;
  }
  return found;
}

std::size_t sources_for(std::uint64_t ports_needed, std::uint64_t ports_each) {
  const auto usable = static_cast<std::uint64_t>(kUsable * static_cast<double>(ports_each));
  if (usable == 0 || ports_needed <= usable) return 0;
  return static_cast<std::size_t>((ports_needed + usable - 1) / usable);
}

net::Address source_of(std::size_t number) {
  const std::string ip = fmt::format("127.0.{}.{}", 1 + number / kHosts, 1 + number % kHosts);
  return net::Address::parse(ip, 0).value();
}

Result<void> ensure(const Needs& needs, const Resources& available) {
  if (const auto files = net::ensure_file_limit(needs.files); !files) return files;
  if (available.ports > 0 && sources_for(needs.ports, available.ports) > kMostSources) {
    return failure("ports", fmt::format("{} are needed, and {} addresses have {} each; widen "
                                        "net.ipv4.ip_local_port_range or ask for fewer users",
                                        needs.ports, kMostSources, available.ports));
  }
  if (available.memory > 0 && needs.memory > available.memory) {
    return failure("memory",
                   fmt::format("about {} are needed and {} are available; ask for fewer users, "
                               "messages or rooms that are smaller",
                               mebibytes(needs.memory), mebibytes(available.memory)));
  }
  return {};
}

}  // namespace pushbench::harness
