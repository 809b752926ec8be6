#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "clients/client.h"
#include "clients/registry.h"
#include "harness/wire_stretch.h"
#include "net/clock.h"
#include "net/link.h"

namespace pushbench::harness {

/// How a schedule's load is put on a server.
struct LoadPlan {
  std::vector<std::string> transports;  // user u is on the (u modulo size)-th; a run has one
  clients::ClientOptions clients{};
  net::Duration join_time{};
  net::Duration warmup{};
  net::Duration drain{};
  clients::RequestHeaders headers{};  // as read from the file: minimal, unless it is set
  /// By Schedule::user_groups; a user whose group is not in here has the machine's own network.
  std::vector<net::LinkProfile> links{};
  /// Users connect from so many addresses, 127.0.1.1 and on, to a server on 127.0.0.0/8; each has
  /// ports of its own. 0: all from the one that the kernel chooses.
  std::size_t sources = 0;
  std::size_t threads = 1;   // that share the users; there are no more than users
  bool closed_loop = false;  // for tests: a user publishes only once it has its message before, and
                             // latency counts from then; of one thread
  std::optional<WireStretch> watched{};       // of which Load::wire_view() is
  std::string dialect{clients::kOwnDialect};  // of the server
  std::string room_prefix =
      "room-";  // of rooms' names: on a server that had others before, its own

  /// Whether messages come with their place in the room, as the contract of our own server says;
  /// else a message is known by its publisher and id, and only each publisher's have an order.
  bool has_seqs() const { return dialect == clients::kOwnDialect; }
  /// After its due time a message may take this long.
  net::Duration patience() const { return clients.interval + drain; }
  /// What the slowest link may add to a user's joining: TCP's, TLS's and the subscription's round
  /// trips, and one to spare.
  net::Duration longest_set_up() const;
};

}  // namespace pushbench::harness
