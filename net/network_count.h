#pragma once

#include <cstddef>
#include <cstdint>

#include "net/address.h"
#include "net/traffic.h"

namespace pushbench::net {

/// Counts one connection's segments and headers into a Traffic, as the kernel tells of them. SYN
/// has its options, each further segment its timestamps if there are any; the blocks of selective
/// ACKs, which only losses cause, are left out.
class NetworkCount {
 public:
  explicit NetworkCount(const Address& peer);

  /// Adds what has come since the last call.
  void sample(int socket, Traffic& traffic);
  /// Likewise, right before the socket is closed, with the segments that are still to come. With
  /// unread bytes that is a reset, to which nobody answers. Else they are those of a peer that ends
  /// its side, too, and has nothing to send any more: its FIN takes the ACK of ours along.
  void finish(int socket, bool unread, Traffic& traffic);

  std::size_t slot = 0;  // in its loop's list

 private:
  struct Totals {
    std::uint64_t segments_out = 0;
    std::uint64_t segments_in = 0;
    std::uint64_t header_bytes_out = 0;
    std::uint64_t header_bytes_in = 0;
    std::uint64_t retransmitted = 0;
  };
  void add_up_to(const Totals& totals, Traffic& traffic);

  std::uint64_t ip_header_;
  Totals counted_;
};

}  // namespace pushbench::net
